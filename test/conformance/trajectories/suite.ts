import { expect, test } from 'vitest';
import type { Backend } from '../../../src/backends/backend.js';
import { describeBackend } from '../available.js';
import { KERAS_CASES, PYTORCH_CASES } from './cases.js';
import { errorOf } from './error.js';
import { problemOf } from './problem.js';
import { readGolden } from './python.js';
import { solve } from './solve.js';

/** Of inputs, labels and start weights of the golden trajectories. */
export const SEED = 24;

/** Float32, a few steps. */
const TOLERANCE = 2e-5;

/** A backend takes the steps that PyTorch and Keras took: each layer, optimizer, schedule and loss. One file for each backend. */
export async function describeTrajectories(backend: Backend): Promise<void> {
  await describeBackend(backend, `trajectories on ${backend.name}`, (active) => {
    for (const [reference, cases] of [
      ['pytorch', PYTORCH_CASES],
      ['keras', KERAS_CASES],
    ] as const) {
      const golden = readGolden(reference)?.answers ?? {};
      test.for(cases.map((wanted) => [wanted.name, wanted] as const))(
        `%s is that of ${reference}`,
        async ([name, wanted]) => {
          const found = await solve(active, problemOf(wanted, SEED), SEED);
          expect(errorOf(found, golden[name]!)).toBeLessThan(TOLERANCE);
        },
      );
    }
  });
}
