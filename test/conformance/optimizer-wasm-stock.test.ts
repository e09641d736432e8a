import { wasmStockBackend } from '../../src/backends/wasm/stock.js';
import { describeOptimizer } from './optimizer-suite.js';

await describeOptimizer(wasmStockBackend);
