/** Whether the long form of the fault tests runs: `npm run test:faults`. */
export const LONG = process.env['CNNBENCH_FAULTS'] === 'long';

/** Where random tests start from: CNNBENCH_TEST_SEED, else a new draw each time. They print it. */
export const SEED = process.env['CNNBENCH_TEST_SEED'] ?? String(Date.now() % 1_000_000);
