import { deflateSync, inflateSync } from 'fflate';
import { CodecError } from '../errors.js';
import { CompressionId, type Compressor, type EffortLevel } from './compressor.js';

/** Raw DEFLATE by fflate: pure JavaScript, no call into native code, hence no fixed cost per call when reading. */
export class FflateCompressor implements Compressor {
  readonly id = CompressionId.RAW_DEFLATE;

  compress(bytes: Uint8Array, level: EffortLevel): Uint8Array {
    return deflateSync(bytes, { level });
  }

  decompress(bytes: Uint8Array, originalLength: number): Uint8Array {
    let inflated: Uint8Array;
    try {
      // fflate stops silently where `out` is full. One spare byte shows a stream that holds more than it should.
      inflated = inflateSync(bytes, { out: new Uint8Array(originalLength + 1) });
    } catch (error) {
      throw new CodecError('compressed payload: not a DEFLATE stream', { cause: error });
    }
    if (inflated.byteLength !== originalLength) {
      throw new CodecError(`compressed payload: expected ${originalLength} bytes, it does not hold as many`);
    }
    return inflated;
  }
}
