import { describeCompressorContract } from '../../../test/contracts/compressor.contract.js';
import { AdaptiveCompressor } from './adaptive-compressor.js';

describeCompressorContract('AdaptiveCompressor', () => new AdaptiveCompressor());
