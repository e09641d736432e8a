import { wasmStockBackend } from '../../src/backends/wasm/stock.js';
import { describeResume } from './resume-suite.js';

await describeResume(wasmStockBackend, { trainsCnns: false });
