import { beforeAll, describe, expect, test } from 'vitest';
import type { ActiveBackend } from '../../../src/backends/backend.js';
import { jsBackend } from '../../../src/backends/js.js';
import type { ProfileSettings, TrainingExperiment } from '../../../src/core/experiment.js';
import type { OptimizerSettings, Schedule } from '../../../src/core/optimizer.js';
import { learningRateAt, slotsOf } from '../../../src/core/optimizer.js';
import type { LayerSpec } from '../../../src/core/model.js';
import { dropoutMask } from '../../../src/core/random.js';
import type { TrainingState } from '../../../src/core/training-state.js';
import { batchesOfEpoch } from '../../../src/train/batches.js';
import { lengthOf, train, type TrainingOutcome } from '../../../src/train/train.js';
import { tinyJob } from '../../fixtures/train/tiny.js';

let js: ActiveBackend;
beforeAll(async () => {
  js = await jsBackend.activate({});
});

/** What has a state besides its weights: running statistics, masks. */
const LAYERS: readonly LayerSpec[] = [
  { kind: 'conv2d', filters: 3, kernel: 2 },
  { kind: 'batch-norm' },
  { kind: 'relu' },
  { kind: 'flatten' },
  { kind: 'dropout', rate: 0.4 },
  { kind: 'dense', units: 4 },
];

const OPTIMIZERS: readonly OptimizerSettings[] = [
  { name: 'sgd', learningRate: 0.1, weightDecay: 0.01 },
  { name: 'sgd', learningRate: 0.1, momentum: 0.9, nesterov: true, form: 'keras' },
  { name: 'adam', learningRate: 0.01, beta1: 0.9, beta2: 0.999, epsilon: 1e-7, form: 'keras' },
  { name: 'adamw', learningRate: 0.01, beta1: 0.9, beta2: 0.999, epsilon: 1e-8, weightDecay: 0.1 },
  { name: 'rmsprop', learningRate: 0.01, rho: 0.9, epsilon: 1e-7, momentum: 0.5, centred: true },
  { name: 'adagrad', learningRate: 0.1, initialAccumulator: 0.1, epsilon: 1e-7, form: 'keras' },
];

const tiny = tinyJob({ epochs: 2 });

async function run(
  change: Partial<TrainingExperiment>,
  settings: Partial<ProfileSettings> = {},
  from?: TrainingState,
  onRest?: (save: () => Promise<TrainingState>) => Promise<void>,
) {
  const job = { ...tiny, experiment: { ...tiny.experiment, ...change }, settings: { ...tiny.settings, ...settings } };
  const losses: number[] = [];
  const before = js.tf.memory().numTensors;
  const observer = {
    onStep: async ({ loss }: { loss: number }) => void losses.push(loss),
    onEpoch: async () => undefined,
  };
  const outcome = await train(js, job, { ...observer, ...(onRest && { onRest }) }, () => 0, from);
  expect(js.tf.memory().numTensors).toBe(before);
  return { outcome: outcome as Extract<TrainingOutcome, { outcome: 'completed' }>, losses };
}

test.each(OPTIMIZERS)('a training with %o goes on from wherever it was saved to the same bits', async (optimizer) => {
  const recipe: Partial<TrainingExperiment> = {
    model: { ...tiny.experiment.model, layers: LAYERS },
    optimizer,
    schedule: { kind: 'exponential', unit: 'step', every: 3, factor: 0.5 },
    lastBatch: 'kept',
  };
  const saved: TrainingState[] = [];
  const undisturbed = await run(recipe, {}, undefined, async (save) => void saved.push(structuredClone(await save())));
  expect(undisturbed.outcome.outcome).toBe('completed');
  // 23 examples in batches of 5, the last one of 3, in two epochs.
  expect(undisturbed.losses).toHaveLength(10);
  for (const from of saved.filter((_, place) => place % 3 === 1)) {
    expect(from.optimizer.firstMoments.length > 0).toBe(slotsOf(optimizer).includes('first'));
    const again = await run(recipe, {}, from);
    expect(again).toEqual({ ...undisturbed, losses: undisturbed.losses.slice(from.optimizer.steps) });
  }
});

describe('the length of a training', () => {
  test('is the epochs, or the steps where they are fewer', async () => {
    const { losses, outcome } = await run({}, { epochs: 3, steps: 6 });
    expect([losses.length, outcome.curve.length]).toEqual([6, 2]);
    const whole = await run({}, { epochs: 2 });
    expect(losses).toEqual(whole.losses.slice(0, 6));
    expect(outcome.orderSha256).not.toBe(whole.outcome.orderSha256);
    const length = (settings: Partial<ProfileSettings>) =>
      lengthOf(tiny.experiment, { ...tiny.settings, ...settings }, tiny.dataset);
    expect(length({ epochs: 3, steps: 6 })).toEqual({ epochs: 2, stepsPerEpoch: 4, lastSteps: 2 });
    expect(length({ epochs: 3, steps: 8 })).toEqual({ epochs: 2, stepsPerEpoch: 4, lastSteps: 4 });
    expect(length({ epochs: 3, steps: 80 })).toEqual({ epochs: 3, stepsPerEpoch: 4, lastSteps: 4 });
    expect(length({ epochs: 3 })).toEqual({ epochs: 3, stepsPerEpoch: 4, lastSteps: 4 });
  });

  test('the loss of an epoch with a partial batch is the mean over its examples', async () => {
    const { losses, outcome } = await run({ lastBatch: 'kept' }, { epochs: 1 });
    const sum = losses.reduce((total, loss, index) => total + loss * (index < 4 ? 5 : 3), 0);
    expect(outcome.curve[0]?.trainLoss).toBeCloseTo(sum / 23, 6);
  });

  test('without shuffling, an epoch takes the examples as they stand', () => {
    const never = () => {
      throw new Error('no random number is drawn');
    };
    expect(batchesOfEpoch(7, 3, never, { shuffle: false })).toEqual([Uint32Array.of(0, 1, 2), Uint32Array.of(3, 4, 5)]);
    expect(batchesOfEpoch(7, 3, never, { shuffle: false, lastBatch: 'kept' })).toHaveLength(3);
  });
});

test('a loss of probabilities needs a softmax at the end', async () => {
  await expect(run({ loss: 'cross-entropy-of-probabilities' })).rejects.toThrow('does not end in a softmax');
});

test.each<[Schedule, readonly number[]]>([
  [{ kind: 'step', unit: 'step', every: 2, factor: 0.1 }, [1, 1, 0.1, 0.1, 0.01]],
  [{ kind: 'exponential', unit: 'step', every: 2, factor: 0.25 }, [1, 0.5, 0.25, 0.125, 0.0625]],
  [{ kind: 'milestones', unit: 'step', at: [1, 3], factor: 0.5 }, [1, 0.5, 0.5, 0.25, 0.25]],
  [{ kind: 'cosine', unit: 'step', over: 2, minimum: 0.2 }, [1, 0.6, 0.2, 0.2, 0.2]],
  [{ kind: 'step', unit: 'epoch', every: 1, factor: 0.1 }, [1, 1, 1, 1, 1]],
])('the learning rate of %o is %o', (schedule, rates) => {
  for (const [step, rate] of rates.entries()) expect(learningRateAt(schedule, 1, 0, step)).toBeCloseTo(rate, 12);
});

test('a dropout drops its share, another one each step and layer, and the same one again', () => {
  const mask = (step: number, layer = 'a', rate = 0.3) =>
    dropoutMask({ experiment: 'e', seed: 1, step, layer }, 20_000, rate);
  const kept = mask(1).reduce((sum, value) => sum + value, 0) / 20_000;
  // Four standard deviations of a binomial share.
  expect(Math.abs(kept - 0.7)).toBeLessThan(4 * Math.sqrt((0.3 * 0.7) / 20_000));
  expect(mask(1)).toEqual(mask(1));
  expect(mask(2)).not.toEqual(mask(1));
  expect(mask(1, 'b')).not.toEqual(mask(1));
  expect(mask(1, 'a', 0).every((value) => value === 1)).toBe(true);
  expect(mask(1, 'a', 1).every((value) => value === 0)).toBe(true);
});
