import { Inject, NotFoundException, Req, type Type } from '@nestjs/common';
import { ApiBody, ApiExcludeEndpoint, ApiParam } from '@nestjs/swagger';
import { describe } from '../../engine/errors.js';
import { EnhancedCacheService } from '../../nest/enhanced-cache.service.js';
import { RequireScope } from '../auth/require-scope.decorator.js';
import { DeleteByTagsDto, DeleteByTagsQuery, readDeleteByTags } from '../dto/delete-by-tags.dto.js';
import { EntryDto } from '../dto/entry.dto.js';
import { KeyQuery, ListEntriesQuery, toListOptions } from '../dto/query.dto.js';
import { WireBody, WireQuery } from '../dto/wire-input.js';
import { CacheController, type cacheRoutes } from '../openapi/cache-route.decorator.js';
import { BY_TAG, DELETED, DELETED_BY_TAGS, ENTRY_PAGE, FOUND, STORED } from '../openapi/entry-schemas.js';
import { PathText, PathTextRoute } from '../path-text.js';
import { PortableValues } from '../portable-values.js';
import { entryToWire, foundEntryToWire, propagation, storedEntryToWire } from '../wire.js';

type WireObject = Record<string, unknown>;

const KEY_ERROR = 'key: expected at most 1024 characters, has 1300, received "..."';
const MISS = 'nothing is cached under "user:42"';
const ENCODED = 'Percent-encoded, `/` included. Keys that URLs cannot carry (`.` and `..`) go into `?key=`.';
const GET_KEY = { scope: 'cache:read', answer: FOUND, errors: { 400: KEY_ERROR, 404: MISS } } as const;
const DELETE_KEY = { scope: 'cache:write', answer: DELETED, errors: { 400: KEY_ERROR } } as const;

/** Single entries and lists of them. */
export function createEntriesController(path: string, route: ReturnType<typeof cacheRoutes>): Type {
  @CacheController(path)
  class EnhancedCacheEntriesController {
    constructor(
      @Inject(EnhancedCacheService) private readonly cache: EnhancedCacheService,
      @Inject(PortableValues) private readonly values: PortableValues,
    ) {}

    @route({
      method: 'POST',
      path: 'set',
      scope: 'cache:write',
      operation: 'setCacheEntry',
      summary: 'Store a value',
      answer: STORED,
      errors: {
        400: ['ttl: expected seconds > 0, or a duration such as 5m, or null for never, received -1'],
        413: 'entry "user:42" takes 20000000 bytes, the limit for one entry is 10485760',
        503: 'the cache is closed',
      },
    })
    @ApiBody({ type: EntryDto })
    async set(@WireBody(EntryDto) { key, value, ...options }: Readonly<EntryDto>): Promise<WireObject> {
      await this.cache.set(key, value, options);
      return storedEntryToWire(key, await this.cache.getEntry(key));
    }

    @route({
      ...GET_KEY,
      method: 'GET',
      path: 'get/:key',
      operation: 'getCacheEntry',
      summary: 'Read a value; counts as a hit or a miss',
    })
    @ApiParam({ name: 'key', type: String, description: ENCODED, example: 'user:42' })
    async get(@PathText('key') key: string): Promise<WireObject> {
      const value = await this.cache.get(key);
      const entry = value === undefined ? undefined : await this.cache.getEntry(key);
      if (!entry) throw new NotFoundException(`nothing is cached under ${describe(key)}`);
      return foundEntryToWire(entry, this.values.toWire(entry.value));
    }

    @PathTextRoute({ method: 'GET', path: 'get', name: 'key' })
    @RequireScope('cache:read')
    @ApiExcludeEndpoint()
    getAnyKey(@PathText('key') key: string): Promise<WireObject> {
      return this.get(key);
    }

    @route({
      ...GET_KEY,
      method: 'GET',
      path: 'get',
      operation: 'getCacheEntryByQuery',
      summary: 'Read a value whose key no path can carry',
      query: KeyQuery,
    })
    getByQuery(@WireQuery(KeyQuery) { key }: Readonly<KeyQuery>): Promise<WireObject> {
      return this.get(key);
    }

    @route({
      ...DELETE_KEY,
      method: 'DELETE',
      path: 'delete/:key',
      operation: 'deleteCacheEntry',
      summary: 'Remove an entry',
    })
    @ApiParam({ name: 'key', type: String, description: ENCODED, example: 'user:42' })
    async delete(@PathText('key') key: string): Promise<WireObject> {
      const { result, propagated } = await this.cache.deleteAnnounced(key);
      return { key, deleted: result, ...propagation(propagated) };
    }

    @PathTextRoute({ method: 'DELETE', path: 'delete', name: 'key' })
    @RequireScope('cache:write')
    @ApiExcludeEndpoint()
    deleteAnyKey(@PathText('key') key: string): Promise<WireObject> {
      return this.delete(key);
    }

    @route({
      ...DELETE_KEY,
      method: 'DELETE',
      path: 'delete',
      operation: 'deleteCacheEntryByQuery',
      summary: 'Remove an entry whose key no path can carry',
      query: KeyQuery,
    })
    deleteByQuery(@WireQuery(KeyQuery) { key }: Readonly<KeyQuery>): Promise<WireObject> {
      return this.delete(key);
    }

    @route({
      method: 'DELETE',
      path: 'delete-by-tags',
      scope: 'cache:write',
      operation: 'deleteCacheEntriesByTags',
      summary: 'Remove the entries that carry tags',
      description: 'Tags in the body, or in the query where a client cannot send a body.',
      answer: DELETED_BY_TAGS,
      query: DeleteByTagsQuery,
      errors: { 400: ['tags: expected an array of strings, received undefined'] },
    })
    @ApiBody({ type: DeleteByTagsDto, required: false })
    async deleteByTags(@Req() request: { body?: unknown; query?: unknown }): Promise<WireObject> {
      const { tags, match } = readDeleteByTags(request);
      const { result, propagated } = await this.cache.deleteByTagsAnnounced(tags, { match });
      return { tags, deleted_count: result, ...propagation(propagated) };
    }

    @route({
      method: 'GET',
      path: 'entries/by-tag/:tag',
      scope: 'cache:read',
      operation: 'listCacheEntriesByTag',
      summary: 'Entries that carry a tag, newest first',
      answer: BY_TAG,
      errors: { 400: 'tags[0]: expected a string of 1 to 256 characters, received ""' },
    })
    @ApiParam({ name: 'tag', type: String, description: 'Percent-encoded, `/` included.', example: 'users' })
    async byTag(@PathText('tag') tag: string): Promise<WireObject> {
      const entries = await this.cache.getEntriesByTag(tag);
      return { tag, count: entries.length, entries: entries.map(entryToWire) };
    }

    @PathTextRoute({ method: 'GET', path: 'entries/by-tag', name: 'tag' })
    @RequireScope('cache:read')
    @ApiExcludeEndpoint()
    byAnyTag(@PathText('tag') tag: string): Promise<WireObject> {
      return this.byTag(tag);
    }

    @route({
      method: 'GET',
      path: 'entries',
      scope: 'cache:read',
      operation: 'listCacheEntries',
      summary: 'Entries page by page',
      answer: ENTRY_PAGE,
      query: ListEntriesQuery,
      errors: { 400: ['limit: expected an integer from 1 to 1000, received "0"'] },
    })
    async list(@WireQuery(ListEntriesQuery) query: Readonly<ListEntriesQuery>): Promise<WireObject> {
      const { entries, nextCursor } = await this.cache.listEntries(toListOptions(query));
      return { entries: entries.map(entryToWire), next_cursor: nextCursor };
    }
  }
  return EnhancedCacheEntriesController;
}
