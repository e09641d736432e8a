import { wasmStockBackend } from '../../src/backends/wasm/stock.js';
import { describeOps } from './ops-suite.js';

describeOps(wasmStockBackend);
