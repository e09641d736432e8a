import { jsBackend } from '../../src/backends/js.js';
import { describeOps } from './ops-suite.js';

await describeOps(jsBackend);
