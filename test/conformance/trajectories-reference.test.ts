import { expect, test } from 'vitest';
import { FRAMEWORKS, resolveLayers, resolveOptimizer } from '../../src/core/framework.js';
import type { Initialisation } from '../../src/core/initialisation.js';
import type { LayerSpec, Shape } from '../../src/core/model.js';
import { randomStream } from '../../src/core/random.js';
import { initialWeights } from '../../src/train/initialise.js';
import { COMMON, KERAS_CASES, PYTORCH_CASES, type Case } from './trajectories/cases.js';
import { errorOf } from './trajectories/error.js';
import { problemOf, type Answer } from './trajectories/problem.js';
import { ask, askDefaults, hasReference, readGolden, writeGolden, type Reference } from './trajectories/python.js';
import { SEED } from './trajectories/suite.js';

/** Frameworks and their versions round otherwise. */
const TOLERANCE = 1e-5;

const problemsOf = (cases: readonly Case[]) => cases.map((wanted) => problemOf(wanted, SEED));

function needs(reference: Reference, skip: (note: string) => void): void {
  if (!hasReference(reference)) skip(`no Python with ${reference}; CNNBENCH_PYTHON names one`);
}

/** CNNBENCH_WRITE_GOLDEN=1 keeps what the frameworks compute; else it has to be what is kept. */
test.for([
  ['pytorch', PYTORCH_CASES],
  ['keras', KERAS_CASES],
] as const)('the golden trajectories are those of %s', { tags: 'slow' }, ([reference, cases], { skip }) => {
  needs(reference, skip);
  const problems = problemsOf(cases);
  const reply = ask(reference, problems);
  if (process.env['CNNBENCH_WRITE_GOLDEN'] !== undefined) writeGolden(reference, problems, reply);
  const golden = readGolden(reference)?.answers ?? {};
  expect(Object.keys(golden)).toEqual(problems.map(({ name }) => name));
  for (const [index, { name }] of problems.entries()) {
    expect(errorOf(reply.answers[index] as Answer, golden[name] as Answer), name).toBeLessThan(TOLERANCE);
  }
});

test('Keras takes the steps of PyTorch where both compute the same', { tags: 'slow' }, ({ skip }) => {
  needs('keras', skip);
  const { answers } = ask('keras', problemsOf(COMMON));
  const golden = readGolden('pytorch')?.answers ?? {};
  for (const [index, { name }] of COMMON.entries()) {
    expect(errorOf(answers[index] as Answer, golden[name] as Answer), name).toBeLessThan(TOLERANCE);
  }
});

test('what a recipe leaves out is the default of its framework', { tags: 'slow' }, ({ skip }) => {
  needs('keras', skip);
  const said = askDefaults();
  for (const like of FRAMEWORKS) {
    const of = (name: string) => said[like][name] ?? {};
    const rate = (name: string) => of(name)[like === 'keras' ? 'learning_rate' : 'lr'];
    const epsilon = (name: string) => of(name)[like === 'keras' ? 'epsilon' : 'eps'];
    // PyTorch has its betas in a tuple, which is not asked for.
    const betas = like === 'keras' ? { beta1: of('Adam')['beta_1'], beta2: of('Adam')['beta_2'] } : {};
    expect(resolveOptimizer(like, { name: 'sgd' })).toMatchObject({ learningRate: rate('SGD') });
    expect(resolveOptimizer(like, { name: 'adam' })).toMatchObject({
      ...{ learningRate: rate('Adam'), epsilon: epsilon('Adam'), ...betas },
    });
    expect(resolveOptimizer(like, { name: 'adamw' })).toMatchObject({
      ...{ learningRate: rate('AdamW'), epsilon: epsilon('AdamW'), weightDecay: of('AdamW')['weight_decay'] },
    });
    expect(resolveOptimizer(like, { name: 'rmsprop' })).toMatchObject({
      ...{ learningRate: rate('RMSprop'), epsilon: epsilon('RMSprop') },
      rho: of('RMSprop')[like === 'keras' ? 'rho' : 'alpha'],
    });
    expect(resolveOptimizer(like, { name: 'adagrad' })).toMatchObject({
      ...{ learningRate: rate('Adagrad'), epsilon: epsilon('Adagrad') },
      initialAccumulator: of('Adagrad')['initial_accumulator_value'],
    });
    const { batchNorm = {}, layerNorm = {}, leakyReLU = {} } = said.layers[like];
    const field = like === 'keras' ? 'epsilon' : 'eps';
    expect(resolveLayers(like, [{ kind: 'batch-norm' }, { kind: 'layer-norm' }, { kind: 'leaky-relu' }])).toEqual([
      { kind: 'batch-norm', momentum: batchNorm['momentum'], epsilon: batchNorm[field], convention: like },
      { kind: 'layer-norm', epsilon: layerNorm[field] },
      { kind: 'leaky-relu', slope: leakyReLU['negative_slope'] },
    ]);
  }
});

test('start values are like those of the initializers of Keras', { tags: 'slow' }, ({ skip }) => {
  needs('keras', skip);
  const layers: readonly (readonly [LayerSpec, Shape])[] = [
    [{ kind: 'dense', units: 60 }, [80]],
    [{ kind: 'conv2d', filters: 40, kernel: [3, 5] }, [9, 9, 12]],
    [{ kind: 'conv2d-transpose', filters: 40, kernel: 3 }, [9, 9, 12]],
    [{ kind: 'depthwise-conv2d', multiplier: 8, kernel: 5 }, [9, 9, 16]],
    [{ kind: 'separable-conv2d', filters: 40, multiplier: 4, kernel: 5 }, [9, 9, 16]],
    [{ kind: 'embedding', vocabulary: 90, features: 40 }, [5]],
    [{ kind: 'lstm', units: 32 }, [5, 30]],
    [{ kind: 'gru', units: 40 }, [5, 30]],
  ];
  const schemes: readonly Initialisation[] = [
    'glorot-uniform',
    'glorot-normal',
    'he-normal',
    'lecun-uniform',
    'lecun-normal',
  ];
  const questions = [
    ...layers.map(([layer, input]) => ({ scheme: 'keras-default' as const, layer, input })),
    // Recurrent layers have two kernels, of which the questions set one kind.
    ...layers.slice(0, 5).flatMap(([layer, input]) => schemes.map((scheme) => ({ scheme, layer, input }))),
  ];
  const { moments = [] } = ask('keras', [], questions);
  for (const [index, { scheme, layer, input }] of questions.entries()) {
    const what = `${scheme} of ${JSON.stringify(layer)}`;
    const model = { id: 'm', title: 'm', input, layers: [layer] };
    const [drawn] = initialWeights(model, scheme, randomStream('m', 1, 'init'));
    expect(
      drawn?.tensors.map(({ shape }) => shape),
      what,
    ).toEqual(moments[index]?.map(({ shape }) => shape));
    for (const [place, { values }] of drawn?.tensors.entries() ?? []) {
      const wanted = moments[index]?.[place] ?? { deviation: 0, largest: 0 };
      const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
      const deviation = Math.sqrt(values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / values.length);
      // A thousand draws or more of each: 8 % is more than three standard deviations of both.
      expect(Math.abs(deviation - wanted.deviation), what).toBeLessThanOrEqual(0.08 * wanted.deviation);
    }
  }
});
