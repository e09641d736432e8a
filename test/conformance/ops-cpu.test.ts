import { cpuBackend } from '../../src/backends/native/index.js';
import { describeOps } from './ops-suite.js';

await describeOps(cpuBackend);
