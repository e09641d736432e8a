import { cpuBackend } from '../../src/backends/native/index.js';
import { describeGolden } from './golden-suite.js';

await describeGolden(cpuBackend, { 'mlp-4': 20, 'cnn-1-narrow': 20, 'cnn-2-narrow': 20, 'cnn-2': 20 });
