import { webgpuBackend } from '../../src/backends/webgpu/index.js';
import { describeGolden } from './golden-suite.js';

await describeGolden(webgpuBackend, { 'mlp-4': 20, 'cnn-1-narrow': 20, 'cnn-2-narrow': 20 });
