import { createHmac } from 'node:crypto';
import { SECRET } from './rest-api.js';

export const now = () => Math.floor(Date.now() / 1000);
export const base64 = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url');
export const unsigned = (alg: string) =>
  `${base64({ alg, typ: 'JWT' })}.${base64({ scope: 'cache:admin', exp: now() + 60 })}.`;

export function withHeader(header: object, claims: object = {}): string {
  const signed = `${base64({ alg: 'HS256', ...header })}.${base64({ scope: 'cache:admin', exp: now() + 60, ...claims })}`;
  return `${signed}.${hmac(signed)}`;
}

export function hmac(signed: string, key = SECRET): string {
  return createHmac('sha256', key).update(signed).digest('base64url');
}
