import { beforeAll, describe, expect, test } from 'vitest';
import type { ActiveBackend } from '../../../src/backends/backend.js';
import { jsBackend } from '../../../src/backends/js.js';
import type { Dataset, Split } from '../../../src/core/dataset.js';
import type { TrainingExperiment } from '../../../src/core/experiment.js';
import type { LayerSpec, ModelSpec, SingleLayer } from '../../../src/core/model.js';
import { kernelsForTraining, missingKernels, unregisteredKernel } from '../../../src/train/kernels.js';
import { train } from '../../../src/train/train.js';
import { LEDGER } from '../../fixtures/ledger.js';

const TRAINED = LEDGER.experiments.filter(
  (experiment): experiment is TrainingExperiment => experiment.kind === 'training',
);
const CLASSES = 10;

let js: ActiveBackend;
beforeAll(async () => {
  js = await jsBackend.activate({});
});

/** One step and one test on a few images; which registered kernels tfjs ran. */
async function recordKernels(model: ModelSpec): Promise<string[]> {
  const size = model.input.reduce((product, length) => product * length, 1);
  const split: Split = { count: 2, images: new Uint8Array(2 * size).fill(9), labels: Uint8Array.from([0, 1]) };
  const dataset: Dataset = {
    identity: { name: 'cifar-10', fingerprint: '0'.repeat(64), provenance: 'unknown' },
    imageShape: model.input as [number, number, number],
    classes: new Array<string>(CLASSES).fill('class'),
    train: split,
    test: split,
  };
  const settings = { epochs: 1, basis: 'a test' };
  const job = { experiment: { ...(TRAINED[0] as TrainingExperiment), model }, settings, dataset, seed: 1 };
  const observer = { onStep: async () => undefined, onEpoch: async () => undefined };
  const { kernels } = await js.tf.profile(async () => {
    await train(js, job, observer, () => 0);
    return js.tf.scalar(0);
  });
  const ran = new Set(kernels.map(({ name }) => name));
  // What tfjs composes of kernels, e.g. softmaxCrossEntropy__op, is listed with them.
  return [...ran].filter((name) => (js.tf.getKernel(name, 'cpu') as unknown) !== undefined).toSorted();
}

/** The same layers, so narrow that the oracle is quick. */
function narrow(model: ModelSpec): ModelSpec {
  const last = model.layers.at(-1);
  return {
    ...model,
    layers: model.layers.map((layer) => {
      if (layer.kind === 'conv2d') return { ...layer, filters: 2 };
      return layer.kind === 'dense' && layer !== last ? { ...layer, units: 3 } : layer;
    }),
  };
}

describe('the kernels that training takes are those that tfjs runs', () => {
  test.each(TRAINED.map((experiment) => [experiment.id, experiment.model] as const))('in %s', async (_, model) => {
    expect(kernelsForTraining(model)).toEqual(await recordKernels(narrow(model)));
  });

  test.each<SingleLayer>([
    { kind: 'conv2d', filters: 2, kernel: 3, stride: 2, bias: false },
    { kind: 'conv2d', filters: 2, kernel: 3, padding: 2 },
    { kind: 'max-pool', size: 2 },
    { kind: 'max-pool', size: 3, stride: 2, padding: 1 },
    { kind: 'average-pool', size: 2 },
    { kind: 'average-pool', size: 3, padding: 1 },
    { kind: 'global-average-pool' },
    { kind: 'relu' },
    { kind: 'sigmoid' },
    { kind: 'tanh' },
    { kind: 'softmax' },
    { kind: 'dropout', rate: 0.5 },
  ])('in a layer %o', async (layer) => {
    const flatten: LayerSpec[] = layer.kind === 'global-average-pool' ? [] : [{ kind: 'flatten' }];
    const layers: LayerSpec[] = [
      { kind: 'conv2d', filters: 2, kernel: 1 },
      layer,
      ...flatten,
      { kind: 'dense', units: CLASSES },
    ];
    const model: ModelSpec = { id: 'm', title: 'm', input: [6, 6, 2], layers };
    expect(kernelsForTraining(model)).toEqual(await recordKernels(model));
  });

  test.each<readonly [readonly number[], SingleLayer]>([
    [[6, 6, 2], { kind: 'conv2d', filters: 4, kernel: 2, dilation: 2 }],
    [[6, 6, 2], { kind: 'conv2d', filters: 4, kernel: 2, groups: 2 }],
    [[6, 3, 4], { kind: 'conv2d', filters: 4, kernel: 2, groups: 2 }],
    [[6, 6, 2], { kind: 'conv2d-transpose', filters: 2, kernel: 3, stride: 2, padding: 'same' }],
    [[6, 6, 2], { kind: 'conv2d-transpose', filters: 2, kernel: 3, stride: 2 }],
    [[6, 6, 2], { kind: 'depthwise-conv2d', kernel: 3, stride: [2, 1] }],
    [[6, 6, 2], { kind: 'separable-conv2d', filters: 4, kernel: 3, padding: 'same' }],
    [[6, 6, 2], { kind: 'separable-conv2d', filters: 4, kernel: 3, stride: [2, 1], dilation: 2 }],
    [[6, 6, 2], { kind: 'average-pool', size: 2, padding: 'same' }],
    [[6, 6, 2], { kind: 'global-max-pool' }],
    [[6, 6, 2], { kind: 'batch-norm' }],
    [[6, 6, 2], { kind: 'layer-norm' }],
    [[6, 6, 2], { kind: 'log-softmax' }],
    [[6, 6, 2], { kind: 'relu6' }],
    [[6, 6, 2], { kind: 'selu' }],
    [[6, 6, 2], { kind: 'silu' }],
    [[6, 6, 2], { kind: 'softplus' }],
    [[6, 6, 2], { kind: 'leaky-relu' }],
    [[6, 6, 2], { kind: 'elu', alpha: 2 }],
    [[6, 6, 2], { kind: 'gelu' }],
    [[6, 6, 2], { kind: 'gelu', approximate: true }],
    [[6, 6, 2], { kind: 'rescaling', scale: 2 }],
    [[6, 6, 2], { kind: 'zero-padding', padding: 1 }],
    [[6, 6, 2], { kind: 'upsampling', size: 2 }],
    [[6, 6, 2], { kind: 'upsampling', size: 2, interpolation: 'bilinear' }],
    [[12, 6], { kind: 'conv1d', filters: 4, kernel: 3 }],
    [[12, 6], { kind: 'conv1d', filters: 4, kernel: 3, padding: 'causal', dilation: 2, groups: 2 }],
    [[12, 6], { kind: 'max-pool1d', size: 2, padding: 'same' }],
    [[12, 6], { kind: 'average-pool1d', size: 2, padding: 'same' }],
    [[12, 6], { kind: 'global-average-pool1d' }],
    [[12, 6], { kind: 'global-max-pool1d' }],
    [[12, 6], { kind: 'zero-padding1d', padding: 1 }],
    [[12, 6], { kind: 'upsampling1d', size: 2 }],
    [[12, 6], { kind: 'dense', units: 2 }],
    [[12, 6], { kind: 'simple-rnn', units: 2, returnSequences: true }],
    [[12, 6], { kind: 'lstm', units: 2 }],
    [[12, 6], { kind: 'gru', units: 2 }],
    [[72], { kind: 'embedding', vocabulary: 2, features: 2 }],
  ])('are among those that are said, in a layer on %o: %o', async (shape, layer) => {
    const layers: LayerSpec[] = [
      // Words have no gradient.
      ...(layer.kind === 'embedding' ? [] : [{ kind: 'conv2d' as const, filters: 2, kernel: 1 }]),
      { kind: 'reshape', shape },
      layer,
      { kind: 'flatten' },
      { kind: 'dense', units: CLASSES },
    ];
    const model: ModelSpec = { id: 'm', title: 'm', input: [6, 6, 2], layers };
    expect(kernelsForTraining(model)).toEqual(expect.arrayContaining(await recordKernels(model)));
  });

  test('in branches', async () => {
    const layers: LayerSpec[] = [
      { kind: 'add', branches: [[{ kind: 'conv2d', filters: 2, kernel: 1 }, { kind: 'batch-norm' }], []] },
      { kind: 'concat', branches: [[{ kind: 'relu' }], [{ kind: 'sigmoid' }]] },
      { kind: 'global-average-pool' },
      { kind: 'dense', units: CLASSES },
    ];
    const model: ModelSpec = { id: 'm', title: 'm', input: [6, 6, 2], layers };
    expect(kernelsForTraining(model)).toEqual(await recordKernels(model));
  });
});

describe('a kernel that the backend lacks', () => {
  const model: ModelSpec = {
    id: 'm',
    title: 'm',
    input: [6, 6, 2],
    layers: [{ kind: 'flatten' }, { kind: 'dense', units: CLASSES }],
  };

  test('is found before training, and named by the error of tfjs while training', async () => {
    expect(missingKernels(js.tf, model)).toEqual([]);
    const kernel = js.tf.getKernel('BatchMatMul', 'cpu');
    js.tf.unregisterKernel('BatchMatMul', 'cpu');
    try {
      expect(missingKernels(js.tf, model)).toEqual(['BatchMatMul']);
      const error: unknown = await recordKernels(model).catch((thrown: unknown) => thrown);
      expect(unregisteredKernel(error)).toBe('BatchMatMul');
    } finally {
      js.tf.registerKernel(kernel);
    }
  });

  test.each([
    ["Kernel 'AvgPool3D' not registered for backend 'wasm'", 'AvgPool3D'],
    ["Cannot find registered kernel 'AvgPool3D' for backend 'wasm'", 'AvgPool3D'],
    ['memory access out of bounds', undefined],
  ])('in the message "%s" is %s', (message, name) => {
    expect(unregisteredKernel(new Error(message))).toBe(name);
  });
});
