import { wasmBackend } from '../../src/backends/wasm/index.js';
import { describeGolden } from './golden-suite.js';

await describeGolden(wasmBackend, { 'mlp-4': 20, 'cnn-1-narrow': 20, 'cnn-2-narrow': 20, 'cnn-2': 20 });
