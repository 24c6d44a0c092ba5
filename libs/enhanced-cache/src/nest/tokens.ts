/**
 * Injection tokens and metadata keys. `Symbol.for`, so that an ESM and a CommonJS copy of the package that meet in one
 * process still find each other's providers and metadata; a leaf file, so that nobody imports in a circle to get them.
 */

/** The validated options of one cache, inside its module. */
export const CACHE_OPTIONS = Symbol.for('nestjs-enhanced-cache:options');
/** The app's default cache, an alias of `EnhancedCacheService`. */
export const ENHANCED_CACHE = Symbol.for('nestjs-enhanced-cache:cache');
/** Who finds the caches of this app by name. */
export const CACHE_REGISTRY = Symbol.for('nestjs-enhanced-cache:registry');
/** Which rules stand on the handlers of this app. */
export const APPLIED_RULES = Symbol.for('nestjs-enhanced-cache:applied-rules');
/** Claims the name of a cache at boot; private to each module instance. */
export const CACHE_CLAIM = Symbol.for('nestjs-enhanced-cache:claim');
/** The caching rules that decorators left on a method. */
export const CACHE_RULES = Symbol.for('nestjs-enhanced-cache:rules');
/** Marks the interceptor that caches every GET of what it is applied to. */
export const CACHES_ALL = Symbol.for('nestjs-enhanced-cache:caches-all');
/** Marks the guard that answers hits. */
export const ANSWERS_HITS = Symbol.for('nestjs-enhanced-cache:answers-hits');
/** Marks a class or method that `@NoCache()` opted out. */
export const NO_CACHE = Symbol.for('nestjs-enhanced-cache:no-cache');

/** What `@InjectCache(name)` injects: the default cache without a name, otherwise that of `forFeature(name)`. */
export function getCacheToken(name?: string): symbol {
  return name === undefined ? ENHANCED_CACHE : Symbol.for(`nestjs-enhanced-cache:cache:${name}`);
}
