import { wasmBackend } from '../../src/backends/wasm/index.js';
import { describeOptimizer } from './optimizer-suite.js';

await describeOptimizer(wasmBackend);
