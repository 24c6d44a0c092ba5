/** The engine alone: no framework is installed in the scratch folder, so it would fail if it asked for one. */
const assert = require('node:assert/strict');

module.exports = async function run(load, { entry }) {
  for (const absent of ['@nestjs/common', 'rxjs', 'reflect-metadata']) {
    assert.throws(() => require.resolve(absent), `${absent} is installed, so this proves nothing`);
  }
  const { EnhancedCache } = await load(entry);
  assert.equal(
    (await import(entry)).EnhancedCache,
    require(entry).EnhancedCache,
    'import and require give two classes',
  );
  const cache = new EnhancedCache({ maxSize: 10 });
  await cache.set('user:1', { joined: new Date(0) }, { tags: ['users'] });
  assert.deepEqual(await cache.get('user:1'), { joined: new Date(0) });
  assert.equal(await cache.deleteByTags(['users']), 1);
  assert.equal(await cache.get('user:1'), undefined);
  await cache.close();
};
