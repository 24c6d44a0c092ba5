import type { HttpServer } from '@nestjs/common';
import { PATH_METADATA } from '@nestjs/common/internal';
import { PathTextRoute } from './path-text.js';
import { prepareRoutes } from './prepare-routes.js';

type Parser = (request: object, payload: unknown, done: (error: unknown, body?: unknown) => void) => void;

function setUp(type: 'express' | 'fastify', known: string[] = []) {
  class Routes {
    @PathTextRoute({ method: 'GET', path: 'get', name: 'key' })
    any() {}
    plain() {}
  }
  const parsers: Record<string, Parser> = {};
  const fastify = {
    hasContentTypeParser: (name: string) => known.includes(name),
    addContentTypeParser: (name: string, parser: Parser) => (parsers[name] = parser),
  };
  const adapter = { getType: () => type, getInstance: () => fastify } as unknown as HttpServer;
  prepareRoutes(adapter, { path: 'ops/cache', classes: [Routes] });
  return { Routes, parsers };
}

describe('prepareRoutes', () => {
  it.each([
    ['express', 'get/*key', 0],
    ['fastify', 'get/*', 1],
  ] as const)('gives %s its spelling of wildcards, and what it lacks of parsers', (type, path, parserCount) => {
    const { Routes, parsers } = setUp(type);
    expect(Reflect.getMetadata(PATH_METADATA, Routes.prototype.any)).toBe(path);
    expect(Reflect.getMetadata(PATH_METADATA, Routes.prototype.plain)).toBeUndefined();
    expect(Object.keys(parsers)).toHaveLength(parserCount);
  });

  it('leaves NDJSON unread for the import and refuses it everywhere else', () => {
    const parser = setUp('fastify').parsers['application/x-ndjson'];
    const answers: unknown[] = [];
    for (const url of ['/api/ops/cache/import', '/other/import', undefined]) {
      parser({ routeOptions: { url } }, 'stream', (error, body) => answers.push(error ? (error as any).status : body));
    }
    expect(answers).toEqual(['stream', 415, 415]);
  });

  it(`leaves the app's own parser in its place`, () => {
    expect(setUp('fastify', ['application/x-ndjson']).parsers).toEqual({});
  });
});
