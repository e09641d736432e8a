import { cpuBackend } from '../../src/backends/native/index.js';
import { describeGolden } from './golden-suite.js';

await describeGolden(cpuBackend);
