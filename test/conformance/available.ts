import { describe, test } from 'vitest';
import type { ActiveBackend, Backend } from '../../src/backends/backend.js';
import { CnnbenchError } from '../../src/core/errors.js';

/**
 * Tests of a backend that is started for them. Where it cannot be had, they are skipped and stderr says why. Any other
 * fault is one: a test file that can't be loaded fails.
 */
export async function describeBackend(
  backend: Backend,
  title: string,
  define: (active: ActiveBackend) => void,
): Promise<void> {
  const active = await backend.activate({}).catch((error: unknown) => {
    if (!(error instanceof CnnbenchError) || error.code !== 'E_BACKEND_UNAVAILABLE') throw error;
    process.stderr.write(`skipped: ${backend.name} is not tested: ${error.message}. ${error.remedy}\n`);
    return undefined;
  });
  if (active === undefined) describe.skip(title, () => test('not available here', () => undefined));
  else describe(title, () => define(active));
}
