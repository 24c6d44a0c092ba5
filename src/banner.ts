import type { AppConfig } from './app.config.js';
import { makeDemoToken } from './demo-token.js';

/** What one wants to know right after the start, each line ready to be opened or pasted. */
export function startBanner(config: AppConfig, url: string): string {
  const api = `${url}/api/v1/enhanced-cache`;
  const lines = [
    `Enhanced Cache listens on ${url}`,
    '',
    `  API      ${api}`,
    `  Docs     ${url}/docs (document: ${url}/docs-json)`,
    `  Health   ${url}/health`,
    `  Demo     ${url}/cities/2761369/nearby?radius=100 (ask twice and see X-Cache)`,
    '',
    ...tokenLines(config, api),
  ];
  return `\n${lines.join('\n')}\n`;
}

/** A token is printed only for a secret that nobody else can know: the log of a real server is no place for one. */
function tokenLines({ auth }: AppConfig, api: string): string[] {
  if (!('secret' in auth)) return ['  Tokens   signed by the owner of the private key to JWT_PUBLIC_KEY'];
  if (!auth.generated) return ['  Tokens   npm run token, with the same JWT_SECRET'];
  return [
    'No JWT_SECRET is set, so this start has its own secret and this token, with all scopes:',
    '',
    `  curl -H 'Authorization: Bearer ${makeDemoToken(auth.secret)}' ${api}/stats`,
  ];
}
