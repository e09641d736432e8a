import { cpuBackend } from '../../src/backends/native/index.js';
import { describeCpu } from './native.js';
import { describeOps } from './ops-suite.js';

describeCpu('libtensorflow on the processor', () => describeOps(cpuBackend));
