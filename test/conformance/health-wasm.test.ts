import { wasmBackend } from '../../src/backends/wasm/index.js';
import { describeHealth } from './health-suite.js';

await describeHealth(wasmBackend);
