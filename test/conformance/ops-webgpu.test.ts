import { webgpuBackend } from '../../src/backends/webgpu/index.js';
import { describeOps } from './ops-suite.js';

// A processor that plays a GPU takes half a minute for some of them.
// @module-tag slow
await describeOps(webgpuBackend);
