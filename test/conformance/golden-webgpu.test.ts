import { webgpuBackend } from '../../src/backends/webgpu/index.js';
import { describeGolden } from './golden-suite.js';

await describeGolden(webgpuBackend);
