import { jsBackend } from '../../src/backends/js.js';
import { describeGolden } from './golden-suite.js';

await describeGolden(jsBackend);
