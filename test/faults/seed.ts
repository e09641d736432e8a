/** Whether the long form of the fault tests runs: `npm run test:faults`. */
export const LONG = process.env['CNNBENCH_FAULTS'] === 'long';

/**
 * Where random tests start from; they print it. CNNBENCH_TEST_SEED, else the long form draws a new one each time, and the short
 * one always takes the same: a commit that fails it has changed something.
 */
export const SEED = process.env['CNNBENCH_TEST_SEED'] ?? (LONG ? String(Date.now() % 1_000_000) : '1');
