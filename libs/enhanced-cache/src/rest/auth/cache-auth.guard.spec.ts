import { type ExecutionContext, ForbiddenException, UnauthorizedException } from '@nestjs/common';
import { type HttpAdapterHost, Reflector } from '@nestjs/core';
import { CacheAuthGuard } from './cache-auth.guard.js';
import type { JwtAuthenticator } from './jwt-authenticator.js';
import { RequireScope } from './require-scope.decorator.js';

class Routes {
  @RequireScope('cache:write')
  write() {}
  @RequireScope(({ query }) => (query?.values === 'true' ? 'cache:admin' : 'cache:read'))
  export() {}
  forgotten() {}
}

function ask(handler: () => void, authenticator: (() => Promise<string[]>) | null, query = {}) {
  const headers: Record<string, string> = {};
  const host = { httpAdapter: { setHeader: (_: unknown, name: string, value: string) => (headers[name] = value) } };
  const guard = new CacheAuthGuard(
    authenticator &&
      ({
        authenticate: async () => ({ subject: 'ops', scopes: await authenticator() }),
      } as unknown as JwtAuthenticator),
    new Reflector(),
    host as unknown as HttpAdapterHost,
  );
  const context = {
    getHandler: () => handler,
    switchToHttp: () => ({ getRequest: () => ({ query }), getResponse: () => ({}) }),
  } as unknown as ExecutionContext;
  return { headers, answer: guard.canActivate(context) };
}

describe('CacheAuthGuard', () => {
  const { write, export: exportRoute, forgotten } = Routes.prototype;

  it('opens to a scope that is wide enough', async () => {
    const { answer, headers } = ask(write, async () => ['cache:admin']);
    await expect(answer).resolves.toBe(true);
    expect(headers).toEqual({ 'Cache-Control': 'no-store' });
  });

  it('names the scope that is missing', async () => {
    const { answer, headers } = ask(write, async () => ['cache:read']);
    await expect(answer).rejects.toEqual(new ForbiddenException('the token does not have the scope cache:write'));
    expect(headers).toEqual({
      'Cache-Control': 'no-store',
      'WWW-Authenticate': 'Bearer error="insufficient_scope", scope="cache:write"',
    });
  });

  it('asks for a token where there is none', async () => {
    const refusal = new UnauthorizedException('no');
    const { answer, headers } = ask(write, () => Promise.reject(refusal));
    await expect(answer).rejects.toBe(refusal);
    expect(headers).toEqual({ 'Cache-Control': 'no-store', 'WWW-Authenticate': 'Bearer' });
  });

  it('lets the request decide where the route says so', async () => {
    await expect(ask(exportRoute, async () => ['cache:read']).answer).resolves.toBe(true);
    await expect(ask(exportRoute, async () => ['cache:read'], { values: 'true' }).answer).rejects.toThrow(
      /cache:admin/,
    );
  });

  it('is closed to everybody where a route names no scope', async () => {
    await expect(ask(forgotten, async () => ['cache:admin']).answer).rejects.toThrow(ForbiddenException);
  });

  it('is open where auth is off', async () => {
    await expect(ask(write, null).answer).resolves.toBe(true);
  });
});
