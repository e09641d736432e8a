import { webgpuBackend } from '../../src/backends/webgpu/index.js';
import { describeOptimizer } from './optimizer-suite.js';

await describeOptimizer(webgpuBackend);
