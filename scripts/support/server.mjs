import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

export const ENTRY = fileURLToPath(new URL('../../dist/main.js', import.meta.url));
const START_DEADLINE_MS = 30_000;
const STOP_DEADLINE_MS = 10_000;

/**
 * Starts the built server as a process of its own on a free loopback port.
 *
 * @param {Record<string, string>} settings environment variables of the server; it inherits none of ours but PATH.
 * @returns {Promise<{ url: string, stop: () => Promise<number> }>} `stop` ends it with SIGTERM and answers its exit code.
 */
export async function startServer(settings) {
  if (!existsSync(ENTRY)) throw new Error('the server is not built: npm run build');
  const child = spawn(process.execPath, [ENTRY], {
    env: { PATH: process.env.PATH, PORT: '0', HOST: '127.0.0.1', ...settings },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let output = '';
  const url = await new Promise((resolve, reject) => {
    const deadline = setTimeout(
      () => reject(new Error(`no answer within ${START_DEADLINE_MS} ms\n${output}`)),
      START_DEADLINE_MS,
    );
    const listen = (chunk) => {
      output += chunk;
      const address = /listens on http:\/\/\S+:(\d+)/.exec(output);
      if (!address) return;
      clearTimeout(deadline);
      resolve(`http://127.0.0.1:${address[1]}`);
    };
    child.stdout.on('data', listen);
    child.stderr.on('data', listen);
    child.once('error', reject);
    child.once('exit', (code) => reject(new Error(`the server ended with code ${code}\n${output}`)));
  }).catch((error) => {
    child.kill('SIGKILL');
    throw error;
  });
  return { url, stop: () => stop(child) };
}

async function stop(child) {
  if (child.exitCode !== null) return child.exitCode;
  const ended = once(child, 'exit');
  const deadline = setTimeout(() => child.kill('SIGKILL'), STOP_DEADLINE_MS);
  child.kill('SIGTERM');
  const [code] = await ended;
  clearTimeout(deadline);
  return code ?? -1;
}
