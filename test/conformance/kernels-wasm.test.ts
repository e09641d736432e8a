import { wasmBackend } from '../../src/backends/wasm/index.js';
import { describeKernels } from './kernels-suite.js';

await describeKernels(wasmBackend);
