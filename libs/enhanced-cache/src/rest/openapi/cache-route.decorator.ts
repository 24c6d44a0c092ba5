import {
  applyDecorators,
  Controller,
  Delete,
  Get,
  HttpCode,
  Post,
  type Type,
  UseGuards,
  UseInterceptors,
  VERSION_NEUTRAL,
} from '@nestjs/common';
import { ApiBearerAuth, ApiExtraModels, ApiOperation, ApiQuery, ApiResponse, ApiTags } from '@nestjs/swagger';
import { NoCache } from '../../nest/decorators/no-cache.decorator.js';
import { CacheAuthGuard } from '../auth/cache-auth.guard.js';
import { RequireScope, type ScopeRule } from '../auth/require-scope.decorator.js';
import { CacheErrorsInterceptor } from '../errors/cache-errors.interceptor.js';
import { type ErrorStatus, errorSchema, type Schema } from './schema.js';

export const API_TAG = 'Enhanced cache';
/** Name of the security scheme; the one that `DocumentBuilder.addBearerAuth()` declares by default. */
export const BEARER_SCHEME = 'bearer';

/** What one route is and says of itself. */
export interface CacheRouteDescription {
  readonly method: 'GET' | 'POST' | 'DELETE';
  readonly path: string;
  readonly scope: ScopeRule;
  /** Name of the operation in generated clients. */
  readonly operation: string;
  readonly summary: string;
  readonly description?: string;
  readonly answer: Schema;
  /** Media types of the answer besides JSON. */
  readonly alsoAs?: Readonly<Record<string, Schema>>;
  readonly query?: Type;
  /** Answers other than 200 that are not Nest's errors. */
  readonly otherAnswers?: Readonly<Record<number, { readonly description: string; readonly schema: Schema }>>;
  /** An example sentence for each error besides 401 and 403. */
  readonly errors?: Readonly<Partial<Record<ErrorStatus, string | readonly string[]>>>;
}

const METHODS = { GET: Get, POST: Post, DELETE: Delete };

/** The class of a controller below `path`, whatever versioning the app has. */
export function CacheController(path: string): ClassDecorator {
  return applyDecorators(
    Controller({ path, version: VERSION_NEUTRAL }),
    ApiTags(API_TAG),
    NoCache(),
    UseGuards(CacheAuthGuard),
    UseInterceptors(CacheErrorsInterceptor),
  );
}

/** Makes the decorator of routes; `isSecured`: whether their descriptions speak of tokens. */
export function cacheRoutes(isSecured: boolean): (route: CacheRouteDescription) => MethodDecorator {
  return (route) =>
    applyDecorators(
      METHODS[route.method](route.path),
      HttpCode(200),
      RequireScope(route.scope),
      ApiOperation({ operationId: route.operation, summary: route.summary, description: route.description }),
      ApiResponse({ status: 200, description: 'Done.', content: contentOf(route) }),
      ...(route.query ? [ApiExtraModels(route.query), ApiQuery({ type: route.query })] : []),
      ...Object.entries(route.otherAnswers ?? {}).map(([status, answer]) =>
        ApiResponse({ status: Number(status), ...answer }),
      ),
      ...Object.entries(route.errors ?? {}).map(([status, message]) =>
        errorResponse(Number(status) as ErrorStatus, message),
      ),
      ...(isSecured ? secured(route) : []),
    );
}

function contentOf({ answer, alsoAs = {} }: CacheRouteDescription): Record<string, { schema: Schema }> {
  const types = { 'application/json': answer, ...alsoAs };
  return Object.fromEntries(Object.entries(types).map(([type, schema]) => [type, { schema }]));
}

function secured({ scope }: CacheRouteDescription): MethodDecorator[] {
  const named = typeof scope === 'string' ? scope : 'cache:admin';
  return [
    ApiBearerAuth(BEARER_SCHEME),
    errorResponse(401, 'a valid bearer token is required'),
    errorResponse(403, `the token does not have the scope ${named}`),
  ];
}

function errorResponse(status: ErrorStatus, message: string | readonly string[]): MethodDecorator {
  return ApiResponse({ status, description: DESCRIPTIONS[status], schema: errorSchema(status, message) });
}

const DESCRIPTIONS: Readonly<Record<ErrorStatus, string>> = {
  400: 'The input cannot be taken; the message names the field. Nothing was changed.',
  401: 'No token, or not a valid one.',
  403: 'The token does not have the scope.',
  404: 'Nothing is cached there.',
  409: 'One is under way already.',
  413: 'The body or the value is larger than it may be.',
  415: 'The body is of a type that is not read here.',
  503: 'The cache is closed.',
};
