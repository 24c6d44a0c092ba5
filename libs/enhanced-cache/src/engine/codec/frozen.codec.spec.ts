import { describeValueCodecContract } from '../../../test/contracts/value-codec.contract.js';
import { resolveOptions } from '../options/resolve-options.js';
import { createValueCodec } from './create-codec.js';
import { StoredKind } from './value-codec.js';

const frozen = () => createValueCodec({ ...resolveOptions({ isolation: 'frozen', onWarning: () => undefined }) });
const hit = <T>(value: T): T => {
  const codec = frozen();
  const { kind, data } = codec.encode(value);
  return codec.decode(kind, data) as T;
};

class Account {
  history: number[] = [1];
  #balance = 5;
  get balance(): number {
    return this.#balance;
  }
}

describe('FrozenCodec', () => {
  describeValueCodecContract('frozen', frozen);

  it('hands every hit the same object', () => {
    const codec = frozen();
    const { kind, data } = codec.encode({ list: [1] });
    expect(codec.decode(kind, data)).toBe(codec.decode(kind, data));
  });

  it('lets nobody change a cached value, at any depth', () => {
    const value = hit({ list: [{ n: 1 }], map: new Map([['a', { n: 1 }]]), set: new Set([1]), at: new Date(0) });
    expect(() => value.list.push({ n: 2 })).toThrow(TypeError);
    expect(() => (value.list[0].n = 2)).toThrow(TypeError);
    expect(() => ((value.map.get('a') as { n: number }).n = 2)).toThrow(TypeError);
    expect(() => value.map.set('b', { n: 2 })).toThrow(/frozen cached value; isolation: 'copy'/);
    expect(() => value.map.clear()).toThrow(TypeError);
    expect(() => value.set.add(2)).toThrow(/this Set is a frozen/);
    expect(() => value.at.setFullYear(1999)).toThrow(/this Date is a frozen/);
    expect(value.at.getTime()).toBe(0);
  });

  it('leaves the caller with an object that can still be changed', () => {
    const mine = { list: [1], map: new Map([['a', 1]]) };
    const cached = hit(mine);
    mine.list.push(2);
    mine.map.set('b', 2);
    expect(cached.list).toEqual([1]);
    expect(cached.map.size).toBe(1);
  });

  it('takes a frozen value back in', () => {
    const again = hit(hit({ map: new Map([['a', new Date(1)]]) }));
    expect(again.map.get('a')?.getTime()).toBe(1);
  });

  it('keeps class instances as they are, frozen with all they refer to', () => {
    const account = new Account();
    const holder = { account, history: account.history };
    const cached = hit(holder);
    expect(cached.account).toBe(account);
    expect(cached.history).toBe(account.history);
    expect(cached.account.balance).toBe(5);
    expect(() => cached.account.history.push(2)).toThrow(TypeError);
    expect(Object.isFrozen(holder)).toBe(false);
  });

  it('gives each hit a copy where bytes are part of the value', () => {
    const codec = frozen();
    const { kind, data } = codec.encode({ bytes: Buffer.from('abc') });
    expect(kind).toBe(StoredKind.FRAME);
    (codec.decode(kind, data) as { bytes: Buffer }).bytes.fill(0);
    expect(String((codec.decode(kind, data) as { bytes: Buffer }).bytes)).toBe('abc');
  });

  it('shares a value that holds bytes and class instances, so that the instances stay what they are', () => {
    class Id {
      bytes = Buffer.from('abc');
    }
    const id = new Id();
    const cached = hit({ id, other: Buffer.from('def') });
    expect(cached.id).toBe(id);
    expect(String(cached.other)).toBe('def');
  });

  it('freezes values of any depth', () => {
    let deep: { next?: unknown } = {};
    for (let level = 0; level < 200_000; level++) deep = { next: deep };
    expect(Object.isFrozen((hit(deep) as { next: unknown }).next)).toBe(true);
  });
});
