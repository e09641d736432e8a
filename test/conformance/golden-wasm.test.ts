import { wasmBackend } from '../../src/backends/wasm/index.js';
import { describeGolden } from './golden-suite.js';

await describeGolden(wasmBackend);
