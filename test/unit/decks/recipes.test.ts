import { describe, expect, test } from 'vitest';
import type { TrainingExperiment } from '../../../src/core/experiment.js';
import { singleLayerSchema } from '../../../src/core/model.js';
import { optimizerSchema, scheduleSchema } from '../../../src/core/optimizer.js';
import { LAYERS } from '../../../src/decks/layers.js';
import { OPTIMIZERS, SCHEDULES } from '../../../src/decks/recipe-schema.js';
import { recipeDigest } from '../../../src/ledger/recipe.js';
import { complaints, deckText, read } from './deck.js';

async function layers(text: string, input = '[28, 28, 1]', like = 'keras'): Promise<readonly object[]> {
  const claims = '  - { id: n, place: p, printed: "1", count: { model: m, what: layers } }';
  const entries = await read(
    deckText({ models: `{ m: { like: ${like}, input: ${input}, layers: ${text} } }`, claims }),
  );
  return entries.models[0]?.layers ?? [];
}

async function training(recipe: string, model = '[flatten, { dense: 10 }]'): Promise<TrainingExperiment> {
  const models = `{ m: { input: [28, 28, 1], layers: ${model} } }`;
  const experiments = `{ e: { data: fashion-mnist, model: m, recipe: ${recipe} } }`;
  const claims = '  - { id: a, place: p, printed: "90%", accuracy: e }';
  const entries = await read(deckText({ models, experiments, claims, more: 'like: keras' }));
  return entries.experiments.find(({ kind }) => kind === 'training') as TrainingExperiment;
}

describe('layers', () => {
  test('of every kind have a word', () => {
    const kinds = singleLayerSchema.options.flatMap(({ shape: { kind } }) =>
      'options' in kind ? (kind.options as string[]) : [...kind.values],
    );
    expect(
      Object.values(LAYERS)
        .map(({ kind }) => kind)
        .toSorted(),
    ).toEqual(kinds.toSorted());
  });

  test.each([
    ['[{ dense: 10 }]', '[784]', [{ kind: 'dense', name: 'dense1', units: 10 }]],
    [
      '[{ dense: { units: 10, bias: false, name: fc } }]',
      '[784]',
      [{ kind: 'dense', name: 'fc', bias: false, units: 10 }],
    ],
    [
      '[{ conv: { filters: 8, kernel: [3, 5], padding: same, activation: relu } }]',
      '[28, 28, 1]',
      [
        { kind: 'conv2d', name: 'conv1', filters: 8, kernel: [3, 5], padding: 'same' },
        { kind: 'relu', name: 'conv1/relu' },
      ],
    ],
    ['[{ maxPool: 2 }]', '[28, 28, 1]', [{ kind: 'max-pool', name: 'maxPool1', size: 2 }]],
    ['[leakyRelu]', '[3]', [{ kind: 'leaky-relu', name: 'leakyRelu1', slope: 0.3 }]],
    ['[{ leakyRelu: 0.2 }]', '[3]', [{ kind: 'leaky-relu', name: 'leakyRelu1', slope: 0.2 }]],
    [
      '[{ conv1d: { filters: 2, kernel: 3 } }]',
      '[9, 4]',
      [{ kind: 'conv1d', name: 'conv1d_1', filters: 2, kernel: 3 }],
    ],
    [
      '[{ add: [[{ dense: 3 }], []] }]',
      '[3]',
      [{ kind: 'add', name: 'add1', branches: [[{ kind: 'dense', name: 'dense1', units: 3 }], []] }],
    ],
    [
      '[batchNorm]',
      '[3]',
      [{ kind: 'batch-norm', name: 'batchNorm1', convention: 'keras', epsilon: 0.001, momentum: 0.99 }],
    ],
  ])('%s', async (text, input, expected) => {
    expect(await layers(text, input)).toEqual(expected);
  });

  test('have their fields in one order, whatever the order in the file', async () => {
    const [one, other] = [
      await layers('[{ conv: { filters: 8, kernel: 3, padding: same, stride: 2 } }]'),
      await layers('[{ conv: { stride: 2, padding: same, name: conv1, kernel: 3, filters: 8 } }]'),
    ];
    expect(JSON.stringify(one)).toBe(JSON.stringify(other));
    expect(Object.keys(one[0] ?? {})).toEqual(['kind', 'name', 'filters', 'kernel', 'padding', 'stride']);
  });

  test('have the defaults of the framework', async () => {
    const [norm, lstm] = [
      await layers('[batchNorm]', '[3]', 'pytorch'),
      await layers('[{ lstm: 4 }]', '[5, 3]', 'pytorch'),
    ];
    expect([norm[0], lstm[0]]).toMatchObject([{ epsilon: 1e-5, momentum: 0.1 }, { biases: 2 }]);
  });

  test('that differ between frameworks take one', async () => {
    const models = '{ mlp: { input: [3], layers: [batchNorm] } }';
    expect(await complaints(deckText({ models }))).toContain('the frameworks have different defaults for its layers');
  });

  test.each([
    '[{}]',
    '[{ leakyRelu: }]',
    '[{ dense: 1, conv: 2 }]',
    '[[]]',
    '[3]',
    '[{ dense: 0 }]',
    '[{ dense: 1e400 }]',
  ])('%s are none', async (text) => {
    expect(await complaints(deckText({ models: `{ mlp: { input: [3], layers: ${text} } }` }))).toContain('E_DECK_');
  });
});

describe('optimizers', () => {
  test('of every name have a word, and every schedule', () => {
    const [names, kinds] = [
      optimizerSchema.options.map(({ shape }) => shape.name.value),
      scheduleSchema.options.map(({ shape }) => shape.kind.value),
    ];
    expect(Object.keys(OPTIMIZERS).toSorted()).toEqual(names.toSorted());
    expect(Object.keys(SCHEDULES).toSorted()).toEqual(kinds.toSorted());
  });

  test.each([
    ['adam', { name: 'adam', learningRate: 0.001, beta1: 0.9, beta2: 0.999, epsilon: 1e-7, form: 'keras' }],
    ['{ adam: 1e-4 }', { name: 'adam', learningRate: 0.0001, beta1: 0.9, beta2: 0.999, epsilon: 1e-7, form: 'keras' }],
    ['sgd', { name: 'sgd', learningRate: 0.01 }],
    [
      '{ sgd: { learningRate: 0.1, momentum: 0.9, nesterov: true } }',
      { name: 'sgd', learningRate: 0.1, momentum: 0.9, nesterov: true, form: 'keras' },
    ],
    ['rmsprop', { name: 'rmsprop', learningRate: 0.001, rho: 0.9, epsilon: 1e-7, form: 'keras' }],
    ['adagrad', { name: 'adagrad', learningRate: 0.001, initialAccumulator: 0.1, epsilon: 1e-7, form: 'keras' }],
    [
      '{ adamw: { weightDecay: 0.01 } }',
      { name: 'adamw', learningRate: 0.001, beta1: 0.9, beta2: 0.999, epsilon: 1e-7, weightDecay: 0.01, form: 'keras' },
    ],
  ])('%s', async (text, expected) => {
    expect((await training(`{ optimizer: ${text}, epochs: 1 }`)).optimizer).toEqual(expected);
  });

  test.each([
    ['{ step: { every: 10, factor: 0.1 } }', { kind: 'step', unit: 'epoch', every: 10, factor: 0.1 }],
    ['{ exponential: { factor: 0.9, unit: step } }', { kind: 'exponential', unit: 'step', every: 1, factor: 0.9 }],
    ['{ milestones: { at: [5, 8], factor: 0.1 } }', { kind: 'milestones', unit: 'epoch', at: [5, 8], factor: 0.1 }],
    ['{ cosine: { over: 20 } }', { kind: 'cosine', unit: 'epoch', over: 20, minimum: 0 }],
  ])('the schedule %s', async (text, expected) => {
    expect((await training(`{ optimizer: adam, epochs: 1, schedule: ${text} }`)).schedule).toEqual(expected);
  });
});

describe('a recipe', () => {
  test('has the defaults of its framework', async () => {
    expect(await training('{ optimizer: adam, epochs: 3 }')).toMatchObject({
      initialisation: 'keras-default',
      batchSize: 32,
      lastBatch: 'kept',
      profiles: { full: { epochs: 3 } },
    });
    const own = '{ like: pytorch, optimizer: adam, epochs: 3, batch: 64, lastBatch: dropped, shuffle: false }';
    const pytorch = await training(own);
    expect(pytorch).toMatchObject({ initialisation: 'pytorch-default', batchSize: 64, shuffle: false });
    expect(pytorch.lastBatch).toBeUndefined();
  });

  test('like keras of a model that ends in a softmax has the cross entropy of probabilities', async () => {
    const ends = '[flatten, { dense: { units: 10, activation: softmax } }]';
    expect((await training('{ optimizer: adam, epochs: 1 }', ends)).loss).toBe('cross-entropy-of-probabilities');
    expect((await training('{ optimizer: adam, epochs: 1 }')).loss).toBeUndefined();
  });

  test('may count steps', async () => {
    const { profiles } = await training('{ optimizer: adam, steps: 2000 }');
    // 60,000 images are 1,875 batches of 32.
    expect(profiles.full).toMatchObject({ epochs: 2, steps: 2000 });
  });

  test('has a digest of what decides, and not of its text', async () => {
    const digest = async (text: string) => recipeDigest(await training(text), 'full');
    const [one, same, other] = [
      await digest('{ optimizer: { adam: { learningRate: 0.001 } }, epochs: 3 }'),
      await digest('{ epochs: 3, like: keras, batch: 32, optimizer: { adam: 1e-3 } }'),
      await digest('{ epochs: 3, like: keras, batch: 33, optimizer: { adam: 1e-3 } }'),
    ];
    expect(one).toBe(same);
    expect(one).not.toBe(other);
  });

  test('has shorter profiles by its cost, unless the deck has its own', async () => {
    const { profiles } = await training('{ optimizer: adam, epochs: 30 }');
    expect([profiles.quick, profiles.smoke]).toMatchObject([
      { epochs: 5, basis: '5 of 30 epochs, scaled to the cost of the recipe' },
      { epochs: 1, testImages: 1000 },
    ]);
    const deep =
      '[{ conv: { filters: 64, kernel: 7, padding: same } }, { conv: { filters: 64, kernel: 7, padding: same } }, flatten, { dense: 10 }]';
    const quick = (await training('{ optimizer: adam, epochs: 30, batch: 64 }', deep)).profiles.quick;
    expect(quick).toMatchObject({ epochs: 1, testImages: 1000 });
    expect((quick.trainImages ?? 0) % 64).toBe(0);
    expect(quick.trainImages).toBeLessThan(3000);
  });
});
