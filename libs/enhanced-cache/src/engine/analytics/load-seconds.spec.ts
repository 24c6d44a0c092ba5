import { LoadSeconds, MAX_TAGS_SHOWN, MAX_TAGS_TRACKED, OTHER_TAGS } from './load-seconds.js';

const entriesOf = (ms: (slot: number) => number, tags: (slot: number) => readonly string[] = () => []) => ({
  loadTime: ms,
  tagsOf: tags,
});

describe('LoadSeconds', () => {
  it('adds up what the loads of the hit entries had taken, and what loads took', () => {
    const seconds = new LoadSeconds();
    seconds.load(250, ['users']);
    seconds.load(50, ['users', 'admins']);
    const entries = entriesOf(
      (slot) => (slot === 7 ? 250 : 0),
      () => ['users'],
    );
    seconds.hit(Int32Array.of(7, 8, 7), 3, entries);
    expect([seconds.saved, seconds.paid]).toEqual([0.5, 0.3]);
    expect(seconds.byTag()).toEqual([
      { tag: 'users', saved: 0.5, paid: 0.3 },
      { tag: 'admins', saved: 0, paid: 0.05 },
    ]);
  });

  it('stays close to the truth where it follows one of many hits, in batches of any size', () => {
    const seconds = new LoadSeconds();
    let expected = 0;
    let hits = 0;
    for (let batch = 1; hits < 200_000; batch = (batch * 7) % 257) {
      const slots = Int32Array.from({ length: 256 }, (_, i) => (hits + i * 13) % 101);
      for (let i = 0; i < batch; i++) expected += slots[i];
      hits += batch;
      seconds.hit(
        slots,
        batch,
        entriesOf((slot) => slot),
      );
    }
    expect(Math.abs(seconds.saved * 1000 - expected) / expected).toBeLessThan(0.03);
  });

  it('tells a bounded number of tags apart', () => {
    const seconds = new LoadSeconds();
    for (let i = 0; i < 3 * MAX_TAGS_TRACKED; i++) seconds.load(10, [`tag-${i}`]);
    expect(seconds.byTag()).toHaveLength(MAX_TAGS_SHOWN);
    expect(seconds.byTag()[0]).toEqual({ tag: OTHER_TAGS, saved: 0, paid: (2 * MAX_TAGS_TRACKED * 10) / 1000 });
  });
});
