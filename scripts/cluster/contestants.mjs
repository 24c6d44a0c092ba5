/** Caches over a shared Redis, under one set of verbs, in a process of a cluster run. */
const TTL_SECONDS = 3600;

/** @param {{ url: string, prefix: string }} where */
export async function openContestant(name, where) {
  return name === 'bentocache' ? openBento(where) : openOurs(where, name === 'forgetful');
}

/** @param {boolean} isForgetful leaves out one in ten of the changes that it hears of: what the history has to give away. */
async function openOurs({ url, prefix }, isForgetful) {
  const { EnhancedCache } = await import('nestjs-enhanced-cache/core');
  const { redisTier } = await import('nestjs-enhanced-cache/redis');
  const whole = redisTier({ url, keyPrefix: prefix, heartbeat: '250ms', awayTtl: '1s' });
  const tier = isForgetful ? forgetful(whole) : whole;
  const cache = new EnhancedCache({ tier, memoryPressure: false, maxSize: 100_000 });
  const waitFor = async (isSo) => {
    while (!isSo()) await new Promise((resolve) => setTimeout(resolve, 5));
  };
  await waitFor(() => cache.getStats().tier.state === 'joined');
  return {
    get: (key) => cache.get(key),
    getOrSet: (key, load, tags) => cache.getOrSet(key, load, { tags, ttl: TTL_SECONDS }),
    set: (key, value, tags) => cache.set(key, value, { tags, ttl: TTL_SECONDS }),
    delete: (key) => cache.delete(key),
    deleteByTags: (tags) => cache.deleteByTags(tags),
    clear: () => cache.clear(),
    /** Whether all that was told here has reached the others, and all that they told may have reached this one. */
    isCalm: () => {
      const { state, pendingInvalidations } = cache.getStats().tier;
      return state === 'joined' && pendingInvalidations === 0;
    },
    /** Whatever Redis sent before is heard when this resolves. */
    catchUp: async () => {
      await cache.get('nothing is under this key');
      await cache.get('nothing is under this key');
    },
    report: () => cache.getStats().tier,
    close: () => cache.close(),
  };
}

function forgetful(factory) {
  return {
    attach: (host) => {
      const tier = factory.attach(host);
      const listen = tier.listen.bind(tier);
      let heard = 0;
      tier.listen = (listener) =>
        listen({
          keepsStale: (key) => listener.keepsStale(key),
          distrust: (reason) => listener.distrust(reason),
          applyRemote: (invalidation) => ++heard % 10 !== 0 && listener.applyRemote(invalidation),
        });
      return tier;
    },
  };
}

async function openBento({ url, prefix }) {
  const { BentoCache, bentostore } = await import('bentocache');
  const { memoryDriver } = await import('bentocache/drivers/memory');
  const { redisBusDriver, redisDriver } = await import('bentocache/drivers/redis');
  const { hostname: host, port } = new URL(url);
  const connection = { host, port: Number(port), maxRetriesPerRequest: 1 };
  const store = bentostore()
    .useL1Layer(memoryDriver({ maxSize: '100mb' }))
    .useL2Layer(redisDriver({ connection }))
    .useBus(redisBusDriver({ connection }));
  const bento = new BentoCache({ default: 'shared', prefix, ttl: '1h', stores: { shared: store } });
  await bento.set({ key: 'opened', value: 1 });
  return {
    get: async (key) => (await bento.get({ key })) ?? undefined,
    getOrSet: (key, factory, tags) => bento.getOrSet({ key, factory, tags }),
    set: (key, value, tags) => bento.set({ key, value, tags }),
    delete: (key) => bento.delete({ key }),
    deleteByTags: (tags) => bento.deleteByTag({ tags }),
    clear: () => bento.clear(),
    isCalm: () => true,
    catchUp: () => new Promise((resolve) => setTimeout(resolve, 50)),
    report: () => ({}),
    close: () => bento.disconnectAll(),
  };
}
