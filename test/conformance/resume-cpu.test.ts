import { cpuBackend } from '../../src/backends/native/index.js';
import { describeResume } from './resume-suite.js';

await describeResume(cpuBackend);
