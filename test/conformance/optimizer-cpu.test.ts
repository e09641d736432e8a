import { cpuBackend } from '../../src/backends/native/index.js';
import { describeOptimizer } from './optimizer-suite.js';

await describeOptimizer(cpuBackend);
