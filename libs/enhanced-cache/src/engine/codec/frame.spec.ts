import { CodecError } from '../errors.js';
import { AdaptiveCompressor } from './adaptive-compressor.js';
import { CompressionId } from './compressor.js';
import { Encoding, FRAME_HEADER_BYTES, MAX_PAYLOAD_BYTES, type Payload, readFrame, writeFrame } from './frame.js';

const compressor = new AdaptiveCompressor();
const text = Buffer.from('{"name":"a name","list":[1,2,3,1,2,3,1,2,3,1,2,3]}');
const payload = (bytes: Buffer, encoding: Payload['encoding'] = Encoding.JSON_LATIN1, viewType = 0): Payload => ({
  encoding,
  viewType,
  bytes,
});
const plain = (bytes = text): Buffer => writeFrame(payload(bytes), CompressionId.NONE, bytes);
const compressed = (bytes = text): Buffer => {
  return writeFrame(payload(bytes), CompressionId.RAW_DEFLATE, compressor.compress(bytes, 6));
};
const samples: [string, Buffer][] = [
  ['plain', plain()],
  ['compressed', compressed()],
  ['compressed, inflated natively', compressed(Buffer.from(String(text).repeat(10)))],
  ['empty', plain(Buffer.alloc(0))],
  ['bytes', writeFrame(payload(text, Encoding.BYTES, 2), CompressionId.NONE, text)],
];

describe('frame', () => {
  it.each(samples)('brings back its payload: %s', (_, frame) => {
    const { bytes, encoding } = readFrame(frame, compressor);
    expect([Encoding.JSON_LATIN1, Encoding.BYTES]).toContain(encoding);
    expect(frame.length === FRAME_HEADER_BYTES || Buffer.from(bytes).toString().startsWith(String(text))).toBe(true);
  });

  it.each(samples)('refuses every single changed bit: %s', (_, frame) => {
    let refused = 0;
    for (let bit = 0; bit < frame.length * 8; bit++) {
      const broken = Buffer.from(frame);
      broken[bit >> 3] ^= 1 << (bit & 7);
      expect(() => readFrame(broken, compressor)).toThrow(CodecError);
      refused++;
    }
    expect(refused).toBe(frame.length * 8);
  });

  it.each(samples)('refuses every truncation and anything appended: %s', (_, frame) => {
    for (let length = 0; length < frame.length; length++) {
      expect(() => readFrame(frame.subarray(0, length), compressor)).toThrow(CodecError);
    }
    expect(() => readFrame(Buffer.concat([frame, Buffer.alloc(1)]), compressor)).toThrow(CodecError);
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
    expect(() => readFrame(writeFrame(what, compression, text), compressor)).toThrow(message);
  });

  it('refuses a recorded length that is not what is there, or beyond all bounds', () => {
    const length = (byteLength: number) => ({ ...payload(text), bytes: { byteLength } as Buffer });
    const wrong = (byteLength: number) => writeFrame(length(byteLength), CompressionId.NONE, text);
    expect(() => readFrame(wrong(text.length - 1), compressor)).toThrow(/bytes recorded/);
    expect(() => readFrame(wrong(MAX_PAYLOAD_BYTES + 1), compressor)).toThrow(/too many/);
  });
});
