import { createServer, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { detach } from './detached-response.js';

/** A response that was sent: with status 200 and `X-Sent: yes`. */
async function sentResponse(): Promise<ServerResponse> {
  const server = createServer();
  const answered = new Promise<ServerResponse>((resolve) =>
    server.on('request', (_request, response) => {
      response.setHeader('X-Sent', 'yes').end('done');
      response.on('finish', () => resolve(response));
    }),
  );
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  await (await fetch(`http://127.0.0.1:${port}`)).text();
  server.close();
  return answered;
}

describe('detach', () => {
  it('lets a handler write to a response that was sent, which throws otherwise', async () => {
    const response = await sentResponse();
    expect(() => response.setHeader('X-A', '1')).toThrow('after they are sent');
    detach(response, { 'x-before': 'kept', absent: undefined }, 203);
    response.setHeader('X-A', '1');
    response.appendHeader('X-A', ['2']);
    response.appendHeader('X-B', 'b');
    expect(response.getHeaders()).toEqual({ 'x-before': 'kept', 'x-a': ['1', '2'], 'x-b': 'b' });
    expect([response.statusCode, response.headersSent, response.hasHeader('X-B')]).toEqual([203, false, true]);
    response.removeHeader('x-b');
    response.statusCode = 204;
    expect([response.getHeader('x-b'), response.getHeaderNames(), response.statusCode]).toEqual([
      undefined,
      ['x-before', 'x-a'],
      204,
    ]);
  });

  it('can be done again, with the headers of another run', async () => {
    const response = await sentResponse();
    detach(response, { a: '1' }, 200);
    response.setHeader('b', '2');
    detach(response, { a: '1' }, 200);
    expect(response.getHeaders()).toEqual({ a: '1' });
  });
});
