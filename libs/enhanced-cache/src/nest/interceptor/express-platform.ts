import type { ServerResponse } from 'node:http';
import { headerText } from '../../http/headers.js';
import { bytesOfText } from './body-bytes.js';
import { detach } from './detached-response.js';
import type { HttpPlatform, PlatformResponse, SerializedBody } from './http-platform.js';
import { mergedVary } from './merged-vary.js';

interface ExpressResponse extends ServerResponse {
  readonly app?: { get(setting: string): unknown };
}

/** Sends and serializes as `ExpressAdapter.reply()` and Express' `res.json()` and `res.send()` do. */
export const expressPlatform: HttpPlatform = {
  serialize(response, body) {
    const type = headerText(response.getHeaders(), 'content-type');
    if (body === undefined || body === null) return { bytes: undefined, type };
    if (typeof body !== 'object') return textBody(String(body), type ?? 'text/html');
    const text = stringify(body, asExpress(response).app);
    return text === undefined ? undefined : textBody(text, type ?? 'application/json');
  },

  emit: (_response, ready) => ready,

  send(response, { status, fields, outcome, age, vary, body }) {
    const raw = asExpress(response);
    raw.statusCode = status;
    for (const [name, value] of fields) raw.setHeader(name, value);
    raw.setHeader('x-cache', outcome);
    if (age !== undefined) raw.setHeader('age', String(age));
    if (vary.length > 0) raw.setHeader('vary', mergedVary(raw.getHeader('vary'), vary));
    if (body !== undefined) raw.setHeader('content-length', body.length);
    else if (status === 204 || status === 304) raw.removeHeader('content-type');
    if (typeof body === 'string') raw.end(body, 'latin1');
    else raw.end(body);
  },

  restore(response, before, status) {
    const raw = asExpress(response);
    if (raw.headersSent) {
      detach(raw, before, status);
      return;
    }
    for (const name of raw.getHeaderNames()) if (before[name] === undefined) raw.removeHeader(name);
    for (const [name, value] of Object.entries(before)) raw.setHeader(name, value as string);
    raw.statusCode = status;
  },

  raw: asExpress,
};

function asExpress(response: PlatformResponse): ExpressResponse {
  return response as unknown as ExpressResponse;
}

function textBody(text: string, type: string): SerializedBody {
  return { bytes: bytesOfText(text), type: withCharset(type) };
}

/** As `JSON.stringify()` with the settings `json replacer`, `json spaces` and `json escape` of the app. */
function stringify(value: object, app: ExpressResponse['app']): string | undefined {
  const replacer = app?.get('json replacer') as ((key: string, value: unknown) => unknown) | undefined;
  const spaces = app?.get('json spaces') as number | string | undefined;
  const text: unknown = JSON.stringify(value, replacer, spaces);
  if (typeof text !== 'string') return undefined;
  return app?.get('json escape') ? text.replace(/[<>&]/g, asEscape) : text;
}

function asEscape(character: string): string {
  return `\\u00${character.charCodeAt(0).toString(16)}`;
}

/** Express says UTF-8 of every text, whatever charset stood there. */
function withCharset(type: string): string {
  const [essence, ...given] = type.split(/;(?=(?:[^"]*"[^"]*")*[^"]*$)/).map((part) => part.trim());
  const parameters = given.map((parameter) => (/^charset\s*=/i.test(parameter) ? 'charset=utf-8' : parameter));
  if (!parameters.includes('charset=utf-8')) parameters.push('charset=utf-8');
  return [essence.toLowerCase(), ...parameters.filter((parameter) => parameter !== '')].join('; ');
}
