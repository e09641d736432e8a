import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Tf } from '../../src/backends/tfjs.js';
import { startTunedWasm, type TunedWasm } from '../../src/backends/wasm/tuned.js';
import { gradientError } from './differences.js';
import { GRADIENT_ROWS } from './gradient-rows.js';
import { randomNumbers } from './numbers.js';
import '@tensorflow/tfjs-backend-cpu';

/** Differences in float32 are right to about 1e-4. */
const TOLERANCE = 1e-2;
const PROBLEMS = 12;

const SEED = Number(process.env['CNNBENCH_TEST_SEED'] ?? Date.now() % 1_000_000);

describe.for(['module', 'xnnpack'] as const)('%s (CNNBENCH_TEST_SEED=' + String(SEED) + ')', (kernels) => {
  let tuned: TunedWasm;
  let tf: Tf;
  beforeAll(async () => {
    tuned = await startTunedWasm({ kernels });
    ({ tf } = tuned);
  });
  afterAll(() => tuned.stop());

  test.for(GRADIENT_ROWS)('differences confirm the gradient of $name', async (row) => {
    await tf.setBackend('wasm');
    const random = randomNumbers(SEED);
    for (let problem = 0; problem < PROBLEMS; problem++) {
      const drawn = row.draw(tf, random);
      const { error, kernels: used } = await gradientError(tf, drawn, random);
      expect(used).toEqual(expect.arrayContaining([...row.kernels]));
      expect(error, `problem ${problem}: ${JSON.stringify(drawn.shapes)} ${String(drawn.compute)}`).toBeLessThan(
        TOLERANCE,
      );
    }
  });

  test('every kernel of a gradient has a row', () => {
    const names = tf.getKernelsForBackend('wasm').map(({ kernelName }) => kernelName);
    const known = GRADIENT_ROWS.flatMap((row) => row.kernels);
    expect(names.filter((name) => /Grad$|Backprop/.test(name) && !known.includes(name))).toEqual([]);
  });
});
