import { CodecError } from '../errors.js';
import { AvailableCompressors } from './available-compressors.js';
import { CompressionId } from './compressor.js';
import { zstdCompressor } from './zstd-compressor.js';
import { Encoding, FRAME_HEADER_BYTES, MAX_PAYLOAD_BYTES, type Payload, readFrame, writeFrame } from './frame.js';

const zstd = zstdCompressor();
const compressors = new AvailableCompressors(zstd);
const text = Buffer.from('{"name":"a name","list":[1,2,3,1,2,3,1,2,3,1,2,3]}');
const payload = (bytes: Buffer, encoding: Payload['encoding'] = Encoding.JSON_LATIN1, viewType = 0): Payload => ({
  encoding,
  viewType,
  bytes,
});
const plain = (bytes = text): Buffer => writeFrame(payload(bytes), CompressionId.NONE, bytes);
const compressed = (bytes = text): Buffer => {
  return writeFrame(
    payload(bytes),
    CompressionId.RAW_DEFLATE,
    compressors.writer(bytes.byteLength, 6).compress(bytes, 6),
  );
};

/** Frames of the first version of the format, in base64. They have to stay readable. */
const GOLDEN = {
  plain: 'AQEAADIAAAAyAAAAOu2+NnsibmFtZSI6ImEgbmFtZSIsImxpc3QiOlsxLDIsMywxLDIsMywxLDIsMywxLDIsM119',
  deflated: 'AQEBADIAAAAhAAAAIe+NXatWykvMTVWyUkpUADN0lHIyi0uUrKINdYx0jHUwyNhaAA==',
  zstd: 'AQECADIAAAAtAAAAZlKa5Si1L/0gMiUBAOB7Im5hbWUiOiJhICwibGlzdCI6WzEsMiwzLF19AgAps1Iocw==',
  bytes: 'AQcAAgQAAAAEAAAAVVrVgwECA/8=',
};
const golden = (name: keyof typeof GOLDEN): Buffer => Buffer.from(GOLDEN[name], 'base64');

const samples: [string, Buffer][] = [
  ['plain', plain()],
  ['compressed', compressed()],
  ['compressed, inflated natively', compressed(Buffer.from(String(text).repeat(10)))],
  ['empty', plain(Buffer.alloc(0))],
  ['bytes', writeFrame(payload(text, Encoding.BYTES, 2), CompressionId.NONE, text)],
];

describe('frame', () => {
  it.each(samples)('brings back its payload: %s', (_, frame) => {
    const { bytes, encoding } = readFrame(frame, compressors);
    expect([Encoding.JSON_LATIN1, Encoding.BYTES]).toContain(encoding);
    expect(frame.length === FRAME_HEADER_BYTES || Buffer.from(bytes).toString().startsWith(String(text))).toBe(true);
  });

  it.each(samples)('refuses every single changed bit: %s', (_, frame) => {
    let refused = 0;
    for (let bit = 0; bit < frame.length * 8; bit++) {
      const broken = Buffer.from(frame);
      broken[bit >> 3] ^= 1 << (bit & 7);
      expect(() => readFrame(broken, compressors)).toThrow(CodecError);
      refused++;
    }
    expect(refused).toBe(frame.length * 8);
  });

  it.each(samples)('refuses every truncation and anything appended: %s', (_, frame) => {
    for (let length = 0; length < frame.length; length++) {
      expect(() => readFrame(frame.subarray(0, length), compressors)).toThrow(CodecError);
    }
    expect(() => readFrame(Buffer.concat([frame, Buffer.alloc(1)]), compressors)).toThrow(CodecError);
  });

  it('is written as it always was', () => {
    expect(plain().toString('base64')).toBe(GOLDEN.plain);
    const bytes = Buffer.from([1, 2, 3, 255]);
    const frame = writeFrame(payload(bytes, Encoding.BYTES, 2), CompressionId.NONE, bytes);
    expect(frame.toString('base64')).toBe(GOLDEN.bytes);
  });

  it.each(['plain', 'deflated'] as const)('is read as it always was: %s', (name) => {
    const { bytes, ...read } = readFrame(golden(name), compressors);
    expect(Buffer.from(bytes).toString()).toBe(String(text));
    expect(read).toEqual({ encoding: Encoding.JSON_LATIN1, viewType: 0 });
  });

  it('of zstd is read where there is zstd and refused where there is none', () => {
    const deflateOnly = new AvailableCompressors(undefined);
    expect(() => readFrame(golden('zstd'), deflateOnly)).toThrow(CodecError);
    expect(() => readFrame(golden('zstd'), deflateOnly)).toThrow(/compression 2 cannot be read/);
    if (zstd) expect(Buffer.from(readFrame(golden('zstd'), compressors).bytes).toString()).toBe(String(text));
  });

  it('owns memory of exactly its size', () => {
    const frame = plain(Buffer.from('abc'.repeat(100)));
    expect(frame.byteOffset).toBe(0);
    expect(frame.buffer.byteLength).toBe(frame.byteLength);
  });

  it.each([
    ['an unknown encoding', payload(text, 99 as never), CompressionId.NONE, /encoding 99/],
    ['an unknown compression', payload(text), 9 as never, /compression 9/],
    ['a view type where there are no bytes', payload(text, Encoding.JSON_UTF8, 3), CompressionId.NONE, /view type 3/],
    ['bytes without a type', payload(text, Encoding.BYTES), CompressionId.NONE, /view type 0/],
    ['bytes of an unknown type', payload(text, Encoding.BYTES, 200), CompressionId.NONE, /view type 200/],
  ])('refuses %s even where the checksum is right', (_, what, compression, message) => {
    expect(() => readFrame(writeFrame(what, compression, text), compressors)).toThrow(message);
  });

  it('refuses a recorded length that is not what is there, or beyond all bounds', () => {
    const length = (byteLength: number) => ({ ...payload(text), bytes: { byteLength } as Buffer });
    const wrong = (byteLength: number) => writeFrame(length(byteLength), CompressionId.NONE, text);
    expect(() => readFrame(wrong(text.length - 1), compressors)).toThrow(/bytes recorded/);
    expect(() => readFrame(wrong(MAX_PAYLOAD_BYTES + 1), compressors)).toThrow(/too many/);
  });
});
