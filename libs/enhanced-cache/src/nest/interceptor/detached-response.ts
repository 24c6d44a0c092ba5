import type { ServerResponse } from 'node:http';
import type { Headers } from '../../http/headers.js';

type FieldValue = number | string | readonly string[];

/**
 * Turns a response that was sent into one that a handler can write headers to, and nobody sends: for a handler that runs
 * again behind its request, whose `res.setHeader()` would throw otherwise.
 *
 * @param before the headers that the handler finds.
 */
export function detach(response: ServerResponse, before: Headers, status: number): void {
  const fields = new Map<string, FieldValue>();
  for (const [name, value] of Object.entries(before)) if (value !== undefined) fields.set(name, value);
  const own = {
    setHeader: (name: string, value: FieldValue) => {
      fields.set(name.toLowerCase(), value);
      return response;
    },
    appendHeader: (name: string, value: string | readonly string[]) => {
      const present = fields.get(name.toLowerCase());
      const values = present === undefined ? value : [present, value].flat().map(String);
      fields.set(name.toLowerCase(), values);
      return response;
    },
    getHeader: (name: string) => fields.get(name.toLowerCase()),
    getHeaders: () => Object.fromEntries(fields),
    getHeaderNames: () => [...fields.keys()],
    hasHeader: (name: string) => fields.has(name.toLowerCase()),
    removeHeader: (name: string) => void fields.delete(name.toLowerCase()),
    headersSent: false,
    statusCode: status,
  };
  for (const [name, value] of Object.entries(own)) {
    Object.defineProperty(response, name, { value, writable: true, configurable: true });
  }
}
