import { jest } from '@jest/globals';
import { describeValueCodecContract } from '../../../test/contracts/value-codec.contract.js';
import { difference } from '../../../test/support/same-value.js';
import { valueSamples } from '../../../test/support/value-samples.js';
import { CodecError, InvalidValueError } from '../errors.js';
import { CompressionLevel } from '../options/enums.js';
import { resolveOptions } from '../options/resolve-options.js';
import { createValueCodec, type CodecOptions } from './create-codec.js';
import { StoredKind, type StoredValue } from './value-codec.js';

const codecOf = (options: Partial<CodecOptions> = {}) =>
  createValueCodec({ ...resolveOptions({ onWarning: () => undefined }), ...options });

class User {
  friends: User[] = [];
  constructor(readonly name: string) {}
  greet(): string {
    return `hello ${this.name}`;
  }
}
class Secret {
  #hidden = 1;
  get [Symbol.toStringTag](): string {
    return `Secret ${typeof this.#hidden}`;
  }
}
class Labels extends Map<string, string> {
  source = 'disk';
}
class HttpError extends TypeError {
  status = 404;
}

describe('CopyCodec', () => {
  for (const [name, level] of Object.entries(CompressionLevel)) {
    describeValueCodecContract(`copy at level ${name}`, () =>
      codecOf({ compressionLevel: level, compressionThreshold: 64 }),
    );
  }

  // With a lower threshold than those above: there, no value is kept as a row.
  describeValueCodecContract('copy, of values met before', () => {
    const codec = codecOf();
    const encode = (value: unknown): StoredValue => {
      for (let i = 0; i < 3; i++) codec.encode(value);
      return codec.encode(value);
    };
    return { encode, decode: (kind, data) => codec.decode(kind, data), open: (kind, data) => codec.open(kind, data) };
  });

  describe('isolation', () => {
    it('gives each hit a copy of its own, bytes included', () => {
      const codec = codecOf();
      for (const value of [{ list: [1] }, { at: new Date(0), list: [1], bytes: Buffer.from('abc') }]) {
        const stored = codec.encode(value);
        const first = codec.decode(stored.kind, stored.data) as typeof value;
        first.list.push(2);
        value.list.push(3);
        if ('bytes' in first) (first.bytes as Buffer).fill(0);
        if ('bytes' in value) (value.bytes as Buffer).fill(1);
        const second = codec.decode(stored.kind, stored.data) as typeof value;
        expect(second.list).toEqual([1]);
        if ('bytes' in second) expect(String(second.bytes)).toBe('abc');
      }
    });

    it('gives buffers that share no memory with what is stored', () => {
      const codec = codecOf({ compressionLevel: CompressionLevel.NONE });
      const stored = codec.encode(Buffer.alloc(2000, 7));
      (codec.decode(stored.kind, stored.data) as Buffer).fill(0);
      expect((codec.decode(stored.kind, stored.data) as Buffer)[0]).toBe(7);
      const part = codec.decode(stored.kind, stored.data) as Buffer;
      expect(part.buffer.byteLength).toBe(2000);
    });
  });

  describe('form', () => {
    const kindOf = (value: unknown, options?: Partial<CodecOptions>) => codecOf(options).encode(value).kind;

    it('keeps small values as rows once their likes were met, unless they are to be compressed', () => {
      const make = () => ({ rowOnceMet: [1, 'x', null] });
      const kinds = (options?: Partial<CodecOptions>) => [1, 2, 3].map(() => kindOf(make(), options));
      expect(kinds()).toEqual([StoredKind.JSON, StoredKind.JSON, StoredKind.ROW]);
      expect(kinds({ compressionThreshold: 100 })).toEqual(Array(3).fill(StoredKind.JSON));
      expect(kinds({ compressionThreshold: 100, compressionLevel: CompressionLevel.NONE })).toEqual(
        Array(3).fill(StoredKind.ROW),
      );
    });

    it('keeps JSON-safe values as text and everything else as a frame', () => {
      expect(kindOf({ a: ['x'.repeat(1020), null] }, { compressionThreshold: 4096 })).toBe(StoredKind.JSON);
      expect(kindOf({ a: new Date() })).toBe(StoredKind.FRAME);
      expect(kindOf('text')).toBe(StoredKind.DIRECT);
    });

    it('compresses from the threshold on', () => {
      const large = { text: 'a'.repeat(1100) };
      expect(kindOf(large)).toBe(StoredKind.FRAME);
      expect(kindOf(large, { compressionThreshold: 2000 })).toBe(StoredKind.JSON);
      expect(kindOf(large, { compressionLevel: CompressionLevel.NONE })).toBe(StoredKind.JSON);
      expect(kindOf(large.text)).toBe(StoredKind.FRAME);
    });

    it('says what was saved', () => {
      const stored = codecOf().encode({ text: 'a'.repeat(5000) });
      expect(stored.originalBytes).toBe(5011);
      expect(stored.storedBytes).toBeLessThan(200);
      expect(stored.heldBytes).toBeLessThan(300);
      const kept = codecOf({ compressionLevel: CompressionLevel.NONE }).encode({ text: 'a'.repeat(5000) });
      expect(kept).toMatchObject({ originalBytes: 5011, storedBytes: 5011, heldBytes: 5032 });
    });

    it('keeps a payload that would not shrink by a tenth as it is', () => {
      const stored = codecOf({ compressionLevel: CompressionLevel.FAST }).encode(new Uint8Array(randomBytes(4000)));
      expect(stored.storedBytes).toBe(stored.originalBytes);
    });

    it('reads what a codec of another level wrote', () => {
      const value = valueSamples()['a large object'];
      const written = codecOf({ compressionLevel: CompressionLevel.MAX }).encode(value);
      const none = codecOf({ compressionLevel: CompressionLevel.NONE });
      expect(difference(value, none.decode(written.kind, written.data))).toBeUndefined();
    });
  });

  describe('stored bytes that do not prove themselves', () => {
    const codec = codecOf();
    const flipped = (stored: StoredValue, at: number): unknown => {
      const bytes = Buffer.from(stored.data as Buffer | string as string, 'latin1');
      bytes[at % bytes.length] ^= 1;
      return typeof stored.data === 'string' ? bytes.toString('latin1') : bytes;
    };

    it('are refused, small and large, wherever the bit is', () => {
      for (const value of [{ at: new Date(0) }, { bytes: Buffer.from(randomBytes(3000)) }]) {
        const stored = codec.encode(value);
        for (const at of [0, 5, 13, 20, 40]) {
          expect(() => codec.decode(stored.kind, flipped(stored, at))).toThrow(CodecError);
        }
      }
    });

    it('are refused where they are no stored form at all', () => {
      expect(() => codec.decode(StoredKind.FRAME, 7)).toThrow(CodecError);
      expect(() => codec.decode(StoredKind.JSON, '{"cut')).toThrow(CodecError);
    });
  });

  describe('class instances', () => {
    it('come back as instances where their class is registered, identity and cycles kept', () => {
      const codec = codecOf({ types: [User, Labels, HttpError] });
      const ada = new User('Ada');
      ada.friends.push(ada);
      const value = { owner: ada, again: ada, labels: new Labels([['a', 'b']]), error: new HttpError('gone') };
      const { kind, data } = codec.encode(value);
      const back = codec.decode(kind, data) as typeof value;
      expect(back.owner).toBeInstanceOf(User);
      expect(back.owner.greet()).toBe('hello Ada');
      expect(back.again).toBe(back.owner);
      expect(back.owner.friends[0]).toBe(back.owner);
      expect(back.labels.get('a')).toBe('b');
      expect(back.labels).toBeInstanceOf(Labels);
      expect(back.labels.source).toBe('disk');
      expect(back.error).toBeInstanceOf(HttpError);
      expect(back.error.status).toBe(404);
    });

    it('are stored as their data otherwise, said once per class whatever codec says it', () => {
      const onWarning = jest.fn();
      const options = { onWarning };
      const value = { user: new User('Ada'), other: new User('Bob') };
      const { kind, data } = codecOf(options).encode(value);
      codecOf(options).encode(value);
      expect(onWarning).toHaveBeenCalledTimes(1);
      expect(onWarning).toHaveBeenCalledWith(expect.stringMatching(/User.*types: \[User\].*classInstances: 'allow'/));
      expect(codecOf().decode(kind, data)).toEqual({
        user: { name: 'Ada', friends: [] },
        other: { name: 'Bob', friends: [] },
      });
    });

    it('are stored silently or refused if so asked', () => {
      const onWarning = jest.fn();
      codecOf({ onWarning, classInstances: 'allow' }).encode(new User('Ada'));
      expect(onWarning).not.toHaveBeenCalled();
      const strict = codecOf({ classInstances: 'refuse' });
      expect(() => strict.encode({ list: [new User('Ada')] })).toThrow(
        expect.objectContaining({ path: 'value.list[0]', message: expect.stringContaining('User') }),
      );
    });

    it('are refused where their data cannot be seen, registered or not', () => {
      expect(() => codecOf().encode({ link: new URL('http://localhost/') })).toThrow(
        /value\.link: an instance of URL keeps/,
      );
      expect(() => codecOf({ types: [Secret] }).encode(new Secret())).toThrow(InvalidValueError);
    });

    it('of an unregistered error class come back as the built-in error below it', () => {
      const { kind, data } = codecOf().encode(new HttpError('gone'));
      const back = codecOf().decode(kind, data) as HttpError;
      expect(Object.getPrototypeOf(back)).toBe(TypeError.prototype);
      expect({ message: back.message, status: back.status }).toEqual({ message: 'gone', status: 404 });
    });
  });

  describe('depth', () => {
    it('refuses what is nested too deeply for the platform, without a crash', () => {
      let json: unknown = {};
      let typed: unknown = new Date(0);
      for (let level = 0; level < 200_000; level++) {
        json = { json };
        typed = { typed };
      }
      for (const deep of [json, typed]) expect(() => codecOf().encode(deep)).toThrow(/value: is nested too deeply/);
    });
  });
});

/** Bytes that do not compress, the same ones every time. */
function randomBytes(count: number): number[] {
  let state = 12345;
  return Array.from({ length: count }, () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state >>> 24;
  });
}
