/** The Redis tier with node-redis beside it, and a Redis that is not there: a cache works all the same. */
const assert = require('node:assert/strict');

module.exports = async function run(load, { entry }) {
  const { redisTier } = await load(entry);
  const { EnhancedCache, InvalidOptionsError } = await load('nestjs-enhanced-cache/core');
  const tiers = [await import(entry), require(entry)].map((module) => module.redisTier);
  assert.equal(tiers[0], tiers[1], 'import and require give two functions');
  assert.throws(() => redisTier({}), InvalidOptionsError);
  assert.ok(require.resolve('redis'), 'node-redis is not installed, so this proves nothing');
  const cache = new EnhancedCache({ tier: redisTier({ url: 'redis://127.0.0.1:1' }) });
  assert.equal(await cache.getOrSet('user:1', () => 'loaded'), 'loaded');
  await cache.set('user:2', { joined: new Date(0) });
  assert.deepEqual(await cache.get('user:2'), { joined: new Date(0) });
  const { state, reason } = cache.getStats().tier;
  assert.equal(state, 'away');
  assert.match(reason, /ECONNREFUSED/);
  await cache.close();
};
