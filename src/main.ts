import { InvalidOptionsError } from 'nestjs-enhanced-cache';
import { type AppConfig, loadConfig } from './app.config.js';
import { startBanner } from './banner.js';
import { ConfigurationError } from './config/env-reader.js';
import { createApp } from './create-app.js';

async function start(): Promise<void> {
  const config = loadConfig(process.env);
  for (const warning of config.warnings) console.warn(`warning: ${warning}`);
  const app = await createApp(config);
  app.enableShutdownHooks(['SIGTERM', 'SIGINT'], { useProcessExit: true });
  await app.listen(config.port, config.host).catch(async (error: unknown) => {
    await app.close();
    throw explainListenFailure(error, config);
  });
  console.log(startBanner(config, reachableUrl(await app.getUrl())));
}

/** An address that means "all of them" cannot be opened in every browser. */
function reachableUrl(url: string): string {
  return url.replace(/\/\/(0\.0\.0\.0|\[::1?\]|127\.0\.0\.1)/, '//localhost');
}

function explainListenFailure(error: unknown, { port, host }: AppConfig): unknown {
  switch ((error as NodeJS.ErrnoException).code) {
    case 'EADDRINUSE':
      return new ConfigurationError('PORT', `${port} on ${host} is taken; give another one, or 0 for any that is free`);
    case 'EACCES':
      return new ConfigurationError('PORT', `this user may not listen on ${port}; give one from 1024 up`);
    case 'EADDRNOTAVAIL':
    case 'ENOTFOUND':
      return new ConfigurationError('HOST', `${host} is no address of this machine`);
    default:
      return error;
  }
}

/** What an operator can put right takes one sentence; anything else shows where it came from. */
start().catch((error: unknown) => {
  const isSetting = error instanceof ConfigurationError || error instanceof InvalidOptionsError;
  console.error(isSetting ? `The server does not start. ${error.message}` : error);
  process.exit(1);
});
