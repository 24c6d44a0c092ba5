import type { ResolvedOptions } from '../options/options.js';
import { AvailableCompressors } from './available-compressors.js';
import { ClassPolicy } from './class-policy.js';
import type { CompressorSet } from './compressor.js';
import { CopyCodec } from './copy.codec.js';
import { CopyReader } from './copy-reader.js';
import { FrozenCodec } from './frozen.codec.js';
import { ImmutableCodec } from './immutable.codec.js';
import { type CompressionCounts, type DeferralGate, PayloadPacker } from './payload-packer.js';
import { SharedCodec } from './shared.codec.js';
import type { ValueCodec } from './value-codec.js';
import { zstdCompressor } from './zstd-compressor.js';

/** The options that decide how values are stored. */
export type CodecOptions = Pick<
  ResolvedOptions,
  'isolation' | 'compressionLevel' | 'compressionThreshold' | 'types' | 'classInstances' | 'onWarning'
>;

/** What the codecs of one cache share, whatever its options are at the time. */
export interface CompressionParts {
  /** @default what this Node has */
  readonly compressors?: CompressorSet;
  readonly counts?: CompressionCounts;
  /** Without one every payload is compressed before it is stored. */
  readonly gate?: DeferralGate;
}

/**
 * The codec for `options`. Codecs that differ in compression alone read what the others wrote, so a running cache may
 * change it and keep its entries.
 */
export function createValueCodec(
  options: CodecOptions,
  { compressors, counts, gate }: CompressionParts = {},
): ValueCodec {
  if (options.isolation === 'shared') return new ImmutableCodec(new SharedCodec());
  const available = compressors ?? new AvailableCompressors(zstdCompressor());
  const packer = new PayloadPacker(available, options.compressionLevel, options.compressionThreshold, counts, gate);
  const classes = new ClassPolicy(options);
  const copy = new CopyCodec(packer, classes, new CopyReader(available, classes));
  return new ImmutableCodec(options.isolation === 'frozen' ? new FrozenCodec(copy) : copy);
}
