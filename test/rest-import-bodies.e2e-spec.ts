import { Agent, request as rawRequest } from 'node:http';
import { Body, Controller, Post } from '@nestjs/common';
import { EnhancedCacheModule } from 'nestjs-enhanced-cache';
import { PLATFORMS } from './support/platforms.js';
import { API, type RestApp, SECRET, startRestApp, startRestModule, token } from './support/rest-api.js';

const NDJSON = { 'content-type': 'application/x-ndjson' };
const controller = { auth: { secret: SECRET } };

describe.each(PLATFORMS)('limits of an import on %s', (platform) => {
  const header = '{"version":1,"exported_at":"2026-01-15T00:00:00.000Z","format":"ndjson"}\n';
  let rest: RestApp;

  beforeAll(async () => {
    rest = await startRestApp(platform, { controller: { ...controller, importLimitMb: 0.001 } });
  });
  afterAll(() => rest.close());

  it('answers 413 to a length that is announced above the limit, before it reads anything', async () => {
    const before = rest.cache.getStats().sets;
    const raw = header + `{"key":"a","value":"${'x'.repeat(2000)}"}\n`;
    const { status, body } = await rest.call('POST', `${API}/import`, { raw, headers: NDJSON });
    expect([status, body.error]).toEqual([413, 'Payload Too Large']);
    expect(body.message).toMatch(/^body: expected at most 1048 bytes/);
    expect(rest.cache.getStats().sets).toBe(before);
  });

  it('answers 413 to a length that was not announced, and takes the next request on the same connection', async () => {
    const port = Number(new URL(await rest.app.getUrl()).port);
    const agent = new Agent({ keepAlive: true, maxSockets: 1 });
    const authorization = `Bearer ${token('cache:admin')}`;
    const send = (method: string, path: string, headers: object, lines: readonly string[]) =>
      new Promise<number>((resolve, reject) => {
        const options = { agent, host: '127.0.0.1', port, method, path, headers: { authorization, ...headers } };
        const request = rawRequest(options, (response) => {
          response.resume().on('end', () => resolve(response.statusCode ?? 0));
        });
        request.on('error', reject);
        for (const line of lines) request.write(line);
        request.end();
      });
    const lines = Array.from({ length: 2000 }, (_, i) => `{"key":"k${i}","value":"${'x'.repeat(100)}"}\n`);
    expect(await send('POST', `${API}/import`, NDJSON, [header, ...lines])).toBe(413);
    expect(await send('GET', `${API}/stats`, {}, [])).toBe(200);
    agent.destroy();
  });
});

describe.each(PLATFORMS)('NDJSON on %s', (platform) => {
  it('changes nothing for other routes of the app', async () => {
    @Controller('lines')
    class LinesController {
      @Post('import')
      read(@Body() body: unknown) {
        return { type: typeof body };
      }
    }
    const rest = await startRestModule(platform, {
      imports: [EnhancedCacheModule.forRoot({ controller })],
      controllers: [LinesController],
    });
    const { status, body } = await rest.call('POST', '/lines/import', { raw: '{}\n', headers: NDJSON });
    expect(platform === 'fastify' ? [status] : [status, body]).toEqual(
      platform === 'fastify' ? [415] : [201, { type: 'undefined' }],
    );
    await rest.close();
  });

  it('is read where the app has a parser of its own for it', async () => {
    const raw =
      '{"version":1,"exported_at":"2026-01-15T00:00:00.000Z","format":"ndjson"}\n{"key":"a","value":1,"expires_at":null}\n';
    const rest = await startRestModule(
      platform,
      { imports: [EnhancedCacheModule.forRoot({ controller })] },
      {
        configure: (app) => {
          const adapter = app.getHttpAdapter();
          if (platform === 'fastify') {
            adapter
              .getInstance()
              .addContentTypeParser(
                NDJSON['content-type'],
                { parseAs: 'string' },
                (_request: unknown, text: string, done: (error: null, body: string) => void) => done(null, text),
              );
          } else {
            (app as unknown as { useBodyParser(type: string, options: object): void }).useBodyParser('text', {
              type: NDJSON['content-type'],
            });
          }
        },
      },
    );
    const { status, body } = await rest.call('POST', `${API}/import`, { raw, headers: NDJSON });
    expect([status, body.imported + body.failed]).toEqual([200, 1]);
    await rest.close();
  });
});
