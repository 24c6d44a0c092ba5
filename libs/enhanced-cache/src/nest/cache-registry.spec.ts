import type { ModuleRef } from '@nestjs/core';
import { CacheRegistry } from './cache-registry.js';
import { getCacheToken } from './tokens.js';

function registryOf(providers: Map<unknown, unknown>): CacheRegistry {
  return new CacheRegistry({ get: (token: unknown) => providers.get(token) ?? null } as unknown as ModuleRef);
}

describe('CacheRegistry', () => {
  it('finds caches by name, and the default one without', () => {
    const providers = new Map<unknown, unknown>([
      [getCacheToken(), 'default'],
      [getCacheToken('a'), 'named'],
    ]);
    const registry = registryOf(providers);
    registry.claim(undefined);
    registry.claim('a');
    expect([registry.find(), registry.find('a')]).toEqual(['default', 'named']);
  });

  it('has no default cache until one is claimed, and none that is not made yet', () => {
    const providers = new Map<unknown, unknown>();
    const registry = registryOf(providers);
    expect(registry.find()).toBeUndefined();
    registry.claim(undefined);
    expect(registry.find()).toBeUndefined();
    providers.set(getCacheToken(), 'late');
    expect(registry.find()).toBe('late');
  });

  it('names the caches there are when asked for another', () => {
    const registry = registryOf(new Map());
    expect(() => registry.find('b')).toThrow('(known: none), received "b"');
    registry.claim('a');
    expect(() => registry.find('b')).toThrow(
      'cache: expected the name of a cache made by forFeature() (known: a), received "b"',
    );
  });

  it('gives a name once', () => {
    const registry = registryOf(new Map());
    registry.claim('a');
    registry.claim(undefined);
    expect(() => registry.claim('a')).toThrow('name: expected a name that no other forFeature() of this app has');
    expect(() => registry.claim(undefined)).toThrow('forRoot: expected one call in an app');
  });
});
