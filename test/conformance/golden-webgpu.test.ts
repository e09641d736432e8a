import { webgpuBackend } from '../../src/backends/webgpu/index.js';
import { describeGolden } from './golden-suite.js';

// A step of a twin takes seconds where a processor plays the GPU.
await describeGolden(webgpuBackend, { 'mlp-4': 20, 'cnn-1-narrow': 5, 'cnn-2-narrow': 2 });
