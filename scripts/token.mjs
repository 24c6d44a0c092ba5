/**
 * Prints a token for the REST API, signed with JWT_SECRET.
 *
 *   JWT_SECRET=... npm run --silent token -- [scope ...] [--expires-in 1h] [--subject name]
 *
 * Without a scope it grants `cache:read` only.
 */
import { parseArgs } from 'node:util';
import jwt from 'jsonwebtoken';

const SCOPES = ['cache:read', 'cache:write', 'cache:admin'];
const MIN_SECRET_BYTES = 32;

function fail(message) {
  console.error(message);
  process.exit(1);
}

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { 'expires-in': { type: 'string', default: '1h' }, subject: { type: 'string', default: 'cli' } },
});
const secret = process.env.JWT_SECRET?.trim() ?? '';
if (Buffer.byteLength(secret) < MIN_SECRET_BYTES) fail(`JWT_SECRET: expected ${MIN_SECRET_BYTES} bytes or more`);
const unknown = positionals.find((scope) => !SCOPES.includes(scope));
if (unknown !== undefined) fail(`scope: expected ${SCOPES.join(', ')}, received "${unknown}"`);
const lifetime = values['expires-in'];
if (!/^[1-9]\d*[smhd]$/.test(lifetime))
  fail(`--expires-in: expected a lifetime such as 15m or 1h, received "${lifetime}"`);

const scope = (positionals.length > 0 ? positionals : SCOPES.slice(0, 1)).join(' ');
console.log(jwt.sign({ sub: values.subject, scope }, secret, { algorithm: 'HS256', expiresIn: lifetime }));
