import { webgpuBackend } from '../../src/backends/webgpu/index.js';
import { describeResume } from './resume-suite.js';

await describeResume(webgpuBackend, { every: 4 });
