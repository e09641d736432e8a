import type { KernelConfig, NamedAttrMap, NamedTensorInfoMap, Tensor } from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, test } from 'vitest';
import type { ActiveBackend } from '../../src/backends/backend.js';
import { jsBackend } from '../../src/backends/js.js';
import type { BackendName } from '../../src/core/cell.js';
import type { Dataset, Split } from '../../src/core/dataset.js';
import type { TrainingExperiment } from '../../src/core/experiment.js';
import { drawStandInDataset } from '../../src/data/stand-in/stand-in.js';
import type { ModelSpec } from '../../src/core/model.js';
import { compareWithOracle, firstDivergence, type LadderOptions, type RungResult } from '../../src/parity/ladder.js';
import { computeGolden } from '../../src/parity/compute-golden.js';
import { computeOps } from '../../src/parity/compute.js';
import { computeTraining } from '../../src/parity/compute-training.js';
import { PROBLEMS as ALL_PROBLEMS } from '../../src/parity/problems/index.js';
import type { Compute, ParityTask } from '../../src/parity/task.js';
import { readGolden } from '../../src/records/golden.js';
import { randomNumbers } from './oracle.js';
import { LEDGER } from '../fixtures/ledger.js';

/** The ladder, with a backend that is the oracle but for one fault: each has to be found, on its rung and by its name. */

const SEED = Number(process.env['CNNBENCH_TEST_SEED'] ?? Date.now() % 1_000_000);

const MODEL: ModelSpec = {
  id: 'tiny',
  title: 'tiny',
  input: [12, 12, 2],
  layers: [
    { kind: 'conv2d', name: 'conv1', filters: 4, kernel: 3 },
    { kind: 'relu', name: 'relu1' },
    { kind: 'conv2d', name: 'conv2', filters: 5, kernel: 3, stride: 2 },
    { kind: 'relu', name: 'relu2' },
    { kind: 'flatten', name: 'flatten' },
    { kind: 'dense', name: 'dense1', units: 16 },
    { kind: 'relu', name: 'relu3' },
    { kind: 'dense', name: 'dense2', units: 10 },
  ],
};

/** Enough for every kernel; the oracle computes the large ones once more in `cnnbench parity`. */
const PROBLEMS = ALL_PROBLEMS.filter(({ inputs }) =>
  inputs.every(({ shape }) => shape.reduce((product, length) => product * length, 1) < 20_000),
);

const experiment = LEDGER.experiment('cnn-1') as TrainingExperiment;

function drawDataset(): Dataset {
  const { integer } = randomNumbers(SEED);
  const count = 64;
  const split: Split = {
    count,
    images: Uint8Array.from({ length: count * 288 }, () => integer(0, 255)),
    labels: Uint8Array.from({ length: count }, () => integer(0, 9)),
  };
  return {
    identity: { name: 'cifar-10', fingerprint: '0'.repeat(64), provenance: 'unknown' },
    imageShape: [12, 12, 2],
    classes: new Array<string>(10).fill('class'),
    train: split,
    test: split,
  };
}

let js: ActiveBackend;
/** What the oracle computed, by task: the same for every fault. */
const oracle = new Map<string, ReturnType<Compute>>();
beforeAll(async () => {
  js = await jsBackend.activate({});
});

/** The rungs of a backend that is `js` with a fault, installed while it computes. */
async function climbWith(fault: Fault): Promise<RungResult[]> {
  const dataset = drawDataset();
  const computeOn = (active: ActiveBackend): Compute => {
    return async (_, task) => {
      const silent = async () => undefined;
      if (task.kind === 'ops') return computeOps(active, PROBLEMS, task.seed, silent);
      if (task.kind === 'golden') throw new Error('the tiny model has no golden trajectory');
      return {
        tensors: await computeTraining(active, { ...task, dataset }, silent),
        failures: [],
      };
    };
  };
  return compareWithOracle({
    trajectories: LEDGER.trajectories,
    ...{ backends: ['wasm'], problems: PROBLEMS, subjects: [{ experiment, model: MODEL, narrow: false }] },
    ...{ rungs: ['ops', 'forward', 'gradients', 'steps'], seed: SEED, keepGoing: false, jobs: 1 },
    async compute(backend, task, onStage) {
      if (backend === 'js') {
        if (!oracle.has(task.kind)) oracle.set(task.kind, computeOn(js)(backend, task, onStage));
        return oracle.get(task.kind)!;
      }
      const { active = js, restore } = fault();
      try {
        return await computeOn(active)(backend, task, onStage);
      } finally {
        restore();
      }
    },
    ...UNUSED,
  });
}

/** The rung `golden` alone, on mlp-4, with the fault on the backends that have it. The reference is that of the package. */
async function climbGoldenWith(fault: Fault, faulty: readonly BackendName[] = ['wasm']): Promise<RungResult[]> {
  const mlp = LEDGER.experiment('mlp-4') as TrainingExperiment;
  const computeOn = async (active: ActiveBackend, task: ParityTask) => {
    if (task.kind !== 'golden') throw new Error('only the rung golden is compared');
    const { trajectory } = task;
    const { trainImages } = trajectory;
    const dataset = drawStandInDataset(trajectory.experiment.dataset, { trainImages, testImages: 0 });
    const problem = { trajectory, steps: task.steps, dataset };
    return { tensors: await computeGolden(active, problem, async () => undefined), failures: [] };
  };
  return compareWithOracle({
    ...UNUSED,
    trajectories: LEDGER.trajectories,
    ...{ backends: ['wasm'], problems: [], subjects: [{ experiment: mlp, model: mlp.model, narrow: false }] },
    ...{ rungs: ['golden'], seed: SEED, keepGoing: false, jobs: 1, readReference: readGolden },
    async compute(backend, task) {
      if (!faulty.includes(backend)) {
        if (!oracle.has(task.kind)) oracle.set(task.kind, computeOn(js, task));
        return oracle.get(task.kind)!;
      }
      const { active = js, restore } = fault();
      try {
        return await computeOn(active, task);
      } finally {
        restore();
      }
    },
  });
}

const UNUSED: Pick<LadderOptions, 'accuracyOf' | 'readReference' | 'observer'> = {
  accuracyOf: async () => ({ outcome: 'skipped', reason: 'nothing is trained' }),
  readReference: () => Promise.reject(new Error('nothing is replayed')),
  observer: { onStage: () => undefined, onRung: () => undefined },
};

/** Makes something wrong; `restore` puts it right again. */
type Fault = () => { readonly active?: ActiveBackend; readonly restore: () => void };

type Run = (inputs: NamedTensorInfoMap, attrs: NamedAttrMap) => Tensor;

/** Puts another function in the place of a kernel, which gets the right one. */
function kernelFault(name: string, wrong: (right: Run, tf: ActiveBackend['tf']) => Run): Fault {
  return () => {
    const { tf } = js;
    const kernel = tf.getKernel(name, 'cpu');
    const right: Run = (inputs, attrs) =>
      tf.engine().makeTensorFromTensorInfo([kernel.kernelFunc({ inputs, attrs, backend: tf.backend() })].flat()[0]!);
    const run = wrong(right, tf);
    const kernelFunc: KernelConfig['kernelFunc'] = ({ inputs, attrs = {} }) => run(inputs, attrs);
    tf.unregisterKernel(name, 'cpu');
    tf.registerKernel({ ...kernel, kernelFunc });
    return {
      restore() {
        tf.unregisterKernel(name, 'cpu');
        tf.registerKernel(kernel);
      },
    };
  };
}

const isShape = (shape: unknown, wanted: readonly number[]) => String(shape) === String(wanted);
const CONV2 = [3, 3, 4, 5];

/** Scales the result by 1 + `part` where the shape is that of conv2. */
const scaledForConv2 = (
  name: string,
  part: number,
  shapeOf: (inputs: NamedTensorInfoMap, attrs: NamedAttrMap) => unknown,
) =>
  kernelFault(name, (right, tf) => (inputs, attrs) => {
    const result = right(inputs, attrs);
    return isShape(shapeOf(inputs, attrs), CONV2) ? tf.mul(result, 1 + part) : result;
  });

const adamFault = (wrong: (adam: ActiveBackend['adam']) => ActiveBackend['adam']): Fault => {
  return () => ({ active: { ...js, adam: wrong(js.adam) }, restore: () => undefined });
};

describe(`a fault is found (CNNBENCH_TEST_SEED=${SEED})`, () => {
  test('and none where there is none', async () => {
    const results = await climbWith(() => ({ restore: () => undefined }));
    expect(results.map(({ rung, outcome }) => [rung, outcome])).toEqual(
      ['ops', 'forward', 'gradients', 'steps'].map((rung) => [rung, 'agrees']),
    );
    expect(results.flatMap(({ comparisons }) => comparisons).filter(({ error }) => error !== 0)).toEqual([]);
  });

  test.each<[string, string, string | RegExp, Fault]>([
    [
      'a filter gradient 1% too large in one layer',
      'gradients',
      'conv2 kernel',
      scaledForConv2('Conv2DBackpropFilter', 0.01, (_, { filterShape }) => filterShape),
    ],
    [
      'an input gradient 0.1% too large in one layer, which the layer before it sees',
      'gradients',
      'conv1 bias',
      scaledForConv2('Conv2DBackpropInput', 0.001, ({ filter }) => filter?.shape),
    ],
    [
      'an output 0.01% too large in one layer',
      'forward',
      'conv2',
      scaledForConv2('FusedConv2D', 0.0001, ({ filter }) => filter?.shape),
    ],
    [
      'a ReLU whose gradient lets negative inputs pass',
      'gradients',
      'dense1 bias',
      () => {
        const right = js.tf.getGradient('Relu');
        js.tf.unregisterGradient('Relu');
        js.tf.registerGradient({ ...right, gradFunc: (dy) => ({ x: () => (dy as Tensor).clone() }) });
        return {
          restore() {
            js.tf.unregisterGradient('Relu');
            js.tf.registerGradient(right);
          },
        };
      },
    ],
    [
      'Step of zero and below that is not zero',
      'ops',
      /^Step /,
      kernelFault('Step', (right, tf) => (inputs, attrs) => tf.onesLike(right(inputs, attrs))),
    ],
    [
      'the epsilon that tfjs takes where it is not told',
      'ops',
      /^Adam /,
      adamFault((adam) => (settings) => adam({ ...settings, epsilon: 1e-7 })),
    ],
    [
      'another decay of the squares',
      'ops',
      /^Adam /,
      adamFault((adam) => (settings) => adam({ ...settings, beta2: 0.99 })),
    ],
    [
      'an Adam that forgets its moments after some steps',
      'steps',
      /^(?:losses|conv1 kernel)$/,
      adamFault((adam) => (settings) => {
        let [optimizer, steps] = [adam(settings), 0];
        const forgetful: Pick<typeof optimizer, 'minimize' | 'computeGradients' | 'applyGradients' | 'dispose'> = {
          minimize: (...args) => optimizer.minimize(...args),
          computeGradients: (...args) => optimizer.computeGradients(...args),
          applyGradients(gradients) {
            if (++steps === 6) {
              optimizer.dispose();
              optimizer = adam(settings);
            }
            optimizer.applyGradients(gradients);
          },
          dispose: () => optimizer.dispose(),
        };
        return forgetful as typeof optimizer;
      }),
    ],
    [
      'a stride that is not taken',
      'ops',
      /^Conv2D .*stride/,
      kernelFault('Conv2D', (right) => (inputs, attrs) => right(inputs, { ...attrs, strides: 1 })),
    ],
    [
      'products of half precision',
      'ops',
      /^BatchMatMul /,
      kernelFault('BatchMatMul', (right, tf) => (inputs, attrs) => {
        const rounded = (x: unknown) => tf.div(tf.round(tf.mul(x as Tensor, 2048)), 2048);
        return right({ a: rounded(inputs['a']), b: rounded(inputs['b']) }, attrs);
      }),
    ],
    [
      'a value that is no number',
      'ops',
      /^Exp /,
      kernelFault('Exp', (right, tf) => (inputs, attrs) => {
        const result = right(inputs, attrs);
        return tf.where(tf.greater(inputs['x'] as Tensor, 0), tf.fill(result.shape, NaN), result);
      }),
    ],
  ])('%s: on the rung %s', async (_, rung, subject, fault) => {
    const results = await climbWith(fault);
    const first = firstDivergence(results);
    expect(first?.result.rung).toBe(rung);
    expect(first?.comparison.subject).toMatch(typeof subject === 'string' ? new RegExp(`^${subject}$`) : subject);
    expect(results.filter(({ outcome }) => outcome === 'diverges').length).toBe(1);
  });
});

describe('a fault is found on the rung golden alone', { tags: 'slow' }, () => {
  const reluFault: Fault = kernelFault('Step', (right, tf) => (inputs, attrs) => tf.onesLike(right(inputs, attrs)));

  test('and none where there is none', async () => {
    const results = await climbGoldenWith(() => ({ restore: () => undefined }));
    expect(results.map(({ backend, rung, outcome }) => [backend, rung, outcome])).toEqual([
      ['js', 'golden', 'agrees'],
      ['wasm', 'golden', 'agrees'],
    ]);
  });

  test.each<[string, RegExp, Fault]>([
    ['a ReLU whose gradient lets negative inputs pass', /^losses$/, reluFault],
    [
      'outputs of the layers 0.1% too large',
      /^losses$/,
      kernelFault('_FusedMatMul', (right, tf) => (inputs, attrs) => tf.mul(right(inputs, attrs), 1.001)),
    ],
    [
      'a learning rate 2% too large',
      /^losses$/,
      adamFault((adam) => (settings) => adam({ ...settings, learningRate: 1.02 * settings.learningRate })),
    ],
    [
      'a last step that is not taken, of which no loss tells',
      /^change of dense1 kernel$/,
      adamFault((adam) => (settings) => {
        const optimizer = adam(settings);
        let steps = 0;
        const lazy: Pick<typeof optimizer, 'computeGradients' | 'applyGradients' | 'dispose'> = {
          computeGradients: (...args) => optimizer.computeGradients(...args),
          applyGradients(gradients) {
            if (++steps < 20) optimizer.applyGradients(gradients);
          },
          dispose: () => optimizer.dispose(),
        };
        return lazy as typeof optimizer;
      }),
    ],
  ])('%s', async (_, subject, fault) => {
    const results = await climbGoldenWith(fault);
    expect(results.map(({ backend, outcome }) => [backend, outcome])).toEqual([
      ['js', 'agrees'],
      ['wasm', 'diverges'],
    ]);
    expect(firstDivergence(results)?.comparison.subject).toMatch(subject);
  });

  test('also one that the oracle shares, which the rungs below cannot find', async () => {
    const results = await climbGoldenWith(reluFault, ['js', 'wasm']);
    expect(results.map(({ backend, outcome }) => [backend, outcome])).toEqual([
      ['js', 'diverges'],
      ['wasm', 'diverges'],
    ]);
  });
});
