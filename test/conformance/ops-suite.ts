import { expect, test } from 'vitest';
import type { Backend } from '../../src/backends/backend.js';
import type { Values } from '../../src/core/operation.js';
import { measure } from '../../src/examples/measure.js';
import { naivePrimitives } from '../../src/examples/naive.js';
import type { Primitives } from '../../src/examples/primitives.js';
import { tfjsPrimitives } from '../../src/examples/tfjs.js';
import { OPS_EXPERIMENTS } from '../../src/suites/examples/index.js';
import { describeBackend } from './available.js';
import { randomNumbers, relativeError } from './numbers.js';

/** Bound of float32 sums of a few hundred products. */
const TOLERANCE = 2e-6;

const SEED = Number(process.env['CNNBENCH_TEST_SEED'] ?? Date.now() % 1_000_000);

/** Conformance of a backend: one file for each, because a process can start only one variant of wasm. */
export async function describeOps(backend: Backend): Promise<void> {
  await describeBackend(backend, `the ops suite on ${backend.name}`, ({ tf, layers }) => {
    const primitives = tfjsPrimitives(tf, layers);

    test.each(OPS_EXPERIMENTS)('$id leaves what plain loops leave, and no tensor', async ({ operations }) => {
      const before = tf.memory().numTensors;
      const measured = await measure(primitives, operations);
      expect(tf.memory().numTensors).toBe(before);
      const expected = await measure(naivePrimitives, operations);
      for (const [index, { name, shape, values, error }] of measured.entries()) {
        expect([name, shape, error]).toEqual([expected[index]?.name, expected[index]?.shape, undefined]);
        expect(relativeError(floats(values), floats(expected[index]?.values ?? [])), name).toBeLessThan(TOLERANCE);
      }
    });

    test(`primitives on random problems (CNNBENCH_TEST_SEED=${SEED})`, async () => {
      const random = randomNumbers(SEED);
      for (let round = 0; round < 40; round++) {
        const [stride, k] = [random.integer(1, 3), random.integer(1, 4)];
        const dilation = stride === 1 ? random.integer(1, 2) : 1;
        const padding = random.integer(0, k - 1);
        const [channels, filters] = [random.integer(1, 3), random.integer(1, 3)];
        const draw = (...shape: number[]): Values => ({
          shape,
          values: [...random.values(shape.reduce((product, length) => product * length, 1))],
        });
        const image = draw(random.integer(1, 2), random.integer(8, 11), random.integer(8, 11), channels);
        const filter = draw(k, k, channels, filters);
        const geometry = { stride, padding, dilation };
        const output = await naivePrimitives.conv2d(image, filter, geometry);
        const undilated = await naivePrimitives.conv2d(image, filter, { ...geometry, dilation: 1 });
        const matrix = draw(random.integer(1, 5), random.integer(1, 5));
        const other = draw(matrix.shape[1] as number, random.integer(1, 5));
        const vector = draw(random.integer(1, 9));
        const problems: ((on: Primitives) => Promise<Values>)[] = [
          (on) => on.conv2d(image, filter, geometry),
          (on) => on.conv2dTranspose(undilated, filter, image.shape, geometry),
          (on) => on.pool('max', image, { size: k, stride }),
          (on) => on.pool('average', image, { size: k, stride }),
          (on) =>
            on.addBias(
              output,
              Array.from({ length: filters }, (_, index) => index - 0.5),
            ),
          (on) => on.matMul(matrix, other),
          (on) => on.relu(image),
          (on) => on.apply('sigmoid', vector),
          (on) => on.apply('tanh', vector),
          (on) => on.apply('softmax', vector),
          (on) => on.apply('log-softmax', vector),
          (on) => on.apply('log', { shape: vector.shape, values: vector.values.map((value) => 0.1 + value ** 2) }),
        ];
        for (const [index, problem] of problems.entries()) {
          const [actual, expected] = [await problem(primitives), await problem(naivePrimitives)];
          const about = `problem ${index} of round ${round}: ${JSON.stringify({ image: image.shape, k, ...geometry })}`;
          expect(actual.shape, about).toEqual([...expected.shape]);
          // What is drawn is of order 1, and a lone sum can cancel.
          expect(relativeError(floats(actual.values), floats(expected.values), 1), about).toBeLessThan(TOLERANCE);
        }
      }
    });
  });
}

function floats(values: readonly number[]): Float32Array {
  return Float32Array.from(values);
}
