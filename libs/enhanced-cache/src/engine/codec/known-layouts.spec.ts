import { KnownLayouts } from './known-layouts.js';

/** What the names of `object` lead to. */
function layoutOf(layouts: KnownLayouts, object: object) {
  let node: typeof layouts.root | undefined = layouts.root;
  for (const name of Object.keys(object)) node = node?.child(name);
  return node?.layout;
}

describe('KnownLayouts', () => {
  it('knows a list of names from the second time on', () => {
    const layouts = new KnownLayouts();
    layouts.notice({ id: 1, name: 'a' });
    expect(layoutOf(layouts, { id: 2, name: 'b' })).toBeUndefined();
    layouts.notice({ id: 2, name: 'b' });
    expect(layoutOf(layouts, { id: 3, name: 'c' })?.names).toEqual(['id', 'name']);
  });

  it('tells lists apart that begin alike, and those of other orders', () => {
    const layouts = new KnownLayouts();
    for (let i = 0; i < 2; i++) {
      layouts.notice({ a: 1, b: 2 });
      layouts.notice({ a: 1 });
      layouts.notice({ b: 1, a: 2 });
      layouts.notice({});
    }
    for (const object of [{ a: 1, b: 2 }, { a: 1 }, { b: 1, a: 2 }, {}]) {
      expect(layoutOf(layouts, object)?.names).toEqual(Object.keys(object));
    }
    expect(layoutOf(layouts, { b: 1 })).toBeUndefined();
    expect(layouts.size).toBe(4);
  });

  it('gives a blank of the same fields, which holds nothing of a value but its kind', () => {
    const layouts = new KnownLayouts();
    for (let i = 0; i < 2; i++) layouts.notice({ n: 1.5, on: true, text: 'secret', more: { a: 1 }, none: null });
    const { blank } = layoutOf(layouts, { n: 0, on: 0, text: 0, more: 0, none: 0 })!;
    expect(blank).toEqual({ n: 0.5, on: false, text: null, more: null, none: null });
    expect(Object.keys(blank!)).toEqual(['n', 'on', 'text', 'more', 'none']);
  });

  it('never knows names that are data, however many there are', () => {
    const layouts = new KnownLayouts();
    for (let i = 0; i < 10_000; i++) layouts.notice({ [`user-${i}`]: i });
    expect(layouts.size).toBe(0);
  });

  it('is bounded where names that are data come twice, and lets them in ever more rarely', () => {
    const layouts = new KnownLayouts();
    let most = 0;
    let known = 0;
    for (let i = 0; i < 50_000; i++) {
      const object = { [`user-${i}`]: i };
      for (let times = 0; times < 2; times++) layouts.notice(object);
      most = Math.max(most, layouts.size);
      if (layoutOf(layouts, object)) known++;
    }
    expect(most).toBe(4096);
    expect(known).toBeLessThanOrEqual(4097);
  });

  it('knows what many values have again soon after it had to forget', () => {
    const layouts = new KnownLayouts();
    const order = { id: 1, item: 'keyboard' };
    for (let i = 0; i < 20_000; i++) {
      for (let times = 0; times < 2; times++) layouts.notice({ [`user-${i}`]: i });
      if (!layoutOf(layouts, order)) layouts.notice(order);
    }
    expect(layoutOf(layouts, order)).toBeDefined();
  });

  it.each([[{ 7: 1 }], [{ a: 1, '0x': 2 }], [JSON.parse('{"__proto__":1}') as object]])(
    'does not know what is no name of a field: %j',
    (object) => {
      const layouts = new KnownLayouts();
      for (let i = 0; i < 5; i++) layouts.notice(object as Record<string, unknown>);
      expect(layoutOf(layouts, object)).toBeUndefined();
      expect(layouts.size).toBe(0);
    },
  );
});
