import { Get } from '@nestjs/common';
import * as nest from '@nestjs/common/internal';
import { isHandler, NestMetadata, RouteArgument } from './nest-metadata.js';

describe('metadata keys', () => {
  it('are those of the installed Nest', () => {
    const { HTTP_METHOD, HTTP_PATH, HTTP_HOST, SSE, REDIRECT, RENDER, ROUTE_ARGS, INTERCEPTORS, GUARDS, HEADERS } =
      NestMetadata;
    expect({
      HTTP_METHOD,
      HTTP_PATH,
      HTTP_HOST,
      SSE,
      REDIRECT,
      RENDER,
      ROUTE_ARGS,
      INTERCEPTORS,
      GUARDS,
      HEADERS,
    }).toEqual({
      HTTP_METHOD: nest.METHOD_METADATA,
      HTTP_PATH: nest.PATH_METADATA,
      HTTP_HOST: nest.HOST_METADATA,
      SSE: nest.SSE_METADATA,
      REDIRECT: nest.REDIRECT_METADATA,
      RENDER: nest.RENDER_METADATA,
      ROUTE_ARGS: nest.ROUTE_ARGS_METADATA,
      INTERCEPTORS: nest.INTERCEPTORS_METADATA,
      GUARDS: nest.GUARDS_METADATA,
      HEADERS: nest.HEADERS_METADATA,
    });
    expect(NestMetadata.CUSTOM_ROUTE_ARGS).toBe(nest.CUSTOM_ROUTE_ARGS_METADATA);
    expect(NestMetadata.RESPONSE_PASSTHROUGH).toBe(nest.RESPONSE_PASSTHROUGH_METADATA);
  });

  it('number the sources of arguments as Nest does', () => {
    for (const [name, kind] of Object.entries(RouteArgument)) {
      expect([name, kind]).toEqual([name, nest.RouteParamtypes[name as keyof typeof nest.RouteParamtypes]]);
    }
  });
});

describe('isHandler', () => {
  it('tells handlers from other methods', () => {
    class Controller {
      @Get()
      find() {
        return 1;
      }
      helper() {
        return 1;
      }
    }
    const resolver = (): number => 1;
    Reflect.defineMetadata(NestMetadata.GRAPHQL_TYPE, 'Query', resolver);
    expect([Controller.prototype.find, resolver, Controller.prototype.helper].map(isHandler)).toEqual([
      true,
      true,
      false,
    ]);
  });
});
