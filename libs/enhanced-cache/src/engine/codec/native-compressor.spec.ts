import { describeCompressorContract } from '../../../test/contracts/compressor.contract.js';
import { NativeCompressor } from './native-compressor.js';

describeCompressorContract('NativeCompressor', () => new NativeCompressor());
