import { wasmStockBackend } from '../../src/backends/wasm/stock.js';
import { describeOps } from './ops-suite.js';

await describeOps(wasmStockBackend);
