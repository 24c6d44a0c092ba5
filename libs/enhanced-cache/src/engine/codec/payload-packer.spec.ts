import { InvalidValueError } from '../errors.js';
import { CompressionLevel } from '../options/enums.js';
import { CompressionId, type Compressor, type CompressorSet } from './compressor.js';
import { Encoding, MAX_PAYLOAD_BYTES } from './frame.js';
import { PayloadPacker } from './payload-packer.js';

/** Gives as many bytes as it is told, and counts how often it is asked. */
class FixedCompressor implements Compressor, CompressorSet {
  readonly id = CompressionId.RAW_DEFLATE;
  calls = 0;
  constructor(private readonly outputBytes: number) {}
  compress(): Uint8Array {
    this.calls++;
    return new Uint8Array(this.outputBytes);
  }
  decompress(): Uint8Array {
    return new Uint8Array(0);
  }
  writer(): Compressor {
    return this;
  }
  reader(): Compressor {
    return this;
  }
}
const payload = (byteLength: number) => ({
  encoding: Encoding.JSON_LATIN1,
  viewType: 0,
  bytes: new Uint8Array(byteLength),
});

describe('PayloadPacker', () => {
  it('keeps a compressed form only where it saves a tenth, header included', () => {
    const packed = (output: number) => new PayloadPacker(new FixedCompressor(output), 6, 100).framed(payload(1000));
    expect(packed(884)).toMatchObject({ originalBytes: 1000, storedBytes: 900 });
    expect(packed(885)).toMatchObject({ originalBytes: 1000, storedBytes: 1000 });
  });

  it('does not even try below the threshold or with compression off', () => {
    const compressor = new FixedCompressor(1);
    new PayloadPacker(compressor, CompressionLevel.DEFAULT, 100).framed(payload(99));
    new PayloadPacker(compressor, CompressionLevel.NONE, 0).framed(payload(99));
    expect(compressor.calls).toBe(0);
    new PayloadPacker(compressor, CompressionLevel.DEFAULT, 100).framed(payload(100));
    expect(compressor.calls).toBe(1);
  });

  it('refuses what no frame can hold', () => {
    const packer = new PayloadPacker(new FixedCompressor(1), 6, 0);
    const huge = { ...payload(0), bytes: { byteLength: MAX_PAYLOAD_BYTES + 1 } as Uint8Array };
    expect(() => packer.framed(huge)).toThrow(InvalidValueError);
  });
});
