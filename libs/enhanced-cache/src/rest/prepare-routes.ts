import { type HttpServer, UnsupportedMediaTypeException } from '@nestjs/common';
import type { CacheControllers } from './controllers/create-cache-controllers.js';
import { NDJSON } from './import-body.js';
import { declarePathText, PATH_TEXT_ROUTE, type PathTextRoute } from './path-text.js';

interface FastifyRequest {
  readonly routeOptions: { readonly url?: string };
}
type BodyParser = (
  request: FastifyRequest,
  payload: unknown,
  done: (error: Error | null, body?: unknown) => void,
) => void;

/** What is used of a Fastify instance. */
interface FastifyInstance {
  hasContentTypeParser(contentType: string): boolean;
  addContentTypeParser(contentType: string, parser: BodyParser): void;
}

/**
 * Settles, before the routes of the controllers are registered, what Express and Fastify do differently: the spelling of a
 * wildcard, and that Fastify answers a body of a type it has no parser for with 415 where Express leaves it unread.
 */
export function prepareRoutes(adapter: HttpServer, { path, classes }: CacheControllers): void {
  const isFastify = adapter.getType() === 'fastify';
  for (const { prototype } of classes as { prototype: Record<string, object> }[]) {
    for (const handler of Object.getOwnPropertyNames(prototype)) {
      const route = Reflect.getMetadata(PATH_TEXT_ROUTE, prototype[handler]) as PathTextRoute | undefined;
      if (route) declarePathText(prototype, handler, route, isFastify);
    }
  }
  if (isFastify) leaveNdjsonUnread(adapter.getInstance() as FastifyInstance, `${path}/import`);
}

/** Only for the one route: any other goes on to refuse NDJSON. An app's own parser is left in its place. */
function leaveNdjsonUnread(fastify: FastifyInstance, route: string): void {
  if (fastify.hasContentTypeParser(NDJSON)) return;
  fastify.addContentTypeParser(NDJSON, ({ routeOptions }, payload, done) => {
    if (routeOptions.url?.endsWith(route)) done(null, payload);
    else done(new UnsupportedMediaTypeException());
  });
}
