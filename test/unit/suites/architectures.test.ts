import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { summarize, type LayerSummary } from '../../../src/model/summary.js';
import { LEDGER } from '../../fixtures/ledger.js';

/**
 * The same nets in PyTorch 1.13: built by hand from nn.Conv2d, nn.Linear, nn.MaxPool2d, nn.AvgPool2d and activations, run
 * once on zeros. Weights and biases are sums of numel() over parameters(), shapes those of every module's output with the
 * channels moved last.
 */
// prettier-ignore
const PYTORCH: Record<string, { weights: number; biases: number; shapes: string }> = {
  'lenet-5': { weights: 61_470, biases: 236, shapes: '28x28x6 28x28x6 14x14x6 14x14x6 10x10x16 10x10x16 5x5x16 5x5x16 1x1x120 1x1x120 120 84 84 10 10' },
  'alexnet': { weights: 50_833_440, biases: 10_568, shapes: '54x54x96 54x54x96 26x26x96 26x26x256 26x26x256 12x12x256 12x12x384 12x12x384 12x12x384 12x12x384 12x12x256 12x12x256 5x5x256 6400 4096 4096 4096 4096 4096 4096 1000' },
  'alexnet-227': { weights: 62_367_776, biases: 10_568, shapes: '55x55x96 55x55x96 27x27x96 27x27x256 27x27x256 13x13x256 13x13x384 13x13x384 13x13x384 13x13x384 13x13x256 13x13x256 6x6x256 9216 4096 4096 4096 4096 4096 4096 1000' },
  'vgg-16': { weights: 138_344_128, biases: 13_416, shapes: '224x224x64 224x224x64 224x224x64 224x224x64 112x112x64 112x112x128 112x112x128 112x112x128 112x112x128 56x56x128 56x56x256 56x56x256 56x56x256 56x56x256 56x56x256 56x56x256 28x28x256 28x28x512 28x28x512 28x28x512 28x28x512 28x28x512 28x28x512 14x14x512 14x14x512 14x14x512 14x14x512 14x14x512 14x14x512 14x14x512 7x7x512 25088 4096 4096 4096 4096 1000' },
  'mlp-fashion': { weights: 203_264, biases: 266, shapes: '784 256 256 10' },
  'mlp-fashion-sigmoid': { weights: 203_264, biases: 266, shapes: '784 256 256 10' },
  'mlp-fashion-deep': { weights: 268_800, biases: 522, shapes: '784 256 256 256 256 10' },
  'mlp-cifar-1': { weights: 788_992, biases: 266, shapes: '3072 256 256 10' },
  'mlp-cifar-2': { weights: 854_528, biases: 522, shapes: '3072 256 256 256 256 10' },
  'mlp-cifar-3': { weights: 920_064, biases: 778, shapes: '3072 256 256 256 256 256 256 10' },
  'cnn-fashion': { weights: 2_634_528, biases: 618, shapes: '22x22x32 22x22x32 16x16x64 16x16x64 10x10x128 10x10x128 4x4x256 4x4x256 4096 128 128 10' },
  'cnn-fashion-conv-only': { weights: 2_149_920, biases: 490, shapes: '22x22x32 22x22x32 16x16x64 16x16x64 10x10x128 10x10x128 4x4x256 4x4x256 4096 10' },
  'cnn-cifar': { weights: 4_210_528, biases: 618, shapes: '26x26x32 26x26x32 20x20x64 20x20x64 14x14x128 14x14x128 8x8x256 8x8x256 16384 128 128 10' },
  'conv-stack': { weights: 2_030, biases: 15, shapes: '28x28x4 22x22x5 18x18x6' },
  'example-net': { weights: 62_720, biases: 238, shapes: '28x28x8 14x14x8 10x10x16 5x5x16 400 120 84 10 10' },
  'dense-3x3-1': { weights: 9, biases: 1, shapes: '9 1' },
  'dense-3x3-2': { weights: 18, biases: 2, shapes: '9 2' },
  'kernel-3x3-1': { weights: 4, biases: 1, shapes: '2x2x1' },
  'kernel-3x3-2': { weights: 8, biases: 2, shapes: '2x2x2' },
};

/** From the same run: numel of each weight, times the output's height and width for convolutions. */
const PYTORCH_MACS = {
  'lenet-5': 416_520,
  alexnet: 1_009_945_728,
  'vgg-16': 15_470_264_320,
  'cnn-fashion': 92_805_504,
  'cnn-cifar': 226_855_552,
};

interface ModelCount {
  readonly weights: number;
  readonly biases: number;
  readonly parameters: number;
  readonly nonTrainable: number;
  readonly macs: number;
  readonly layers: readonly string[];
}

/** torchvision's own classes where it has them, and hand-made PyTorch nets; see reference/pytorch/count_parameters.py. */
const COUNTED = (
  JSON.parse(readFileSync(new URL('../../../reference/pytorch/results/parameters.json', import.meta.url), 'utf8')) as {
    models: Record<string, ModelCount>;
  }
).models;

/** Kinds of layers that are modules in every one of those nets. */
const LISTED = ['conv2d', 'dense', 'batch-norm', 'max-pool', 'average-pool'];

function line({ kind, outputShape, weights, biases }: LayerSummary): string {
  return `${kind} ${outputShape.join('x')} ${weights}+${biases}`;
}

describe('every architecture', () => {
  test('has an oracle, and every oracle an architecture', () => {
    const oracles = new Set([...Object.keys(PYTORCH), ...Object.keys(COUNTED)]);
    expect(LEDGER.models.map((model) => model.id).sort()).toEqual([...oracles].sort());
  });

  test.each(Object.entries(COUNTED))('%s is the net of reference/pytorch, layer by layer', (id, counted) => {
    const { layers, totals } = summarize(LEDGER.model(id));
    const { activations, ...counts } = totals;
    const listed = layers.filter(({ kind }) => LISTED.includes(kind));
    expect({ ...counts, layers: listed.map(line) }).toEqual(counted);
    expect(activations).toBeGreaterThan(0);
  });

  test.each(Object.keys(PYTORCH).map((id) => [id, LEDGER.model(id)] as const))(
    '%s counts as in PyTorch',
    (id, model) => {
      const { layers, totals } = summarize(model);
      expect({
        weights: totals.weights,
        biases: totals.biases,
        shapes: layers.map((layer) => layer.outputShape.join('x')).join(' '),
      }).toEqual(PYTORCH[id]);
    },
  );

  test.each(LEDGER.models.map((model) => [model.id, model] as const))('%s names each layer once', (_, model) => {
    const names = summarize(model).layers.map((layer) => layer.name);
    expect(new Set(names).size).toBe(names.length);
  });

  test.each(Object.entries(PYTORCH_MACS))('%s has the multiply-accumulates of its PyTorch twin', (id, macs) => {
    expect(summarize(LEDGER.model(id)).totals.macs).toBe(macs);
  });
});

describe('published and hand-made counts', () => {
  // num_params of each model's weights in torchvision's documentation; googlenet without its auxiliary classifiers.
  test.each([
    ['alexnet-torchvision', 61_100_840],
    ['vgg-16', 138_357_544],
    ['vgg-19', 143_667_240],
    ['googlenet-bn', 6_624_904],
    ['resnet-18', 11_689_512],
    ['resnet-101', 44_549_160],
    ['densenet-121', 7_978_856],
  ])('%s has the %i parameters of torchvision', (id, parameters) => {
    expect(summarize(LEDGER.model(id)).totals.parameters).toBe(parameters);
  });

  test('GoogLeNet of the paper and of torchvision differ by 5x5 kernels, biases and normalisations', () => {
    const [paper, torchvision] = ['googlenet', 'googlenet-bn'].map((id) => summarize(LEDGER.model(id)));
    const wide = (paper?.layers ?? []).filter(({ window }) => window?.size[0] === 5);
    expect(wide).toHaveLength(9);
    const smallerKernels = wide.reduce((sum, { weights }) => sum + (weights / 25) * (25 - 9), 0);
    const scales = (torchvision?.layers ?? []).reduce(
      (sum, { kind, weights }) => sum + (kind === 'batch-norm' ? weights : 0),
      0,
    );
    // As many shifts as there were biases, so only the scales are more.
    expect(paper?.totals.parameters).toBe((torchvision?.totals.parameters ?? 0) + smallerKernels - scales);
  });

  test('AlexNet as listed has 50,844,008 parameters', () => {
    // conv1 11*11*3*96 + 96 = 34,944; conv2 5*5*96*256 + 256 = 614,656; conv3 3*3*256*384 + 384 = 885,120;
    // conv4 3*3*384*384 + 384 = 1,327,488; conv5 3*3*384*256 + 256 = 884,992; fc6 5*5*256*4096 + 4096 = 26,218,496;
    // fc7 4096*4096 + 4096 = 16,781,312; fc8 4096*1000 + 1000 = 4,097,000.
    const byHand = 34_944 + 614_656 + 885_120 + 1_327_488 + 884_992 + 26_218_496 + 16_781_312 + 4_097_000;
    expect(byHand).toBe(50_844_008);
    expect(summarize(LEDGER.model('alexnet')).totals.parameters).toBe(byHand);
  });

  test('AlexNet on 227 pixels has 62,378,344: fc6 sees 6*6*256 inputs in place of 5*5*256', () => {
    expect(summarize(LEDGER.model('alexnet-227')).totals.parameters).toBe(50_844_008 + (9216 - 6400) * 4096);
  });
});

describe('the lookup', () => {
  test('has no id twice', () => {
    expect(new Set(LEDGER.models.map((model) => model.id)).size).toBe(LEDGER.models.length);
  });

  test('refuses an unknown id, naming those there are', () => {
    expect(() => LEDGER.model('vgg-17')).toThrow(expect.objectContaining({ code: 'E_UNKNOWN_MODEL' }));
    expect(() => LEDGER.model('vgg-17')).toThrow('vgg-17');
  });
});

test('models that are trained end in logits', () => {
  const trained = LEDGER.models.filter((model) => /^(mlp|cnn)-/.test(model.id));
  expect(trained).toHaveLength(9);
  for (const model of trained) expect(model.layers.at(-1)).toMatchObject({ kind: 'dense', units: 10 });
});
