import { wasmBackend } from '../../src/backends/wasm/index.js';
import { describeOps } from './ops-suite.js';

await describeOps(wasmBackend);
