import { jsBackend } from '../../src/backends/js.js';
import { describeHealth } from './health-suite.js';

await describeHealth(jsBackend);
