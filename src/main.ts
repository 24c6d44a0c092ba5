import { InvalidOptionsError } from 'nestjs-enhanced-cache';
import { loadConfig } from './app.config.js';
import { startBanner } from './banner.js';
import { ConfigurationError } from './config/env-reader.js';
import { startServer } from './start-server.js';

async function main(): Promise<void> {
  const config = loadConfig(process.env);
  for (const warning of config.warnings) console.warn(`warning: ${warning}`);
  const app = await startServer(config);
  app.enableShutdownHooks(['SIGTERM', 'SIGINT'], { useProcessExit: true });
  console.log(startBanner(config, reachableUrl(await app.getUrl())));
}

/** An address that means "all of them" cannot be opened in every browser. */
function reachableUrl(url: string): string {
  return url.replace(/\/\/(0\.0\.0\.0|\[::1?\]|127\.0\.0\.1)/, '//localhost');
}

/** What an operator can put right takes one sentence; anything else shows where it came from. */
main().catch((error: unknown) => {
  const isSetting = error instanceof ConfigurationError || error instanceof InvalidOptionsError;
  console.error(isSetting ? `The server does not start. ${error.message}` : error);
  process.exit(1);
});
