import { createParamDecorator, Delete, type ExecutionContext, Get, SetMetadata } from '@nestjs/common';

/** A route whose last part is any text, a cache key say. */
export interface PathTextRoute {
  readonly method: 'GET' | 'DELETE';
  /** The route up to the text: `get`. */
  readonly path: string;
  readonly name: string;
}

export const PATH_TEXT_ROUTE = Symbol.for('nestjs-enhanced-cache:path-text-route');

const METHODS = { GET: Get, DELETE: Delete };

/**
 * Declares the route with `{name}` for all that a router's parameter does not match: text with a slash that was not
 * encoded, and on Fastify text of more than `maxParamLength` (100) characters. The decorator of a second handler beside
 * the one with `:name`; which spelling of a wildcard the router knows is settled by {@link declarePathText}.
 */
export const PathTextRoute = (route: PathTextRoute): MethodDecorator => SetMetadata(PATH_TEXT_ROUTE, route);

/** Gives `handler` of `prototype` its route in the spelling of the router: find-my-way's `*` or a named wildcard. */
export function declarePathText(prototype: object, handler: string, route: PathTextRoute, isFastify: boolean): void {
  const wildcard = isFastify ? '*' : `*${route.name}`;
  const descriptor = Object.getOwnPropertyDescriptor(prototype, handler) as PropertyDescriptor;
  METHODS[route.method](`${route.path}/${wildcard}`)(prototype, handler, descriptor);
}

interface PathRequest {
  readonly params: Readonly<Record<string, string | readonly string[] | undefined>>;
}

/** The text of the path, percent-decoded once by the router; a malformed one was refused there with 400. */
export function pathText({ params }: PathRequest, name: string): string {
  const found = params[name] ?? params['*'] ?? '';
  // Express hands on the segments of a wildcard one by one.
  return typeof found === 'string' ? found : found.join('/');
}

export const PathText = createParamDecorator((name: string, context: ExecutionContext) =>
  pathText(context.switchToHttp().getRequest<PathRequest>(), name),
);
