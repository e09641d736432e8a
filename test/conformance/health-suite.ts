import type { Tensor } from '@tensorflow/tfjs-core';
import { expect, test } from 'vitest';
import type { ActiveBackend, Backend } from '../../src/backends/backend.js';
import { randomStream } from '../../src/core/random.js';
import type { ZeroGradient } from '../../src/core/symptom.js';
import { makeBatch, batchesOfEpoch } from '../../src/train/batches.js';
import { weightNames } from '../../src/train/initialise.js';
import { train, type TrainingJob } from '../../src/train/train.js';
import { startTrainer, type TrainingBackend } from '../../src/train/trainer.js';
import { BATCH, tinyJob, tinyMlp, type TinyTraining } from '../fixtures/train/tiny.js';
import { describeBackend } from './available.js';

const SEED = Number(process.env['CNNBENCH_TEST_SEED'] ?? Date.now() % 1_000_000);
/** Of the trainings made to show one thing: in others ReLUs may die by chance and show another. */
const EXAMPLE_SEED = 1;
const STEPS_PER_EPOCH = 8;
const EPOCHS = 3;

/** Full batches only. */
function jobWith(change: TinyTraining): TrainingJob {
  return tinyJob({
    seed: EXAMPLE_SEED,
    epochs: EPOCHS,
    images: { train: BATCH * STEPS_PER_EPOCH, test: 40 },
    ...change,
  });
}

/** Every symptom and divergence of a training, made to happen in a real one. */
export async function describeHealth(backend: Backend): Promise<void> {
  await describeBackend(backend, `health of a training on ${backend.name} (CNNBENCH_TEST_SEED=${SEED})`, (active) => {
    const run = (job: TrainingJob, on: TrainingBackend = active) =>
      train(on, job, { onStep: async () => undefined, onEpoch: async () => undefined }, () => 0);

    test('the first step of every zero gradient is the one that reading all gradients in all steps finds', async () => {
      let found = 0;
      for (let seed = SEED; seed < SEED + 12; seed++) {
        // Rates at which ReLUs die, one layer or all of them, sooner or later.
        const job = jobWith({ learningRate: 10 ** (seed % 4), seed, model: tinyMlp({ bias: seed % 3 > 0 }) });
        const expected = await zeroGradientsOf(active, job);
        found += expected.length;
        const outcome = await run(job);
        expect(outcome.outcome).toBe('completed');
        expect(zeroGradients(outcome)).toEqual(expected);
      }
      process.stdout.write(`${backend.name}: ${found} steps with new zero gradients in 12 trainings\n`);
      expect(found).toBeGreaterThan(0);
    });

    test('a saturated softmax stops every gradient, and the training comes to its end', async () => {
      const outcome = await run(jobWith({ learningRate: 3, label: 2 }));
      expect(outcome).toMatchObject({ outcome: 'completed', testAccuracy: 1 });
      const tensors = zeroGradients(outcome).flatMap((symptom) => symptom.tensors);
      expect(tensors.toSorted()).toEqual(
        ['first', 'last', 'second'].flatMap((layer) => [`${layer}.bias`, `${layer}.kernel`]),
      );
    });

    test('a connection that is lost is named from the first step on', async () => {
      const mend = loseGradientOfRelu(active);
      try {
        expect(zeroGradients(await run(jobWith({})))).toEqual([
          {
            kind: 'zero-gradient',
            epoch: 1,
            step: 1,
            tensors: ['first.kernel', 'first.bias', 'second.kernel', 'second.bias'],
          },
        ]);
      } finally {
        mend();
      }
      expect(zeroGradients(await run(jobWith({})))).toEqual([]);
    });

    test.each([Infinity, NaN])(
      'a pixel of %d in step 4 is the end of the training in one of the next steps',
      async (value) => {
        let batches = 0;
        const normalise: TrainingBackend['normalise'] = (shape, fill) => {
          batches++;
          return imagesOf(active, shape, fill, batches === 4 ? value : undefined);
        };
        const outcome = await run(jobWith({}), { ...active, normalise });
        expect(outcome.outcome).toBe('diverged');
        expect(outcome).toMatchObject({ reason: expect.stringMatching(/ became .+ in step [45] of epoch 1$/) });
      },
    );

    test('weights that an update makes infinite are seen, also where no loss shows them', async () => {
      for (const learningRate of [1e20, 1e30, 3e38]) {
        const outcome = await run(jobWith({ learningRate }));
        expect(outcome.outcome).toBe('diverged');
        expect(outcome).toMatchObject({ reason: expect.stringMatching(/ became (NaN|-?Infinity) .*epoch 1$/) });
      }
    });

    test('weights that are not finite after the last step of an epoch are named', async () => {
      const adam: TrainingBackend['adam'] = (settings) => poisonLastStep(active, active.adam(settings));
      const outcome = await run(jobWith({}), { ...active, adam });
      expect(outcome).toMatchObject({
        outcome: 'diverged',
        reason: 'the weights of first.kernel became NaN by the end of epoch 1',
      });
    });

    test('leaves no tensors behind', async () => {
      const before = active.tf.memory().numTensors;
      await run(jobWith({ learningRate: 1e3 }));
      expect(active.tf.memory().numTensors).toBe(before);
    });
  });
}

function zeroGradients(outcome: Awaited<ReturnType<typeof train>>): readonly ZeroGradient[] {
  if (outcome.outcome !== 'completed') throw new Error(outcome.reason);
  return outcome.symptoms.filter((symptom) => symptom.kind === 'zero-gradient');
}

/** The same by brute force: every gradient of every step is read. */
async function zeroGradientsOf(backend: TrainingBackend, job: TrainingJob): Promise<ZeroGradient[]> {
  const { experiment, dataset, seed } = job;
  const trainer = startTrainer(backend, job);
  const names = weightNames(trainer.start, '.');
  const shuffle = randomStream(experiment.id, seed, 'shuffle');
  const known = new Set<string>();
  const found: ZeroGradient[] = [];
  for (let epoch = 1; epoch <= EPOCHS; epoch++) {
    for (const [index, examples] of batchesOfEpoch(dataset.train.count, BATCH, shuffle).entries()) {
      const batch = makeBatch(backend, dataset, dataset.train, 0, BATCH, examples);
      await trainer.step(batch, async (gradients) => {
        const zero = gradients.map((gradient) => [...(gradient as Tensor).dataSync()].every((value) => value === 0));
        const tensors = names.filter((name, tensor) => zero[tensor] && !known.has(name));
        for (const name of tensors) known.add(name);
        if (tensors.length > 0) found.push({ kind: 'zero-gradient', epoch, step: index + 1, tensors });
      });
    }
  }
  trainer.dispose();
  return found;
}

/** @returns what puts the gradient back */
function loseGradientOfRelu({ tf }: ActiveBackend): () => void {
  const honest = tf.getGradient('Relu');
  const replace = (config: typeof honest) => {
    tf.unregisterGradient('Relu');
    tf.registerGradient(config);
  };
  replace({ ...honest, gradFunc: (dy) => ({ x: () => tf.zerosLike(dy as Tensor) }) });
  return () => replace(honest);
}

/** The images of a batch by tfjs, their first value replaced. */
function imagesOf({ tf }: ActiveBackend, shape: readonly number[], fill: (bytes: Uint8Array) => void, first?: number) {
  const bytes = new Uint8Array(shape.reduce((product, size) => product * size, 1));
  fill(bytes);
  const values = Float32Array.from(bytes, (byte) => byte / 127.5 - 1);
  if (first !== undefined) values[0] = first;
  return tf.tensor(values, [...shape]);
}

/** An optimizer whose last update of the first epoch puts a NaN into the first weight. */
function poisonLastStep({ tf }: ActiveBackend, optimizer: ReturnType<TrainingBackend['adam']>) {
  const apply = optimizer.applyGradients.bind(optimizer);
  let steps = 0;
  optimizer.applyGradients = (gradients) => {
    apply(gradients);
    if (++steps !== STEPS_PER_EPOCH || !Array.isArray(gradients)) return;
    const weight = tf.engine().registeredVariables[(gradients[0] as { name: string }).name];
    tf.tidy(() => weight?.assign(tf.mul(weight, Number.NaN)));
  };
  return optimizer;
}
