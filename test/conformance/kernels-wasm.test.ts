import { wasmBackend } from '../../src/backends/wasm/index.js';
import { describeKernels } from './kernels-suite.js';

await describeKernels(wasmBackend, {
  'average pooling with pad same':
    "the oracle's gradient divides by the whole window; wasm-gradients.test.ts holds ours to numeric differences",
});
