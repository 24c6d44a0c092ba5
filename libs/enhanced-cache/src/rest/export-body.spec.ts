import type { Readable } from 'node:stream';
import { text } from 'node:stream/consumers';
import { EnhancedCache } from '../engine/enhanced-cache.js';
import { FakeClock } from '../engine/ports/fake-clock.js';
import { documentOfLines } from './export-body.js';

describe('documentOfLines', () => {
  it.each([0, 1, 2, 1000])('is the very document of the cache, with %d entries', async (entries) => {
    const cache = new EnhancedCache({ clock: new FakeClock(), enableAnalytics: false });
    for (let i = 0; i < entries; i++)
      await cache.set(`key ${i} "ü\n`, { i, text: 'line\nnext \u2028' }, { tags: ['t'] });
    const lines = (await cache.exportCacheData({ values: true, format: 'ndjson' })) as Readable;
    const written = await text(documentOfLines(lines));
    expect(written).toBe(JSON.stringify(await cache.exportCacheData({ values: true })));
  });

  it('lets go of the export where the reader does', async () => {
    const cache = new EnhancedCache({ clock: new FakeClock() });
    for (let i = 0; i < 5000; i++) await cache.set(`k${i}`, i);
    const lines = (await cache.exportCacheData({ format: 'ndjson' })) as Readable;
    for await (const chunk of documentOfLines(lines)) {
      expect(String(chunk).startsWith('{"version":1')).toBe(true);
      break;
    }
    await new Promise((resolve) => (lines.closed ? resolve(undefined) : lines.once('close', resolve)));
    expect(lines.readableEnded).toBe(false);
  });
});
