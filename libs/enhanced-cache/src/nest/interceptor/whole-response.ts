import { type IncomingMessage, type ServerResponse, STATUS_CODES, validateHeaderValue } from 'node:http';
import type { HeaderField } from '../../http/stored-response.js';

/** Fields that Node.js makes a decision of its own upon, or writes itself. */
const OF_THE_CONNECTION: ReadonlySet<string> = new Set([
  'connection',
  'content-length',
  'keep-alive',
  'trailer',
  'transfer-encoding',
  'upgrade',
]);

/**
 * The head of a response over a connection that stays open, byte by byte as Node.js would write it: the status, `fields`, the
 * length of the body, and that the connection is kept. `undefined` where a field is about the connection, which is not for here.
 *
 * @param keepAliveTimeoutMs that of the server; 0: for ever.
 * @throws {TypeError} where a value holds what HTTP does not allow.
 */
export function headOf(
  status: number,
  fields: Iterable<HeaderField>,
  bodyBytes: number,
  keepAliveTimeoutMs: number,
): string | undefined {
  let lines = `HTTP/1.1 ${status} ${STATUS_CODES[status] ?? 'unknown'}\r\n`;
  for (const [name, value] of fields) {
    if (OF_THE_CONNECTION.has(name)) return undefined;
    for (const each of typeof value === 'string' ? [value] : value) {
      validateHeaderValue(name, each);
      lines += `${name}: ${each}\r\n`;
    }
  }
  lines += `content-length: ${bodyBytes}\r\nConnection: keep-alive\r\n`;
  if (keepAliveTimeoutMs > 0) lines += `Keep-Alive: timeout=${Math.floor(keepAliveTimeoutMs / 1000)}\r\n`;
  // In one piece, not as a tree of its parts, which each answer would walk.
  return Buffer.from(`${lines}\r\n`, 'latin1').toString('latin1');
}

/**
 * Whether {@link writeWhole} may answer `request`: over HTTP/1.1, a connection that stays open, and no earlier answer is awaited.
 * `shouldKeepAlive` is Node.js' own: on servers of others there is none, and they write for themselves.
 */
export function mayWriteWhole(request: IncomingMessage, response: ServerResponse): boolean {
  const { socket } = response;
  return request.httpVersion === '1.1' && response.shouldKeepAlive && socket !== null && socket.writable;
}

/**
 * Sends `text`, a whole response in Latin-1, with one call of the system.
 *
 * A `ServerResponse` hands its head, its body and an empty end to the socket, which puts the three together for a call that
 * takes several parts: with 2 KB that is more than half of what the answer takes. What it would say once its last byte has gone
 * out is said here in the same moment, and the server goes on with the connection as ever.
 */
export function writeWhole(response: ServerResponse, text: string): void {
  response.socket!.write(text, 'latin1', (error) => {
    if (!error) response.emit('finish');
  });
}
