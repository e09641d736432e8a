import { describe } from 'vitest';
import { cacheDirectory } from '../../src/data/cache.js';
import { findInstallation } from '../../src/native/find.js';

/** Whether the backend `cpu` can be tested here; if not, a line on stderr says what to do. */
const hasCpu = findInstallation(cacheDirectory(process.env), 'cpu') !== undefined;

if (!hasCpu) process.stderr.write('skipped: cpu is not set up; run "node bin/run.js setup cpu" to test it\n');

export const describeCpu = describe.skipIf(!hasCpu);
