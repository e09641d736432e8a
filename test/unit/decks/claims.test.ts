import { describe, expect, test } from 'vitest';
import type { Claim, CountClaim, OpClaim } from '../../../src/core/claim.js';
import { measure } from '../../../src/examples/measure.js';
import { naivePrimitives } from '../../../src/examples/naive.js';
import { symbolicCounts } from '../../../src/model/counts.js';
import { compareCounts, measureCount } from '../../../src/stats/judge/count.js';
import { agrees, measureOp, valuesOf } from '../../../src/stats/judge/measured.js';
import { complaints, deckText, read } from './deck.js';

const MODELS = `
  cnn:
    input: [32, 32, 3]
    layers:
      - conv: { filters: 32, kernel: 5, padding: same, activation: relu }
      - maxPool: 2
      - conv: { filters: 64, kernel: 3, stride: 2, bias: false, name: second }
      - flatten
      - dense: { units: 120, activation: relu }
      - dense: 10`;
const RECIPE = '{ like: keras, optimizer: adam, epochs: 3 }';
const FASHION = '{ input: [28, 28, 1], layers: [flatten, { dense: 10 }] }';

const written = (claim: string) => deckText({ models: MODELS, claims: `  - { id: n, place: p, ${claim} }` });

async function claimOf(text: string): Promise<Claim> {
  return (await read(text)).claims[0] as Claim;
}

/** Verdict on a count, from the symbolic layers. */
async function countVerdict(claim: string) {
  const entries = await read(written(claim));
  const [model, count] = [entries.models[0]!, entries.claims[0] as CountClaim];
  const value = measureCount(count, { input: model.input, layers: symbolicCounts(model).layers });
  return [value, compareCounts(count, [value]).verdict];
}

describe('counts', () => {
  // 5 x 5 x 3 x 32 + 32, 16 x 16 to 7 x 7 without padding at stride 2, 7 x 7 x 64 = 3136.
  const TOTAL = 2432 + 3 * 3 * 32 * 64 + (3136 * 120 + 120) + 1210;
  test.each([
    ['printed: "2,432", count: { model: cnn, layer: conv1, what: parameters }', 2432],
    ['printed: "2400", count: { model: cnn, layer: conv1, what: weights }', 2400],
    ['printed: "32", count: { model: cnn, layer: conv1, what: biases }', 32],
    ['printed: "18432", count: { model: cnn, layer: second, what: parameters }', 18_432],
    [`printed: "${TOTAL}", count: { model: cnn, what: parameters }`, TOTAL],
    ['printed: "377,650", count: { model: cnn, layer: "dense*", what: parameters }', 377_650],
    ['printed: "20,864", count: { model: cnn, layer: [conv1, second], what: parameters }', 20_864],
    ['printed: "4", count: { model: cnn, what: weight-layers }', 4],
    ['printed: "32x32x32", count: { model: cnn, layer: conv1, what: shape }', [32, 32, 32]],
    ['printed: "64x7x7", count: { model: cnn, layer: second, what: shape, as: channels-first }', [64, 7, 7]],
    ['printed: "16x16", count: { model: cnn, layer: maxPool1, what: size }', [16, 16]],
    ['printed: "5x5", count: { model: cnn, layer: conv1, what: kernel }', [5, 5]],
    ['printed: "3136", count: { model: cnn, layer: dense1, what: inputs }', 3136],
    [
      'printed: "2464", count: { model: cnn, sum: [{ layer: conv1, what: parameters }, { layer: conv1, what: biases }] }',
      2464,
    ],
    ['printed: "most", share: { model: cnn, of: "dense*", what: parameters }', 377_650 / TOTAL],
    [`printed: "1.5 MB", memory: { model: cnn, what: parameters }`, (4 * TOTAL) / 2 ** 20],
  ])('%s', async (claim, expected) => {
    expect(await countVerdict(claim)).toEqual([expected, 'reproduced']);
  });

  test('that do not hold are not reproduced, or an erratum where the deck shows the arithmetic', async () => {
    const wrong = 'printed: "2,400", count: { model: cnn, layer: conv1, what: parameters }';
    expect(await countVerdict(wrong)).toEqual([2432, 'not reproduced']);
    expect(await countVerdict(`${wrong}, erratum: the 32 biases were left out`)).toEqual([2432, 'erratum']);
  });

  test('of a property are of one layer', async () => {
    const message = await complaints(written('printed: "3x3", count: { model: cnn, what: kernel }'));
    expect(message).toContain('is of one layer: give it "layer"');
  });
});

describe('worked examples', () => {
  const verdict = async (claim: string) => {
    const entries = await read(deckText({ claims: `  - { id: n, place: p, ${claim} }` }));
    const [experiment] = entries.experiments;
    if (experiment?.kind !== 'ops') throw new TypeError('no worked example');
    const values = await measure(naivePrimitives, experiment.operations);
    const op = entries.claims[0] as OpClaim;
    return agrees(op, measureOp(op, valuesOf({ kind: 'ops', values })));
  };

  // Computed by hand; the last digits of the functions with NumPy.
  const X = '"0 1 2 / 3 4 5 / 6 7 8"';
  test.each([
    [`printed: "19 25 / 37 43", example: { correlate: { input: ${X}, kernel: "0 1 / 2 3" } }`],
    [`printed: "5 11 / 23 29", example: { convolve: { input: ${X}, kernel: "0 1 / 2 3" } }`],
    [`printed: "20 26 / 38 44", example: { correlate: { input: ${X}, kernel: "0 1 / 2 3", bias: 1 } }`],
    [
      'printed: "30", example: { correlate: { input: ["1 2 / 3 4", "1 0 / 0 0"], kernel: ["1 2 / 3 4", "0 1 / 1 1"] } }',
    ],
    [`printed: "2x2", example: { correlate: { input: ${X}, kernel: "0 1 / 2 3", stride: 2, padding: 1 } }`],
    [`printed: "4 5 / 7 8", example: { maxPool: { input: ${X}, size: 2, stride: 1 } }`],
    [`printed: "2 3 / 5 6", example: { averagePool: { input: ${X}, size: 2, stride: 1 } }`],
    ['printed: "0 0 0 / 0 7 0 / 0 0 0", example: { pad: { input: "7", padding: 1 } }'],
    ['printed: "19 22 / 43 50", example: { product: { left: "1 2 / 3 4", right: [[5, 6], [7, 8]] } }'],
    ['printed: "6 13", example: { dense: { input: [1, 2], weights: "1 2 / 3 4", bias: "1 2" } }'],
    ['printed: "0 0 3", example: { relu: "-2 0 3" }'],
    ['printed: "0.731", example: { sigmoid: 1 }'],
    ['printed: "0.762 -0.762", example: { tanh: "1 -1" }'],
    ['printed: "0.090 0.245 0.665", example: { softmax: "1 2 3" }'],
    ['printed: "0.408", example: { crossEntropy: { logits: "1 2 3", label: 2 } }'],
    ['printed: "0.357", example: { crossEntropy: { probabilities: "0.1 0.2 0.7", label: 2 } }'],
  ])('%s', async (claim) => {
    expect(await verdict(claim)).toBe(true);
    expect(
      await verdict(
        claim.replace(
          /printed: "(.*?)(\d)"/,
          (__, before: string, last: string) => `printed: "${before}${(Number(last) + 1) % 10}"`,
        ),
      ),
    ).toBe(false);
  });

  test.each([
    ['correlate: { input: "1 2 / 3", kernel: "1" }', 'its rows are of different lengths'],
    ['correlate: { input: "1 2 / 3 x", kernel: "1" }', '"x" is not a number'],
    ['correlate: { input: "1 2", kernel: "1 2 3" }', 'it is larger than the input with its padding'],
    ['correlate: { input: ["1", "2"], kernel: "1" }', 'the input has 2 channels, and the kernel 1'],
    ['maxPool: { input: "1 2", size: 2 }', 'the window is larger than the input'],
    ['product: { left: "1 2", right: "1 2" }', 'it has 1 rows, and the left one 2 columns'],
    ['dense: { input: "1 2 3", weights: "1 2" }', 'they have 2 columns, and the input has 3 numbers'],
    ['crossEntropy: { probabilities: "0 1", label: 1 }', 'they are above 0'],
    ['crossEntropy: { logits: "0 1", label: 2 }', 'there are 2 classes'],
  ])('%s is an error with its place', async (example, why) => {
    const text = deckText({ claims: `  - { id: n, place: p, printed: "1", example: { ${example} } }` });
    expect(await complaints(text)).toContain(why);
  });
});

describe('trainings', () => {
  const trained = (claim: string) =>
    deckText({
      models: `{ m: ${FASHION} }`,
      experiments: `{ e: { data: fashion-mnist, model: m, recipe: ${RECIPE} }, f: { data: fashion-mnist, model: m, recipe: ${RECIPE} } }`,
      claims: `  - { id: n, place: p, ${claim} }`,
    });

  test.each([
    ['printed: "~89%", accuracy: e', { kind: 'accuracy', experiment: 'ml101.e' }],
    ['printed: "91%", accuracy: { of: e, set: training }', { kind: 'score', score: 'accuracy', set: 'training' }],
    ['printed: "85%", accuracy: { of: e, epoch: 1 }', { kind: 'score', score: 'accuracy', set: 'test', epoch: 1 }],
    [
      'printed: "0.35", loss: { of: e, set: training, epoch: 2 }',
      { kind: 'score', score: 'loss', set: 'training', epoch: 2 },
    ],
    ['printed: "better", higher: e, than: f', { kind: 'relation', relation: 'higher', comparedWith: 'ml101.f' }],
    ['printed: "worse", lower: e, than: f', { kind: 'relation', relation: 'lower' }],
    ['printed: "no gain", notHigher: e, than: f', { kind: 'relation', relation: 'not-higher' }],
    [
      'printed: "60,000", data: { set: fashion-mnist, what: training-images }',
      { kind: 'data', measure: 'training-images' },
    ],
  ])('%s', async (claim, expected) => {
    expect(await claimOf(trained(claim))).toMatchObject({ id: 'ml101/n', deck: 'ml101', ...expected });
  });

  test('measure the accuracy of the training batches only where a claim is about it', async () => {
    const measured = async (claim: string) =>
      (await read(trained(claim))).experiments.flatMap((each) => ('trainAccuracy' in each ? [each.id] : []));
    expect(await measured('printed: "91%", accuracy: { of: e, set: training }')).toEqual(['ml101.e']);
    expect(await measured('printed: "91%", accuracy: e')).toEqual([]);
  });
});
