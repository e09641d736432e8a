import { wasmBackend } from '../../src/backends/wasm/index.js';
import { describeKernels } from './kernels-suite.js';

await describeKernels(wasmBackend, {
  'max pooling of negative numbers':
    'MaxPoolGrad of tfjs-backend-wasm 4.22 takes the first of a window without a positive number; after a ReLU there is none',
});
