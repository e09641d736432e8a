import { CnnbenchError } from '../../src/core/errors.js';
import { webgpuBackend } from '../../src/backends/webgpu/index.js';

/** Why webgpu cannot be tested here, if it can't: no adapter at all, not even one in software. Any other fault is one. */
export async function absenceOfWebgpu(): Promise<string | undefined> {
  return webgpuBackend.activate({}).then(
    () => undefined,
    (error: unknown) => {
      if (!(error instanceof CnnbenchError) || error.code !== 'E_BACKEND_UNAVAILABLE') throw error;
      const reason = `webgpu is not tested: ${error.message}. ${error.remedy}`;
      process.stderr.write(`${reason}\n`);
      return reason;
    },
  );
}
