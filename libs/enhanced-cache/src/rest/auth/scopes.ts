/** What a token may allow, from narrow to wide: each scope includes those before it. */
export const CACHE_SCOPES = ['cache:read', 'cache:write', 'cache:admin'] as const;
export type CacheScope = (typeof CACHE_SCOPES)[number];

/** Claims of a verified token. */
export type TokenClaims = Readonly<Record<string, unknown>>;

/**
 * Scopes that a token names: the words of its `scope` (RFC 8693, section 4.2) and the texts in its `scopes`. Claims of
 * any other type name none.
 */
export function scopesOf({ scope, scopes }: TokenClaims): string[] {
  const words = typeof scope === 'string' ? scope.split(' ') : [];
  const listed = Array.isArray(scopes) ? scopes.filter((each): each is string => typeof each === 'string') : [];
  return [...words, ...listed].filter((each) => each !== '');
}

/** Whether one of the `held` scopes is `required` or wider. Scopes that are not of this API count for nothing. */
export function grants(held: readonly string[], required: CacheScope): boolean {
  const level = CACHE_SCOPES.indexOf(required);
  return level >= 0 && CACHE_SCOPES.slice(level).some((scope) => held.includes(scope));
}
