import { cpuBackend } from '../../src/backends/native/index.js';
import { describeKernels } from './kernels-suite.js';

await describeKernels(cpuBackend, {
  'average pooling with pad same':
    'the oracle divides its gradient by all numbers of a window, TensorFlow by those within the image',
});
