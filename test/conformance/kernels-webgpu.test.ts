import { webgpuBackend } from '../../src/backends/webgpu/index.js';
import { describeKernels } from './kernels-suite.js';

await describeKernels(webgpuBackend);
