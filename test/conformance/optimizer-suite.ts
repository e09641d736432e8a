import type { Scalar, Tensor, Variable } from '@tensorflow/tfjs-core';
import { expect, test } from 'vitest';
import type { Backend } from '../../src/backends/backend.js';
import type { OptimizerFactory } from '../../src/backends/additions.js';
import type { Tf } from '../../src/backends/tfjs.js';
import type { HostTensor } from '../../src/core/tensor.js';
import type { AdamState } from '../../src/core/training-state.js';
import { describeBackend } from './available.js';
import { randomNumbers } from './numbers.js';

const SEED = Number(process.env['CNNBENCH_TEST_SEED'] ?? Date.now() % 1_000_000);
const random = randomNumbers(SEED);

/** Weights of random sizes, one of them without a gradient, and an interruption after some of the steps. */
interface Problem {
  readonly sizes: readonly number[];
  readonly unused: number;
  readonly before: number;
  readonly after: number;
}

const PROBLEMS = Array.from({ length: 3 }, (): Problem => {
  const sizes = Array.from({ length: random.integer(2, 4) }, () => random.integer(1, 5000));
  return {
    sizes,
    unused: random.integer(0, sizes.length - 1),
    before: random.integer(1, 7),
    after: random.integer(1, 7),
  };
});

const bitsOf = ({ values }: HostTensor) => [...new Uint32Array(values.slice().buffer)];

/** The state as a file has it: numbers as text, and copies of the values. */
function throughAFile({ firstMoments, secondMoments, ...numbers }: AdamState): AdamState {
  const copy = ({ shape, values }: HostTensor) => ({ shape: [...shape], values: values.slice() });
  const parsed = JSON.parse(JSON.stringify(numbers)) as typeof numbers;
  return { ...parsed, firstMoments: firstMoments.map(copy), secondMoments: secondMoments.map(copy) };
}

/** Trains, by several optimizers one after the other that hand their state on. */
async function train(tf: Tf, adam: OptimizerFactory, problem: Problem, sessions: readonly number[]) {
  const numbers = randomNumbers(SEED + 1);
  const settings = { learningRate: 0.01, beta1: 0.9, beta2: 0.999, epsilon: 1e-8 };
  let weights: HostTensor[] = problem.sizes.map((size) => ({ shape: [size], values: numbers.values(size) }));
  const targets = problem.sizes.map((size) => numbers.values(size));
  let state: AdamState | undefined;
  let step = 0;
  for (const steps of sessions) {
    const tensorsBefore = tf.memory().numTensors;
    const optimizer = adam(settings);
    const variables = tf.tidy(() => weights.map(({ values }) => tf.variable(tf.tensor1d(values.slice()))));
    if (state !== undefined) optimizer.loadState(throughAFile(state), variables);
    const loss = () => {
      const factor = 1 + step / 10;
      const terms = variables.flatMap((weight: Variable, index) =>
        index === problem.unused
          ? []
          : [tf.sum<Scalar>(tf.square(tf.sub<Tensor>(tf.mul(weight, factor), targets[index] as Float32Array)))],
      );
      return tf.addN<Scalar>(terms);
    };
    for (const end = step + steps; step < end; step++) optimizer.minimize(loss, false, variables);
    state = throughAFile(await optimizer.saveState(variables));
    weights = await Promise.all(
      variables.map(async (variable) => ({
        shape: variable.shape,
        values: ((await variable.data()) as Float32Array).slice(),
      })),
    );
    tf.dispose(variables);
    optimizer.dispose();
    expect(tf.memory().numTensors).toBe(tensorsBefore);
  }
  const { firstMoments = [], secondMoments = [], ...rest } = state ?? {};
  return {
    ...rest,
    weights: weights.map(bitsOf),
    moments: [...firstMoments, ...secondMoments].map(bitsOf),
  };
}

/**
 * An optimizer that is saved and loaded goes on to the bits of one that never stopped. One file for each backend, because
 * a process can start only one variant of it.
 */
export async function describeOptimizer(backend: Backend): Promise<void> {
  await describeBackend(backend, `the optimizer of ${backend.name} (CNNBENCH_TEST_SEED=${SEED})`, ({ tf, adam }) => {
    test.each(PROBLEMS)('goes on from its saved state to the same bits: %j', async (problem) => {
      const { before, after } = problem;
      const undisturbed = await train(tf, adam, problem, [before + after]);
      expect(undisturbed).toMatchObject({ steps: before + after });
      expect(await train(tf, adam, problem, [before, after])).toEqual(undisturbed);
      expect(
        await train(
          tf,
          adam,
          problem,
          Array.from({ length: before + after }, () => 1),
        ),
      ).toEqual(undisturbed);
    });
  });
}
