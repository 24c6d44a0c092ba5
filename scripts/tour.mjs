/**
 * Asks a running server everything that it answers and writes what it said to docs/tour.md: each route with success and
 * with each refusal. An answer with another status than the tour expects makes it fail.
 */
import { randomBytes } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import { setTimeout as delay } from 'node:timers/promises';
import jwt from 'jsonwebtoken';
import { send } from './support/curl.mjs';
import { startServer } from './support/server.mjs';
import { demoSteps } from './tour/demo-routes.mjs';
import { entryRoutes } from './tour/entry-routes.mjs';
import { operatorRoutes } from './tour/operator-routes.mjs';
import { transcript } from './tour/transcript.mjs';

const TARGET = new URL('../docs/tour.md', import.meta.url);
const SHOWN_ORIGIN = 'http://localhost:8000';
/** Enough for a request to be under way, far less than what it asks for takes. */
const HEAD_START_MS = 50;
const API = '/api/v1/enhanced-cache';
/** What one route needs is refused with the token of the scope before it; `nothing` is a token without any scope. */
const SCOPES = ['nothing', 'read', 'write', 'admin'];
const INTRODUCTION = `# A tour of the REST API

Written by \`npm run tour\`: every exchange below took place, with the server of this repository. Tokens are shown as shell
variables (\`$READ\`, \`$WRITE\`, \`$ADMIN\` with that scope, \`$NOTHING\` with none), times and what is measured anew by each
run are masked.
`;

const secret = randomBytes(32).toString('base64url');
const tokens = Object.fromEntries(
  SCOPES.map((scope) => [
    scope,
    jwt.sign({ sub: 'tour', scope: scope === 'nothing' ? '' : `cache:${scope}` }, secret, { expiresIn: '10m' }),
  ]),
);

const server = await startServer({ JWT_SECRET: secret, CACHE_MAX_VALUE_MB: '1' });
const tally = { passed: 0, failed: 0 };
const kept = {};
const pages = [INTRODUCTION];

/** Sends one step, judges its status and notes the exchange. */
async function take(step, { quiet = false } = {}) {
  const request = requestOf(step, server.url, (scope) => tokens[scope]);
  const alongside = step.during && take(step.during, { quiet: true });
  if (alongside) await delay(HEAD_START_MS);
  const response = await send(request);
  if (step.keep) kept[step.keep] = response.body;
  if (quiet) return;
  await alongside;
  const expected = step.expect ?? 200;
  const isAsExpected = response.status === expected;
  tally[isAsExpected ? 'passed' : 'failed'] += 1;
  if (!isAsExpected)
    console.error(
      `${request.method} ${step.path} (${step.title}): expected ${expected}, received ${response.status} ${response.body}`,
    );
  const shown = requestOf(step, SHOWN_ORIGIN, (scope) => `$${scope.toUpperCase()}`);
  pages.push(transcript(step.title, shown, step.shownBody ?? shown.body, response));
}

function requestOf({ method = 'GET', path, body, raw, headers = {}, as = 'none' }, origin, token) {
  const content = body === undefined ? (typeof raw === 'function' ? raw() : raw) : JSON.stringify(body);
  return {
    method,
    url: origin + path,
    headers: {
      ...(as === 'none' ? {} : { Authorization: `Bearer ${token(as)}` }),
      ...(content === undefined ? {} : { 'Content-Type': 'application/json' }),
      ...headers,
    },
    body: content,
  };
}

/** A step of a route of the API: its path, its method and a token that just suffices, where it says nothing else. */
function ofRoute(route, step) {
  const path = API + (step.path ?? route.path);
  const during = step.during && ofRoute(route, step.during);
  return { method: route.method, as: route.scope, ...step, path, ...(during && { during }) };
}

try {
  const earlier = { exported: () => kept.json, exportedLines: () => kept.ndjson };
  for (const route of [...entryRoutes, ...operatorRoutes(earlier)]) {
    pages.push(
      `## ${route.name}: \`${route.method} ${route.path.split('?')[0]}\`\n\nScope: \`cache:${route.scope}\`\n`,
    );
    for (const step of route.steps) await take(ofRoute(route, step));
    await take(ofRoute(route, { title: 'Without a token', as: 'none', expect: 401 }));
    const narrower = SCOPES[SCOPES.indexOf(route.scope) - 1];
    await take(ofRoute(route, { title: 'With a token of too narrow a scope', as: narrower, expect: 403 }));
  }
  pages.push('## The public part of the server\n');
  for (const step of demoSteps) await take(step);
} finally {
  const exitCode = await server.stop();
  tally[exitCode === 0 ? 'passed' : 'failed'] += 1;
  if (exitCode !== 0) console.error(`the server ended with code ${exitCode}`);
}

// A tour on which something went wrong is nothing to show.
if (tally.failed === 0) writeFileSync(TARGET, pages.join('\n'));
console.log(`${tally.passed} passed, ${tally.failed} failed`);
process.exitCode = tally.failed > 0 ? 1 : 0;
