import type { ResolvedOptions } from '../options/options.js';
import { AdaptiveCompressor } from './adaptive-compressor.js';
import { ClassPolicy } from './class-policy.js';
import type { Compressor } from './compressor.js';
import { CopyCodec } from './copy.codec.js';
import { FrozenCodec } from './frozen.codec.js';
import { PayloadPacker } from './payload-packer.js';
import { SharedCodec } from './shared.codec.js';
import type { ValueCodec } from './value-codec.js';

/** The options that decide how values are stored. */
export type CodecOptions = Pick<
  ResolvedOptions,
  'isolation' | 'compressionLevel' | 'compressionThreshold' | 'types' | 'classInstances' | 'onWarning'
>;

/**
 * The codec for `options`. Codecs that differ in compression alone read what the others wrote, so a running cache may
 * change it and keep its entries.
 */
export function createValueCodec(options: CodecOptions, compressor: Compressor = new AdaptiveCompressor()): ValueCodec {
  if (options.isolation === 'shared') return new SharedCodec();
  const packer = new PayloadPacker(compressor, options.compressionLevel, options.compressionThreshold);
  const copy = new CopyCodec(packer, compressor, new ClassPolicy(options));
  return options.isolation === 'frozen' ? new FrozenCodec(copy) : copy;
}
