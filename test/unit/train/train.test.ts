import { createHash } from 'node:crypto';
import { beforeAll, describe, expect, test } from 'vitest';
import type { ActiveBackend, Backend } from '../../../src/backends/backend.js';
import { jsBackend } from '../../../src/backends/js.js';
import { wasmBackend } from '../../../src/backends/wasm/index.js';
import type { Split } from '../../../src/core/dataset.js';
import type { AdamSettings, TrainingExperiment } from '../../../src/core/experiment.js';
import { permutation, randomStream } from '../../../src/core/random.js';
import { firstBatches } from '../../../src/train/batches.js';
import { weightsDigest } from '../../../src/train/digest.js';
import { initialWeights } from '../../../src/train/initialise.js';
import { replayTrajectory } from '../../../src/train/trajectory.js';
import { train, type TrainingOutcome } from '../../../src/train/train.js';
import type { TrainingBackend } from '../../../src/train/trainer.js';
import { FEATURES, tinyJob } from '../../fixtures/train/tiny.js';
import { NaiveMlp } from './naive-mlp.js';

const { experiment, settings, dataset } = tinyJob();

const active = new Map<Backend, ActiveBackend>();
let current: ActiveBackend;

async function use(backend: Backend): Promise<void> {
  current = active.get(backend) ?? (await backend.activate({}));
  active.set(backend, current);
  await current.tf.setBackend(backend.name === 'js' ? 'cpu' : backend.name);
}

async function trainTiny(
  seed: number,
  change: Partial<TrainingExperiment> = {},
  backend: TrainingBackend = current,
  epochs = settings.epochs,
) {
  const losses: number[] = [];
  const before = current.tf.memory().numTensors;
  const outcome = await train(
    backend,
    { experiment: { ...experiment, ...change }, settings: { ...settings, epochs }, dataset, seed },
    { onStep: async ({ loss }) => void losses.push(loss), onEpoch: async () => undefined },
    () => 0,
  );
  return { outcome, losses, leaked: current.tf.memory().numTensors - before };
}

describe.each([
  ['js', jsBackend],
  ['wasm', wasmBackend],
] as const)('training on %s', (_, backend) => {
  beforeAll(() => use(backend));

  test('takes the same steps as an independent float64 trainer', async () => {
    const { outcome, losses } = await trainTiny(1);
    const oracle = new NaiveMlp(
      initialWeights(experiment.model, 'pytorch-default', randomStream('tiny', 1, 'init')),
      experiment.optimizer as AdamSettings,
    );
    const shuffle = randomStream('tiny', 1, 'shuffle');
    const pixels = ({ images }: Split, example: number) =>
      Array.from(images.subarray(example * FEATURES, (example + 1) * FEATURES), (byte) => (byte / 255 - 0.5) / 0.5);
    const expected: number[] = [];
    const accuracies: number[] = [];
    for (let epoch = 0; epoch < settings.epochs; epoch++) {
      const order = permutation(dataset.train.count, shuffle);
      // 23 examples in batches of 5: the last three are dropped.
      for (let first = 0; first + 5 <= 23; first += 5) {
        const batch = [...order.subarray(first, first + 5)];
        const labels = batch.map((example) => dataset.train.labels[example] as number);
        expected.push(
          oracle.step(
            batch.map((example) => pixels(dataset.train, example)),
            labels,
          ),
        );
      }
      const right = [...dataset.test.labels].filter((label, example) => {
        const logits = oracle.logits(pixels(dataset.test, example));
        return logits.indexOf(Math.max(...logits)) === label;
      });
      accuracies.push(right.length / dataset.test.count);
    }
    expect(losses).toHaveLength(16);
    losses.forEach((loss, step) => expect(loss).toBeCloseTo(expected[step] as number, 4));
    expect(
      (outcome as Extract<TrainingOutcome, { outcome: 'completed' }>).curve.map((point) => point.testAccuracy),
    ).toEqual(accuracies);
  });

  test('is after e epochs where a training of e epochs ends, to the bit', async () => {
    const { outcome } = await trainTiny(1);
    const { curve } = outcome;
    for (let epochs = 1; epochs <= settings.epochs; epochs++) {
      const { outcome: shorter } = await trainTiny(1, {}, current, epochs);
      expect(shorter.curve).toEqual(curve.slice(0, epochs));
    }
  });

  test('a variation starts from the numbers of its experiment, and takes its batches', async () => {
    const own = await trainTiny(1);
    const varied = await trainTiny(1, { id: 'tiny@lr=3e-3', variationOf: 'tiny' });
    expect(varied.outcome).toEqual(own.outcome);
    const other = await trainTiny(1, { id: 'tiny@lr=3e-3' });
    expect(other.losses).not.toEqual(own.losses);
  });

  test('a trajectory is the first steps of a training, over the end of an epoch', async () => {
    const { losses } = await trainTiny(1);
    const before = current.tf.memory().numTensors;
    const job = { experiment, dataset, seed: 1, batchSize: experiment.batchSize };
    const trajectory = await replayTrajectory(current, { ...job, steps: 6 });
    expect(trajectory.losses).toEqual(losses.slice(0, 6));
    expect(current.tf.memory().numTensors).toBe(before);
    const whole = await replayTrajectory(current, { ...job, steps: losses.length });
    const { outcome } = await trainTiny(1);
    expect(outcome).toMatchObject({ weightsSha256: weightsDigest(whole.weights) });
    expect(firstBatches(3, 3, randomStream('tiny', 1, 'shuffle'), 0)).toEqual([]);
    expect(() => firstBatches(3, 4, randomStream('tiny', 1, 'shuffle'), 1)).toThrow(RangeError);
  });

  test('gives the same bits twice, other bits with another seed', async () => {
    const digest = async (seed: number) => {
      const { outcome } = await trainTiny(seed);
      return outcome.outcome === 'completed' ? outcome.weightsSha256 : outcome.outcome;
    };
    expect(await digest(2)).toBe(await digest(2));
    expect(await digest(2)).not.toBe(await digest(3));
  });

  test('says at which step the loss stopped being a number', async () => {
    const { outcome } = await trainTiny(1, { optimizer: { ...experiment.optimizer, learningRate: 1e38 } });
    expect(outcome).toMatchObject({
      outcome: 'diverged',
      reason: expect.stringMatching(/^the loss became .+ in step \d+ of epoch 1$/),
    });
  });

  test('updates with the optimizer of the backend, and disposes of it', async () => {
    const asked: Omit<AdamSettings, 'name'>[] = [];
    let disposed = 0;
    const adam = (settings: Omit<AdamSettings, 'name'>) => {
      asked.push(settings);
      const optimizer = current.adam({ ...settings, learningRate: 0 });
      const dispose = optimizer.dispose.bind(optimizer);
      optimizer.dispose = () => {
        disposed++;
        dispose();
      };
      return optimizer;
    };
    const { outcome } = await trainTiny(1, {}, { ...current, adam });
    const { initialWeightsSha256, weightsSha256 } = outcome as Extract<TrainingOutcome, { outcome: 'completed' }>;
    expect([{ name: 'adam', ...asked[0] }, asked.length, disposed]).toEqual([experiment.optimizer, 1, 1]);
    expect(weightsSha256).toBe(initialWeightsSha256);
  });

  test('digests the order of the examples, without those that fill no batch', async () => {
    const { outcome } = await trainTiny(3);
    const shuffle = randomStream('tiny', 3, 'shuffle');
    const hash = createHash('sha256');
    for (let epoch = 0; epoch < settings.epochs; epoch++) {
      for (const example of permutation(23, shuffle).subarray(0, 20)) {
        const bytes = Buffer.alloc(4);
        bytes.writeUInt32LE(example);
        hash.update(bytes);
      }
    }
    expect(outcome).toMatchObject({ outcome: 'completed', orderSha256: hash.digest('hex') });
  });

  test('leaves no tensors behind', async () => {
    expect((await trainTiny(1)).leaked).toBe(0);
    expect((await trainTiny(1, { trainAccuracy: true })).leaked).toBe(0);
  });

  test('counts the training batches where it is asked to, and comes to the same bits', async () => {
    // Steps so small that the weights stay: what is right in the batches is what is right in all images afterwards.
    const still = { optimizer: { ...experiment.optimizer, learningRate: 1e-30 }, lastBatch: 'kept' as const };
    const job = { experiment: { ...experiment, ...still }, settings: { ...settings, epochs: 2 }, seed: 4 };
    const observer = { onStep: () => Promise.resolve(), onEpoch: () => Promise.resolve() };
    const onTrained = { ...dataset, test: dataset.train };
    const counted = await train(
      current,
      { ...job, experiment: { ...job.experiment, trainAccuracy: true }, dataset: onTrained },
      observer,
      () => 0,
    );
    const plain = await train(current, { ...job, dataset: onTrained }, observer, () => 0);
    if (counted.outcome !== 'completed' || plain.outcome !== 'completed') throw new TypeError('it did not complete');
    expect(counted.curve.map(({ trainAccuracy }) => trainAccuracy)).toEqual(
      counted.curve.map(({ testAccuracy }) => testAccuracy),
    );
    expect(plain.curve.map(({ trainAccuracy }) => trainAccuracy)).toEqual([undefined, undefined]);
    expect(counted.weightsSha256).toBe(plain.weightsSha256);
  });
});

test('both backends start from the same bits', async () => {
  const digests = [];
  for (const backend of [jsBackend, wasmBackend]) {
    await use(backend);
    const { outcome } = await trainTiny(5);
    digests.push(outcome.outcome === 'completed' && outcome.initialWeightsSha256);
  }
  expect(digests[0]).toBe(digests[1]);
});
