import { Controller, Get, Param, RequestMethod } from '@nestjs/common';
import { METHOD_METADATA, PATH_METADATA } from '@nestjs/common/internal';
import { declarePathText, pathText } from './path-text.js';

describe('pathText', () => {
  it.each<[Record<string, string | string[]>, string]>([
    [{ key: 'a/b' }, 'a/b'],
    [{ key: ['a', 'b'] }, 'a/b'],
    [{ key: ['', 'a', ''] }, '/a/'],
    [{ '*': 'a/b' }, 'a/b'],
    [{ '*': '' }, ''],
    [{}, ''],
  ])('reads %j', (params, text) => {
    expect(pathText({ params }, 'key')).toBe(text);
  });
});

describe('declarePathText', () => {
  const route = { method: 'DELETE', path: 'delete', name: 'key' } as const;

  it.each([
    [true, 'delete/*'],
    [false, 'delete/*key'],
  ])('spells the wildcard as the router does (Fastify: %s)', (isFastify, path) => {
    @Controller()
    class Routes {
      handler() {}
      @Get('other')
      other(@Param('id') _id: string) {}
    }
    declarePathText(Routes.prototype, 'handler', route, isFastify);
    expect(Reflect.getMetadata(PATH_METADATA, Routes.prototype.handler)).toBe(path);
    expect(Reflect.getMetadata(METHOD_METADATA, Routes.prototype.handler)).toBe(RequestMethod.DELETE);
    expect(Reflect.getMetadata(PATH_METADATA, Routes.prototype.other)).toBe('other');
  });
});
