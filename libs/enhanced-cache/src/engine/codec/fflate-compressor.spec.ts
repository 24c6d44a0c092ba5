import { describeCompressorContract } from '../../../test/contracts/compressor.contract.js';
import { FflateCompressor } from './fflate-compressor.js';

describeCompressorContract('FflateCompressor', () => new FflateCompressor());
