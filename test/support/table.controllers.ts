import { setTimeout as wait } from 'node:timers/promises';
import {
  Controller,
  Delete,
  Get,
  Header,
  Headers,
  HttpCode,
  NotFoundException,
  Options,
  Param,
  Post,
  Query,
  Redirect,
  Req,
  Res,
  StreamableFile,
  UnauthorizedException,
} from '@nestjs/common';
import { Cacheable } from 'nestjs-enhanced-cache/lean';
import { of } from 'rxjs';

/** What handlers write to on both platforms. */
export interface Reply {
  status(code: number): unknown;
  header(name: string, value: string): unknown;
  send(body: unknown): unknown;
}

/** How often each handler ran. */
export const Runs = {
  counts: new Map<string, number>(),
  of(name: string): number {
    return this.counts.get(name) ?? 0;
  },
  count(name: string): number {
    this.counts.set(name, this.of(name) + 1);
    return this.of(name);
  },
};

/** A handler for each row of the table. */
@Controller('t')
export class TableController {
  @Get('plain')
  @Cacheable({ ttl: 60 })
  async plain(@Headers('authorization') who = 'nobody') {
    return { run: Runs.count('plain'), who };
  }

  @Get('slow')
  @Cacheable({ ttl: 60 })
  async slow() {
    const run = Runs.count('slow');
    await wait(20);
    return { run };
  }

  @Get('shared')
  @Cacheable({ ttl: 60, shared: true })
  async shared() {
    return { run: Runs.count('shared') };
  }

  @Get('user')
  @Cacheable({ ttl: 60 })
  async user(@Req() request: { user?: { id: string } }) {
    return { who: request.user?.id ?? 'nobody', run: Runs.count('user') };
  }

  @Get('status/:code')
  @Cacheable({ ttl: 60 })
  async status(@Param('code') code: string, @Res({ passthrough: true }) reply: Reply) {
    reply.status(Number(code));
    return { run: Runs.count('status') };
  }

  @Get('no-content')
  @HttpCode(204)
  @Cacheable({ ttl: 60 })
  async noContent(): Promise<void> {
    Runs.count('no-content');
  }

  @Get('asked/:code')
  @Cacheable({ ttl: 60, statuses: [301, 308, 404, 410] })
  async asked(@Param('code') code: string, @Res({ passthrough: true }) reply: Reply) {
    reply.status(Number(code));
    if (code.startsWith('3')) reply.header('Location', '/elsewhere');
    return { run: Runs.count('asked') };
  }

  @Get('missing')
  @Cacheable({ ttl: 60, statuses: [404], negativeTtl: 5 })
  async missing(): Promise<unknown> {
    throw new NotFoundException(`run ${Runs.count('missing')}`);
  }

  @Get('unasked-missing')
  @Cacheable({ ttl: 60 })
  async unaskedMissing(): Promise<unknown> {
    throw new NotFoundException(`run ${Runs.count('unasked-missing')}`);
  }

  @Get('moved')
  @Redirect('/new', 301)
  @Cacheable({ ttl: 60, statuses: [301] })
  async moved(): Promise<void> {
    Runs.count('moved');
  }

  @Get('found')
  @Redirect('/new')
  @Cacheable({ ttl: 60 })
  async found(): Promise<void> {
    Runs.count('found');
  }

  @Get('throws')
  @Cacheable({ ttl: 60 })
  async throws(): Promise<unknown> {
    throw new UnauthorizedException(`run ${Runs.count('throws')}`);
  }

  @Get('sets')
  @Cacheable({ ttl: 60 })
  async sets(@Query('name') name: string, @Query('value') value: string, @Res({ passthrough: true }) reply: Reply) {
    reply.header(name, value);
    return { run: Runs.count('sets') };
  }

  @Get('header')
  @Header('Cache-Control', 'max-age=5, stale-if-error=60')
  @Cacheable({ ttl: 600 })
  async header() {
    return { run: Runs.count('header') };
  }

  @Get('vary')
  @Cacheable({ ttl: 60, vary: ['accept-language'] })
  async vary(@Headers('accept-language') language = 'none') {
    return { language, run: Runs.count('vary') };
  }

  @Get('value/:kind')
  @Cacheable({ ttl: 60 })
  async value(@Param('kind') kind: string): Promise<unknown> {
    Runs.count('value');
    return { null: null, undefined, false: false, zero: 0, empty: '' }[kind];
  }

  @Get('sent')
  @Cacheable({ ttl: 60 })
  async sent(@Res() reply: Reply) {
    reply.send({ run: Runs.count('sent') });
  }

  @Get('stream')
  @Cacheable({ ttl: 60 })
  async stream() {
    Runs.count('stream');
    return new StreamableFile(Buffer.from('streamed'));
  }

  @Get('observable')
  observable() {
    return of({ run: Runs.count('observable') });
  }

  @Get('query')
  @Cacheable({ ttl: 60, query: ['page'] })
  async query(@Query('page') page = '1') {
    return { page, run: Runs.count('query') };
  }

  @Post('write')
  @Cacheable({ ttl: 60 })
  async write() {
    return { run: Runs.count('write') };
  }

  @Delete('write')
  @Cacheable({ ttl: 60 })
  async remove() {
    return { run: Runs.count('remove') };
  }

  @Options('plain')
  @Cacheable({ ttl: 60 })
  async options() {
    return { run: Runs.count('options') };
  }

  @Get('dated')
  @Cacheable({ ttl: 60 })
  async dated(@Res({ passthrough: true }) reply: Reply) {
    reply.header('Last-Modified', 'Thu, 01 Jan 2026 00:00:00 GMT');
    return { run: Runs.count('dated') };
  }
}
