/** Hits in memory, of a cache alone and of one with Redis behind it, each a candidate of an arena. An operation is the name of the call. */
const KEYS = Array.from({ length: 1000 }, (_, i) => `key-${i}`);
/** From the third hit on a value is kept decoded. */
const HITS_BEFORE = 3;

export const ALONE = 'alone';
export const WITH_REDIS = 'with Redis';

export async function open(name, { url }) {
  const { EnhancedCache } = await import('nestjs-enhanced-cache/core');
  const { redisTier } = await import('nestjs-enhanced-cache/redis');
  const tier = name === WITH_REDIS ? redisTier({ url, keyPrefix: `hits-${process.pid}`, deadline: '5s' }) : undefined;
  const cache = new EnhancedCache({ ...(tier && { tier }), memoryPressure: false });
  // Joining empties memory.
  while (tier && cache.getStats().tier.state !== 'joined') await new Promise((resolve) => setTimeout(resolve, 5));
  for (const [i, key] of KEYS.entries()) await cache.set(key, { id: i, name: `Person ${i}`, note: 'x'.repeat(20) });
  const operations = {
    getSync: (iterations) => {
      for (let i = 0; i < iterations; i++) cache.getSync(KEYS[i % KEYS.length]);
    },
    get: async (iterations) => {
      for (let i = 0; i < iterations; i++) await cache.get(KEYS[i % KEYS.length]);
    },
  };
  return {
    begin(verb) {
      for (const key of KEYS) {
        for (let i = 0; i < HITS_BEFORE; i++)
          if (cache.getSync(key) === undefined) throw new Error('it is not in memory');
      }
      return { run: operations[verb] };
    },
  };
}
