import * as fc from 'fast-check';
import { readFileSync } from 'node:fs';
import { inspect } from 'node:util';
import { CodecError } from '../engine/errors.js';
import type { EntryRecord, ExpectedRecord, ReadRecord } from './entry-record.js';
import { decodeRecord, encodeRecord, leaseRecord, proofIn, proofOf, type RecordFormat } from './records.js';
import { randomToken } from './random-token.js';
import { PortableFrames } from '../engine/codec/portable-frames.js';
import { resolveOptions } from '../engine/options/resolve-options.js';

const FORMATS: RecordFormat[] = ['binary', 'json'];
const frames = new PortableFrames(resolveOptions({ compressionLevel: 0 }));

function record(given: Partial<EntryRecord> = {}): EntryRecord {
  return {
    stamp: 'stampstamp12',
    key: 'user:42',
    epoch: 'epochepoch12',
    tags: new Map([
      ['users', 'generation01'],
      ['team:réd', 'generation02'],
    ]),
    priority: -7,
    cost: 0.25,
    loadMs: 250,
    metadata: '{"by":"é"}',
    frame: frames.write({ name: 'Ada', list: [1, 2, 3] }),
    ...given,
  };
}

/** Frames differ where JSON was Latin-1 and comes back as UTF-8: what counts is the value. */
function comparable(bytes: Buffer, expected?: ExpectedRecord): unknown {
  const stored = decodeRecord(bytes, expected);
  if (stored.kind !== 'value') throw new Error(`it is a ${stored.kind}`);
  return { ...stored.record, frame: frames.readProven(stored.record.frame).value };
}

/** What of `given` comes back. */
function kept(given: EntryRecord): ReadRecord {
  const { stamp: _, ...rest } = given;
  return rest;
}

describe.each(FORMATS)('a record in %s', (format) => {
  it('comes back as it was', () => {
    expect(comparable(encodeRecord(record(), format))).toEqual({
      ...kept(record()),
      frame: { name: 'Ada', list: [1, 2, 3] },
    });
  });

  it('comes back whatever its key, tags, attributes and value are', () => {
    const token = fc.constant(0).map(() => randomToken());
    const records = fc.record({
      stamp: token,
      key: fc.string({ unit: 'grapheme', minLength: 1 }),
      epoch: token,
      tags: fc.dictionary(fc.string({ unit: 'grapheme', minLength: 1, maxLength: 20 }), token, { maxKeys: 64 }),
      priority: fc.integer({ min: -100, max: 100 }),
      cost: fc.double({ min: 0, noNaN: true, noDefaultInfinity: true }).map((cost) => cost + 0),
      loadMs: fc.double({ min: 0, noNaN: true, noDefaultInfinity: true }).map((ms) => ms + 0),
      metadata: fc.option(fc.json(), { nil: undefined }).map((text) => text && JSON.stringify({ text })),
      value: fc
        .anything({ withDate: true, withMap: true, withSet: true, withBigInt: true, withNullPrototype: false })
        // To `toEqual`, no invalid date is like another; the contract of the codecs has them.
        .filter((value) => !inspect(value, { depth: Infinity }).includes('Invalid Date')),
    });
    fc.assert(
      fc.property(records, ({ value, tags, ...rest }) => {
        fc.pre(value !== undefined);
        const given = { ...rest, tags: new Map(Object.entries(tags)), frame: frames.write(value) };
        const bytes = encodeRecord(given, format);
        expect(comparable(bytes)).toEqual({ ...kept(given), frame: value });
        // What was expected, rightly or not, changes nothing.
        const others = { key: given.key.replace(/.$/u, '?'), epoch: 'anotherepoch' };
        for (const expected of [given, others]) expect(comparable(bytes, expected)).toEqual(comparable(bytes));
      }),
      { numRuns: 300 },
    );
  });

  it('begins with its proof, and no other record does', () => {
    const bytes = encodeRecord(record(), format);
    const proof = proofOf('stampstamp12', format);
    expect(proofIn(bytes)).toEqual(proof);
    expect(bytes.subarray(0, proof.byteLength)).toEqual(proof);
    expect(proofOf('stampstamp13', format)).not.toEqual(proof);
  });

  it('is refused with any bit changed, any byte missing, and with one more', () => {
    const bytes = encodeRecord(record(), format);
    for (let bit = 0; bit < bytes.byteLength * 8; bit++) {
      const changed = Buffer.from(bytes);
      changed[bit >> 3] ^= 1 << (bit & 7);
      expect([bit, decodeRecord(changed).kind]).toEqual([bit, 'corrupt']);
    }
    for (let length = 0; length < bytes.byteLength; length++) {
      expect(decodeRecord(bytes.subarray(0, length)).kind).toBe('corrupt');
    }
    expect(decodeRecord(Buffer.concat([bytes, Buffer.from([0])])).kind).toBe('corrupt');
  });

  it('is refused, and never throws, whatever stands there', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 300 }), (noise) => {
        const stored = decodeRecord(Buffer.from(noise));
        expect(['corrupt', 'lease']).toContain(stored.kind);
      }),
      { numRuns: 2000 },
    );
  });
});

describe('records of version 1', () => {
  const golden = (name: string) => readFileSync(new URL(`../../test/golden/${name}`, import.meta.url));

  it.each([
    ['record-v1.bin', 'binary'],
    ['record-v1.json', 'json'],
  ] as const)('%s is read, and written in the same bytes', (file, format) => {
    expect(comparable(golden(file))).toEqual({ ...kept(record()), frame: { name: 'Ada', list: [1, 2, 3] } });
    expect(encodeRecord(record(), format)).toEqual(golden(file));
  });
});

describe('a lease', () => {
  it('is told from a value, and is its own proof', () => {
    const lease = leaseRecord('tokentoken12');
    expect(decodeRecord(lease)).toEqual({ kind: 'lease' });
    expect(proofIn(lease)).toEqual(lease);
    expect(decodeRecord(Buffer.concat([lease, Buffer.from('x')])).kind).toBe('corrupt');
  });
});

describe('a frame for other processes', () => {
  it('is refused where V8 wrote it', () => {
    const frame = Buffer.from(frames.write({ a: 1 }));
    for (const encoding of [5, 6]) {
      frame[1] = encoding;
      expect(() => frames.readProven(frame)).toThrow(CodecError);
    }
  });

  it('brings a value back in every isolation, and never in zstd', () => {
    const values = [
      null,
      0,
      -0,
      NaN,
      'text',
      'ÿ',
      '日本',
      '\ud800',
      true,
      12n,
      new Date(3),
      /x/g,
      [1, undefined],
      new Set([1]),
    ];
    const large = { text: 'abcdefgh'.repeat(10_000) };
    for (const isolation of ['copy', 'frozen', 'shared'] as const) {
      const own = new PortableFrames(resolveOptions({ isolation }));
      for (const value of [...values, large, Buffer.from([1, 2]), new Float64Array([1, 2])]) {
        expect(own.readProven(own.write(value)).value).toEqual(value);
      }
      expect(own.write(large)[2]).toBe(1);
    }
  });
});
