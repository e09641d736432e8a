import { wasmStockBackend } from '../../src/backends/wasm/stock.js';
import { describeKernels } from './kernels-suite.js';

await describeKernels(wasmStockBackend, {
  convolution: 'it has no Conv2DBackpropFilter (tensorflow/tfjs#8474)',
  'fused product': 'with a transposed operand its _FusedMatMul forgets bias and activation',
  'max pooling of negative numbers': 'its MaxPoolGrad takes the first of a window without a positive number',
  'whole model': 'it has no Conv2DBackpropFilter',
  'every kernel': 'it has no Conv2DBackpropFilter',
});
