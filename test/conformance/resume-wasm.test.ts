import { wasmBackend } from '../../src/backends/wasm/index.js';
import { describeResume } from './resume-suite.js';

await describeResume(wasmBackend);
