import { webgpuBackend } from '../../src/backends/webgpu/index.js';
import { describeOps } from './ops-suite.js';

await describeOps(webgpuBackend);
