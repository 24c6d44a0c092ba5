import { RequestMethod } from '@nestjs/common';
import { METHOD_METADATA, PATH_METADATA } from '@nestjs/common/internal';
import { ModulesContainer } from '@nestjs/core';
import { type CacheScope, EnhancedCacheModule } from 'nestjs-enhanced-cache';
import { now, unsigned } from './support/forged-tokens.js';
import { PLATFORMS } from './support/platforms.js';
import { API, type RestApp, startRestApp, token } from './support/rest-api.js';

/** What each route asks for. A route that is not in here fails the test, so that none is forgotten. */
const SCOPES: Readonly<Record<string, CacheScope>> = {
  'GET stats': 'cache:read',
  'GET analytics': 'cache:read',
  'GET memory': 'cache:read',
  'GET health': 'cache:read',
  'POST set': 'cache:write',
  'GET get/:key': 'cache:read',
  'GET get/*': 'cache:read',
  'GET get': 'cache:read',
  'DELETE delete/:key': 'cache:write',
  'DELETE delete/*': 'cache:write',
  'DELETE delete': 'cache:write',
  'DELETE delete-by-tags': 'cache:write',
  'POST clear': 'cache:admin',
  'POST benchmark': 'cache:admin',
  'POST warm-up': 'cache:write',
  'GET export': 'cache:read',
  'POST import': 'cache:admin',
  'POST configure': 'cache:admin',
  'GET entries/by-tag/:tag': 'cache:read',
  'GET entries/by-tag/*': 'cache:read',
  'GET entries': 'cache:read',
};
const WIDTH: Readonly<Record<string, number>> = { 'cache:read': 1, 'cache:write': 2, 'cache:admin': 3 };

/** The routes that Nest registered for the cache: method and path below the controller's own. */
function routesOf(rest: RestApp): string[] {
  const modules = [...rest.app.get(ModulesContainer).values()].filter(
    ({ metatype }) => metatype === EnhancedCacheModule,
  );
  const prototypes = modules.flatMap((module) =>
    [...module.controllers.values()].map(({ metatype }) => metatype!.prototype),
  );
  return prototypes.flatMap((prototype) =>
    Object.getOwnPropertyNames(prototype)
      .map((name) => prototype[name])
      .filter((handler) => Reflect.hasMetadata(METHOD_METADATA, handler))
      .map((handler) => {
        const path: string = Reflect.getMetadata(PATH_METADATA, handler);
        return `${RequestMethod[Reflect.getMetadata(METHOD_METADATA, handler)]} ${path.replace(/\*\w+$/, '*')}`;
      }),
  );
}

/** Tokens that no route takes. */
const REFUSED: Readonly<Record<string, string | null>> = {
  'no token': null,
  garbage: 'garbage',
  'three words': 'a.b.c',
  'an expired token': token('cache:admin', { exp: now() - 10 }),
  'alg none': unsigned('none'),
  'alg nOnE': unsigned('nOnE'),
  HS512: token('cache:admin', {}, { algorithm: 'HS512' }),
  'another secret': token('cache:admin', {}, {}, 'some other secret, 32 bytes or more'),
};

describe.each(PLATFORMS)('authorisation of the REST API on %s', (platform) => {
  let rest: RestApp;

  beforeAll(async () => {
    rest = await startRestApp(platform);
  });
  afterAll(() => rest.close());

  it('knows the scope of every route', () => {
    expect(routesOf(rest).sort()).toEqual(Object.keys(SCOPES).sort());
  });

  describe.each(Object.entries(SCOPES))('%s (%s)', (route, scope) => {
    const [method, path] = route.split(' ');
    const url = `${API}/${path.replace(/:\w+$/, 'some').replace('*', 'some/thing')}`;
    const call = (bearer: string | null) =>
      rest.call(method, url, { token: bearer, ...(method === 'POST' && { body: {} }) });

    it.each(Object.entries(REFUSED))('answers 401 to %s', async (_name, bearer) => {
      const { status, body, headers } = await call(bearer);
      expect(status).toBe(401);
      expect(body).toEqual({ statusCode: 401, message: 'a valid bearer token is required', error: 'Unauthorized' });
      expect(headers['www-authenticate']).toBe('Bearer');
    });

    it.each(Object.keys(WIDTH))('opens to a token with %s exactly if that is as wide', async (held) => {
      const { status, body } = await call(token(held));
      if (WIDTH[held] >= WIDTH[scope]) {
        expect([200, 400, 404, 409]).toContain(status);
      } else {
        expect(status).toBe(403);
        expect(body).toEqual({
          statusCode: 403,
          message: `the token does not have the scope ${scope}`,
          error: 'Forbidden',
        });
      }
    });

    it('answers 403 to a token whose scopes are of something else', async () => {
      expect((await call(token('cache:export openid'))).status).toBe(403);
      expect((await call(token('', {}))).status).toBe(403);
    });
  });

  it('guards HEAD as it guards GET', async () => {
    expect((await rest.call('HEAD', `${API}/stats`, { token: null })).status).toBe(401);
    expect((await rest.call('HEAD', `${API}/stats`)).status).toBe(200);
  });

  it.each([
    ['values=true', 403],
    ['values=false', 200],
    ['values=yes', 403],
    ['values=true&values=false', 403],
    ['values=false&values=true', 403],
    ['values[]=true', 400],
  ])('answers /export?%s with %i where the token may only read', async (query, expected) => {
    const read = await rest.call('GET', `${API}/export?${query}`, { token: token('cache:read') });
    expect(read.status).toBe(expected);
    expect(read.text).not.toContain('"value"');
  });

  it('opens /export?values=true to cache:admin', async () => {
    expect((await rest.call('GET', `${API}/export?values=true`)).status).toBe(200);
  });

  it('judges the token before the input', async () => {
    expect((await rest.call('POST', `${API}/set`, { token: null, body: { wrong: 1 } })).status).toBe(401);
    expect((await rest.call('POST', `${API}/set`, { token: token('cache:read'), body: { wrong: 1 } })).status).toBe(
      403,
    );
  });
});
