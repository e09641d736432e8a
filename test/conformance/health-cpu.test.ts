import { cpuBackend } from '../../src/backends/native/index.js';
import { describeHealth } from './health-suite.js';

await describeHealth(cpuBackend);
