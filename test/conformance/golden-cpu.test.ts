import { cpuBackend } from '../../src/backends/native/index.js';
import { describeGolden } from './golden-suite.js';

await describeGolden(cpuBackend, ['mlp-4', 'cnn-1-narrow', 'cnn-2-narrow']);
