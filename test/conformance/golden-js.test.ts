import { jsBackend } from '../../src/backends/js.js';
import { describeGolden } from './golden-suite.js';

// A step of a twin takes seconds on js, one of cnn-2 minutes.
describeGolden(jsBackend, { 'mlp-4': 20, 'cnn-1-narrow': 3, 'cnn-2-narrow': 2 });
