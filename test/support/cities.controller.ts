import { setTimeout as wait } from 'node:timers/promises';
import {
  type CanActivate,
  Controller,
  type ExecutionContext,
  Get,
  Header,
  Headers,
  HttpCode,
  HttpException,
  Inject,
  Injectable,
  NotFoundException,
  Param,
  Query,
  Req,
  Res,
  StreamableFile,
  UnauthorizedException,
  UseGuards,
} from '@nestjs/common';
import { Cacheable, NoCache } from 'nestjs-enhanced-cache/lean';

interface Reply {
  status(code: number): unknown;
  header(name: string, value: string): unknown;
  send(body: unknown): unknown;
}

@Injectable()
export class Calls {
  readonly counts: Record<string, number> = {};
  /** What slow handlers wait for. */
  held: Promise<void> = Promise.resolve();

  /** Holds slow handlers up. @returns what lets them go on. */
  hold(): () => void {
    let release!: () => void;
    this.held = new Promise((resolve) => (release = resolve));
    return release;
  }

  count(name: string): number {
    return (this.counts[name] = (this.counts[name] ?? 0) + 1);
  }
}

/** Knows bob by a header, as a JWT guard would by a token, and refuses who is on its list. */
@Injectable()
export class UserGuard implements CanActivate {
  static readonly refused = new Set<string>();
  canActivate(context: ExecutionContext): boolean {
    const request = context.switchToHttp().getRequest<{ headers: Record<string, string>; user?: unknown }>();
    const name = request.headers['x-user'];
    if (name && UserGuard.refused.has(name)) throw new UnauthorizedException();
    if (name) request.user = { sub: name, iat: Math.random() };
    return true;
  }
}

class City {
  constructor(readonly name: string) {}
}

@Controller('cities')
@UseGuards(UserGuard)
export class CitiesController {
  constructor(@Inject(Calls) private readonly calls: Calls) {}

  @Get('plain')
  @Cacheable()
  async plain(@Query() query: Record<string, string>, @Headers('authorization') who = 'nobody') {
    return { run: this.calls.count('plain'), who, query };
  }

  @Get('mine')
  @Cacheable({ ttl: 60 })
  async mine(@Req() request: { user?: { sub: string } }) {
    return { who: request.user?.sub ?? 'nobody', run: this.calls.count('mine') };
  }

  @Get('shared')
  @Cacheable({ vary: [], shared: true })
  async shared() {
    return { run: this.calls.count('shared') };
  }

  @Get('slow')
  @Cacheable()
  async slow() {
    const run = this.calls.count('slow');
    await this.calls.held;
    return { run };
  }

  @Get('failing')
  @Cacheable()
  async failing() {
    const run = this.calls.count('failing');
    await this.calls.held;
    throw new HttpException(`run ${run}`, 500);
  }

  @Get('missing')
  @Cacheable()
  async missing(): Promise<unknown> {
    this.calls.count('missing');
    throw new NotFoundException();
  }

  @Get('teapot')
  @Cacheable()
  async teapot(@Res({ passthrough: true }) reply: Reply) {
    reply.status(418);
    return { run: this.calls.count('teapot') };
  }

  @Get('null')
  @Cacheable()
  async nothing(): Promise<unknown> {
    this.calls.count('null');
    return null;
  }

  @Get('undefined')
  @Cacheable()
  async undefined(): Promise<unknown> {
    this.calls.count('undefined');
    return undefined;
  }

  @Get('cookie')
  @Cacheable()
  async cookie(@Res({ passthrough: true }) reply: Reply) {
    reply.header('Set-Cookie', `session=${this.calls.count('cookie')}`);
    return { ok: true };
  }

  @Get('no-store')
  @Header('Cache-Control', 'no-store')
  @Cacheable()
  async noStore() {
    return { run: this.calls.count('no-store') };
  }

  @Get('private')
  @Cacheable()
  async private(@Res({ passthrough: true }) reply: Reply) {
    reply.header('Cache-Control', 'private, max-age=60');
    return { run: this.calls.count('private') };
  }

  @Get('rich')
  @HttpCode(203)
  @Cacheable({ ttl: 60 })
  async rich(@Res({ passthrough: true }) reply: Reply) {
    reply.header('X-Source', `run ${this.calls.count('rich')}`);
    reply.header('Content-Type', 'text/csv; charset=utf-8');
    return 'a,b';
  }

  @Get('by-language')
  @Cacheable({ vary: ['Accept-Language'] })
  async byLanguage(@Headers('accept-language') language: string) {
    return { language, run: this.calls.count('by-language') };
  }

  @Get('undeclared-vary')
  @Header('Vary', 'Accept-Language')
  @Cacheable()
  async undeclaredVary(@Headers('accept-language') language: string) {
    return { language };
  }

  @Get('sent')
  @Cacheable()
  async sent(@Res() reply: Reply) {
    reply.send({ run: this.calls.count('sent') });
  }

  @Get('stream')
  @Cacheable()
  async stream() {
    this.calls.count('stream');
    await wait(5);
    return new StreamableFile(Buffer.from('streamed'));
  }

  @Get('instance')
  @Cacheable()
  async instance() {
    return { run: this.calls.count('instance'), city: new City('Ulm') };
  }

  @Get('opted-out')
  @NoCache()
  @Cacheable()
  async optedOut() {
    return { run: this.calls.count('opted-out') };
  }

  @Get('by-key/:id')
  @Cacheable({ key: 'city:{id}', unless: (body: { id: string }) => body.id === 'odd' })
  async byKey(@Param('id') id: string) {
    return { id, run: this.calls.count('by-key') };
  }

  @Get('by-function/:id')
  @Cacheable({ key: (id: string, lang: string) => `fn:${id}:${lang}`, shared: true })
  async byFunction(@Param('id') id: string, @Query('lang') lang: string) {
    return { id, lang, run: this.calls.count('by-function') };
  }
}
