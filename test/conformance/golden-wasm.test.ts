import { wasmBackend } from '../../src/backends/wasm/index.js';
import { describeGolden } from './golden-suite.js';

await describeGolden(wasmBackend, ['mlp-4', 'cnn-1-narrow', 'cnn-2-narrow']);
