import { jest } from '@jest/globals';
import { Controller, Get, Header } from '@nestjs/common';
import { once } from 'node:events';
import { type Server, ServerResponse } from 'node:http';
import { type AddressInfo, connect, type Socket } from 'node:net';
import { text } from 'node:stream/consumers';
import { Cacheable, EnhancedCacheModule, EnhancedCacheService } from 'nestjs-enhanced-cache/lean';
import { FakeClock } from 'nestjs-enhanced-cache/testing';
import { StoredResponse } from '../libs/enhanced-cache/src/http/stored-response.js';
import { PLATFORMS, startApp, type TestApp, type TestAppOptions } from './support/platforms.js';

const PAGE = { text: 'of the page' };
const OTHER_PAGE = { text: 'of a longer page' };
let page = PAGE;

@Controller()
class PageController {
  @Get('page')
  @Header('X-Several', 'one, two')
  @Cacheable({ ttl: 60, shared: true, front: true })
  async page() {
    return page;
  }
}

/**
 * A plain hit in front of the framework goes to the connection in one piece, past the `ServerResponse`. Whatever its client does
 * next has to be as after any other answer.
 */
describe.each(PLATFORMS)('connections over which the front path answers, on %s', (platform) => {
  const clock = new FakeClock();
  let target: TestApp;
  let server: Server;
  let port: number;
  const sockets: Socket[] = [];
  const inParts = jest.spyOn(ServerResponse.prototype, 'writeHead');

  const start = async (options: TestAppOptions = {}): Promise<void> => {
    page = PAGE;
    const imports = [EnhancedCacheModule.forRoot({ clock })];
    target = await startApp(platform, { imports, controllers: [PageController] }, options);
    server = target.app.getHttpServer() as Server;
    ({ port } = server.address() as AddressInfo);
    for (let i = 0; i < 2; i++) await ask('GET /page HTTP/1.1\r\nConnection: close');
    inParts.mockClear();
  };
  afterEach(async () => {
    for (const socket of sockets.splice(0)) socket.destroy();
    await target.close();
  });

  const open = (): Socket => {
    const socket = connect(port, '127.0.0.1');
    sockets.push(socket);
    return socket;
  };

  /** What comes back until the server closes the connection. */
  const ask = (...requests: string[]): Promise<string> => {
    const socket = open();
    socket.write(requests.map((each) => `${each}\r\nHost: a.example\r\n\r\n`).join(''));
    return text(socket);
  };
  const answersIn = (bytes: string): string[] =>
    bytes
      .split(/(?=HTTP\/1\.1 )/)
      .filter(Boolean)
      .map((each) => each.replace(/^Date: .*$/m, 'Date: now'));

  /** One answer over a connection that stays open. */
  const askOver = async (socket: Socket, request = 'GET /page HTTP/1.1', body = PAGE): Promise<string> => {
    socket.write(`${request}\r\nHost: a.example\r\n\r\n`);
    let answer = '';
    while (!answer.endsWith(JSON.stringify(body))) answer += String((await once(socket, 'data'))[0]);
    return answer;
  };

  it('carry the bytes that Node.js would have sent', async () => {
    await start();
    // The second answer waits for the first, and the last one ends the connection: Node.js writes both itself.
    const request = 'GET /page HTTP/1.1';
    const [whole, waited, last] = answersIn(await ask(request, request, `${request}\r\nConnection: close`));
    expect(whole).toBe(waited);
    expect(whole).toMatch(/^HTTP\/1\.1 200 OK\r\n[^]*\r\nx-cache: HIT\r\nage: 0\r\ncontent-length: 22\r\n/);
    expect(whole).toMatch(/\r\nConnection: keep-alive\r\nKeep-Alive: timeout=\d+\r\n\r\n\{"text":"of the page"\}$/);
    expect(last).toContain('\r\nConnection: close\r\n');
    expect(inParts).toHaveBeenCalledTimes(2);
  });

  it('are used again and again, and given up when they idle', async () => {
    await start();
    server.keepAliveTimeout = 40;
    const socket = open();
    const answers = new Set<string>();
    for (let i = 0; i < 50; i++) answers.add(await askOver(socket));
    expect(answers.size).toBe(1);
    expect([...answers][0]).toContain('Keep-Alive: timeout=0');
    expect(inParts).not.toHaveBeenCalled();
    await once(socket, 'close');
    expect(server.listening).toBe(true);
  });

  it('have an answer for each of a thousand requests that are sent at once', async () => {
    await start();
    const requests = Array<string>(999).fill('GET /page HTTP/1.1');
    const answers = answersIn(await ask(...requests, 'GET /page HTTP/1.1\r\nConnection: close'));
    expect(answers).toHaveLength(1000);
    expect(new Set(answers.slice(0, -1)).size).toBe(1);
  });

  it('go on with other requests behind it', async () => {
    await start();
    const socket = open();
    const first = await askOver(socket);
    socket.write('HEAD /page HTTP/1.1\r\nHost: a.example\r\n\r\n');
    const head = String((await once(socket, 'data'))[0]);
    expect(head).toContain('content-length: 22');
    expect(head.endsWith('\r\n\r\n')).toBe(true);
    socket.write('GET /none HTTP/1.1\r\nHost: a.example\r\nContent-Length: 3\r\n\r\nabc');
    expect(String((await once(socket, 'data'))[0])).toMatch(/^HTTP\/1\.1 404 /);
    expect(await askOver(socket)).toBe(first);
  });

  it('carry the head of what is stored now, and of its age', async () => {
    await start();
    const socket = open();
    const fieldsOf = (answer: string): (string | undefined)[] =>
      ['etag', 'content-length', 'age'].map((name) => new RegExp(`^${name}: (.*)$`, 'im').exec(answer)?.[1]);
    const [tag, length] = fieldsOf(await askOver(socket));
    expect(length).toBe('22');
    clock.advance(7000);
    expect(fieldsOf(await askOver(socket))).toEqual([tag, length, '7']);
    // Stored anew while the URL is answered in front, with nobody who missed it there.
    page = OTHER_PAGE;
    const [newTag] = fieldsOf(await ask('GET /page HTTP/1.1\r\nCache-Control: no-cache\r\nConnection: close'));
    expect(newTag).not.toBe(tag);
    clock.advance(7000);
    inParts.mockClear();
    expect(fieldsOf(await askOver(socket, 'GET /page HTTP/1.1', OTHER_PAGE))).toEqual([newTag, '27', '7']);
    expect(inParts).not.toHaveBeenCalled();
  });

  it('survive a stored head that nobody may send: one request fails, and no other', async () => {
    await start();
    const cache = target.app.get(EnhancedCacheService);
    const [{ key }] = (await cache.listEntries()).entries;
    const stored = cache.getSync(key) as StoredResponse;
    await cache.set(key, new StoredResponse({ ...stored.toPlain(), headers: [['x-a', 'a\r\nset-cookie: b']] }));
    const failed = await ask('GET /page HTTP/1.1\r\nConnection: close');
    expect(failed).toMatch(/^HTTP\/1\.1 500 /);
    expect(failed).not.toContain('set-cookie');
    await cache.clear();
    expect(await ask('GET /page HTTP/1.1\r\nConnection: close')).toMatch(/^HTTP\/1\.1 200 /);
  });

  it('are told to Node.js: each answer ends its request, and none is kept', async () => {
    await start();
    const closed = jest.fn();
    const requests: number[] = [];
    const emit = server.emit.bind(server) as (event: string, ...args: unknown[]) => boolean;
    server.emit = (event: string, ...args: unknown[]): boolean => {
      if (event === 'request') (args[1] as ServerResponse).once('close', closed);
      if (event === 'request') requests.push((args[1] as ServerResponse).listenerCount('finish'));
      return emit(event, ...args);
    };
    const socket = open();
    for (let i = 0; i < 5; i++) await askOver(socket);
    expect(requests).toEqual([1, 1, 1, 1, 1]);
    await new Promise((resolve) => setImmediate(resolve));
    expect(closed).toHaveBeenCalledTimes(5);
    // Idle, so that a server that closes does not wait for it.
    const ended = once(socket, 'close');
    server.closeIdleConnections();
    await ended;
  });

  it.each([
    ['HTTP/1.0', 'GET /page HTTP/1.0'],
    ['HTTP/1.0 that asks to stay open', 'GET /page HTTP/1.0\r\nConnection: keep-alive'],
    ['a connection that is to be closed', 'GET /page HTTP/1.1\r\nConnection: close'],
  ])('are left to Node.js: %s', async (_what, request) => {
    await start();
    expect(await askOver(open(), request)).toContain('x-cache: HIT');
    expect(inParts).toHaveBeenCalledTimes(1);
  });

  it('are left to Node.js where the app says something about them', async () => {
    const close = (_request: unknown, response: ServerResponse, next: () => void): void => {
      response.setHeader('Connection', 'close');
      next();
    };
    await start({ configure: (app) => app.use(close) });
    expect(await ask('GET /page HTTP/1.1')).toMatch(/\r\nconnection: close\r\n/i);
    expect(inParts).toHaveBeenCalledTimes(1);
  });

  it('are left to Node.js where it counts their requests', async () => {
    await start();
    server.maxRequestsPerSocket = 2;
    const socket = open();
    expect(await askOver(socket)).toMatch(/\r\nKeep-Alive: timeout=\d+, max=2\r\n/);
    expect(await askOver(socket)).toContain('\r\nConnection: close\r\n');
    expect(inParts).toHaveBeenCalledTimes(2);
  });
});
