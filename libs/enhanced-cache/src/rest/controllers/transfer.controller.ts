import type { Readable } from 'node:stream';
import { BadRequestException, Inject, Req, StreamableFile, type Type } from '@nestjs/common';
import { ApiBody, ApiExtraModels } from '@nestjs/swagger';
import { EnhancedCacheService } from '../../nest/enhanced-cache.service.js';
import type { ScopedRequest } from '../auth/require-scope.decorator.js';
import type { CacheScope } from '../auth/scopes.js';
import type { ControllerSettings } from '../controller-options.js';
import { EntryDto } from '../dto/entry.dto.js';
import { ExportQuery, toExportOptions } from '../dto/query.dto.js';
import { WarmUpDto } from '../dto/warm-up.dto.js';
import { WireBody, WireQuery } from '../dto/wire-input.js';
import { documentOfLines } from '../export-body.js';
import { importBody, type ImportRequest, NDJSON } from '../import-body.js';
import { CacheController, type cacheRoutes } from '../openapi/cache-route.decorator.js';
import { EXPORT } from '../openapi/entry-schemas.js';
import { IMPORTED, WARMED_UP } from '../openapi/operation-schemas.js';
import { CONTROLLER_SETTINGS } from '../tokens.js';
import { toWire } from '../wire.js';

const NDJSON_SCHEMA = {
  type: 'string',
  description: 'A header line, then an entry a line.',
  example: '{"version":1,"exported_at":"2026-01-15T09:30:18.600Z","format":"ndjson"}\n{"key":"user:42","value":1}\n',
};

/** Values are a release of data. What is not plainly "no values" is taken as asking for them. */
function scopeOfExport({ query }: ScopedRequest): CacheScope {
  const values = query?.values ?? 'false';
  return values === 'false' ? 'cache:read' : 'cache:admin';
}

/** Entries by the many: warm-up, export, import. */
export function createTransferController(path: string, route: ReturnType<typeof cacheRoutes>): Type {
  @CacheController(path)
  class EnhancedCacheTransferController {
    constructor(
      @Inject(EnhancedCacheService) private readonly cache: EnhancedCacheService,
      @Inject(CONTROLLER_SETTINGS) private readonly settings: ControllerSettings,
    ) {}

    @route({
      method: 'POST',
      path: 'warm-up',
      scope: 'cache:write',
      operation: 'warmUpCache',
      summary: 'Store many values',
      description: 'Entries that cannot be stored are told in the answer and do not stop the rest.',
      answer: WARMED_UP,
      errors: {
        400: ['entries[3].vlaue: no field of that name (known: key, value, ttl, tags, priority, cost, metadata)'],
        413: 'request entity too large',
        503: 'the cache is closed',
      },
    })
    @ApiBody({ type: WarmUpDto })
    @ApiExtraModels(EntryDto)
    async warmUp(@WireBody(WarmUpDto) body: Readonly<WarmUpDto>): Promise<Record<string, unknown>> {
      const { data, entries, ttl, tags } = body;
      if ((data === undefined) === (entries === undefined)) {
        const received = data === undefined ? 'none' : 'both';
        throw new BadRequestException([`data: expected one of data and entries, received ${received}`]);
      }
      const source = entries ?? new Map(Object.entries(data ?? {}));
      const defaults = { ...(ttl !== undefined && { ttl }), ...(tags !== undefined && { tags }) };
      return toWire(await this.cache.warmUp(source, defaults));
    }

    @route({
      method: 'GET',
      path: 'export',
      scope: scopeOfExport,
      operation: 'exportCache',
      summary: 'All entries, with their values on demand',
      description: 'Scope `cache:read`; with `values=true` `cache:admin`. For large caches take `format=ndjson`.',
      answer: EXPORT,
      alsoAs: { [NDJSON]: NDJSON_SCHEMA },
      query: ExportQuery,
      errors: { 400: [`values: expected 'true' or 'false', received "yes"`] },
    })
    async export(@WireQuery(ExportQuery) query: Readonly<ExportQuery>): Promise<StreamableFile> {
      const { values, format } = toExportOptions(query);
      const lines = (await this.cache.exportCacheData({ values, format: 'ndjson' })) as Readable;
      if (format === 'ndjson') return new StreamableFile(lines, { type: NDJSON });
      return new StreamableFile(documentOfLines(lines), { type: 'application/json; charset=utf-8' });
    }

    @route({
      method: 'POST',
      path: 'import',
      scope: 'cache:admin',
      operation: 'importCache',
      summary: 'Bring in an export with values; remaining lifetimes are kept',
      description: 'NDJSON is read as it arrives, so a large export needs no large body limit.',
      answer: IMPORTED,
      errors: {
        400: 'version: expected 1, received 2',
        413: 'body: expected at most 1073741824 bytes (controller.importLimitMb); what came before may have been imported',
        415: 'content-type: expected application/json or application/x-ndjson, received text/csv',
        503: 'the cache is closed',
      },
    })
    @ApiBody({
      required: true,
      // An export of the same cache, as GET /export?values=true answers it.
      schema: EXPORT,
    })
    async import(@Req() request: ImportRequest): Promise<Record<string, unknown>> {
      return toWire(await this.cache.importCacheData(importBody(request, this.settings.importLimitBytes)));
    }
  }
  return EnhancedCacheTransferController;
}
