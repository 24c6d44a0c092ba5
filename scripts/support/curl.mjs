import { spawn, spawnSync } from 'node:child_process';
import { STATUS_CODES } from 'node:http';

const hasCurl = spawnSync('curl', ['--version']).status === 0;

/**
 * @typedef {{ method: string, url: string, headers?: Record<string, string>, body?: string }} Request
 * @typedef {{ status: number, headers: Record<string, string>, body: string }} Response
 */

/** Sends a request with the curl of this machine, or with Node's fetch where there is none. */
export function send(/** @type {Request} */ request) {
  return hasCurl ? sendWithCurl(request) : sendWithFetch(request);
}

/** The request as one would type it. */
export function asCommand(/** @type {Request} */ { method, url, headers = {}, body }, shownBody = body) {
  const parts = ['curl'];
  if (method !== 'GET') parts.push(`-X ${method}`);
  // Double quotes, so that the shell puts the tokens in.
  for (const [name, value] of Object.entries(headers)) parts.push(`-H "${name}: ${value}"`);
  if (shownBody !== undefined) parts.push(`-d '${shownBody.replaceAll("'", `'\\''`)}'`);
  return [...parts, `'${url}'`].join(' ');
}

async function sendWithCurl({ method, url, headers = {}, body }) {
  const flags = ['-sS', '-i', '--path-as-is', '-X', method, '-H', 'Expect:'];
  for (const [name, value] of Object.entries(headers)) flags.push('-H', `${name}: ${value}`);
  // Through standard input: a body may be larger than a command line may be.
  if (body !== undefined) flags.push('--data-binary', '@-');
  const child = spawn('curl', [...flags, url], { stdio: ['pipe', 'pipe', 'inherit'] });
  child.stdin.on('error', () => child.stdin.destroy());
  child.stdin.end(body ?? '');
  let output = '';
  for await (const chunk of child.stdout.setEncoding('utf8')) output += chunk;
  return parse(output, `${method} ${url}`);
}

function parse(output, request) {
  const end = output.indexOf('\r\n\r\n');
  const [statusLine, ...lines] = output.slice(0, end).split('\r\n');
  const status = Number(/^HTTP\/\S+ (\d{3})/.exec(statusLine)?.[1]);
  if (!status) throw new Error(`no answer to ${request}`);
  const headers = lines.map((line) => [
    line.slice(0, line.indexOf(':')).toLowerCase(),
    line.slice(line.indexOf(':') + 1).trim(),
  ]);
  return { status, headers: Object.fromEntries(headers), body: output.slice(end + 4) };
}

async function sendWithFetch({ method, url, headers, body }) {
  const response = await fetch(url, { method, headers, body });
  return { status: response.status, headers: Object.fromEntries(response.headers), body: await response.text() };
}

export function statusLine(status) {
  return `HTTP/1.1 ${status} ${STATUS_CODES[status]}`;
}
