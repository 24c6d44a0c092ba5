import { argumentKey } from '../engine/loading/argument-key.js';
import { digest } from '../engine/loading/bounded-key.js';
import { type Headers, headerText } from './headers.js';

/** Where a verified user's identifier is looked for, in this order; the first one present is taken. */
export const USER_ID_FIELDS = ['id', 'sub', 'userId', 'user_id', '_id', 'uid', 'uuid'] as const;
/** What an identifier may be unique within; those present are part of the identity. */
export const REALM_FIELDS = ['iss', 'tenantId', 'tenant_id', 'tenant', 'orgId', 'organizationId'] as const;
/** Request headers that carry credentials, by standard or by wide use. */
export const CREDENTIAL_HEADERS = [
  'authorization',
  'cookie',
  'proxy-authorization',
  'x-api-key',
  'x-auth-token',
] as const;

/**
 * Who a request speaks for, as part of a key; `undefined` for a request without credentials.
 *
 * A user whom a guard has verified (`request.user`) counts by identifier and realm, or as a whole where it has none of
 * the known identifiers. Otherwise the credentials themselves count, as a SHA-256: no secret stands in a key. Two
 * requests of one user with different rights (the scopes of two tokens) are one identity; name what tells them apart
 * with the option `vary` or `key`.
 *
 * @throws {import('../engine/errors.js').InvalidKeyError} for a user object that cannot be part of a key.
 */
export function identityOf(user: unknown, headers: Headers): string | undefined {
  if (user !== undefined && user !== null && user !== false) return `user=${userIdentity(user)}`;
  const credentials = CREDENTIAL_HEADERS.map((name) => [name, headerText(headers, name)]).filter(([, value]) => value);
  return credentials.length === 0 ? undefined : `credentials=${digest(JSON.stringify(credentials))}`;
}

function userIdentity(user: unknown): string {
  if (typeof user !== 'object' || user === null) return argumentKey([user]);
  const fields = user as Record<string, unknown>;
  const idField = USER_ID_FIELDS.find((name) => isPresent(fields[name]));
  if (idField === undefined) return digest(argumentKey([user]));
  const realm = REALM_FIELDS.filter((name) => isPresent(fields[name])).map((name) => [name, fields[name]]);
  return realm.length === 0 ? argumentKey([fields[idField]]) : argumentKey([fields[idField], realm]);
}

function isPresent(value: unknown): boolean {
  return value !== undefined && value !== null && value !== '';
}
