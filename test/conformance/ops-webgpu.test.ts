import { test } from 'vitest';
import { webgpuBackend } from '../../src/backends/webgpu/index.js';
import { describeOps } from './ops-suite.js';
import { absenceOfWebgpu } from './webgpu.js';

const absence = await absenceOfWebgpu();
if (absence === undefined) describeOps(webgpuBackend);
else test.skip(absence);
