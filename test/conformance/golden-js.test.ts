import { jsBackend } from '../../src/backends/js.js';
import { describeGolden } from './golden-suite.js';

// A step of a twin takes up to 25 s on js while other tests run.
await describeGolden(jsBackend, { 'mlp-4': 20, 'cnn-1-narrow': 2, 'cnn-2-narrow': 1 });
