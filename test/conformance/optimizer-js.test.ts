import { jsBackend } from '../../src/backends/js.js';
import { describeOptimizer } from './optimizer-suite.js';

await describeOptimizer(jsBackend);
