import type { LayerSpec, ModelSpec } from '../../core/model.js';

const GROWTH = 32;

function normalised(suffix: string): LayerSpec[] {
  return [
    { kind: 'batch-norm', name: `bn${suffix}` },
    { kind: 'relu', name: `relu${suffix}` },
  ];
}

/** Concatenates its input with 32 feature maps computed from it. */
function denseLayer(name: string): LayerSpec {
  return {
    kind: 'concat',
    name,
    branches: [
      [],
      [
        ...normalised('1'),
        { kind: 'conv2d', name: 'conv1', filters: 4 * GROWTH, kernel: 1, bias: false },
        ...normalised('2'),
        { kind: 'conv2d', name: 'conv2', filters: GROWTH, kernel: 3, padding: 1, bias: false },
      ],
    ],
  };
}

function denseBlock(block: number, layers: number): LayerSpec[] {
  return Array.from({ length: layers }, (_, index) => denseLayer(`dense${block}-${index + 1}`));
}

/** Halves the channels, and height and width. */
function transition(block: number, filters: number): LayerSpec[] {
  return [
    ...normalised(`-t${block}`),
    { kind: 'conv2d', name: `conv-t${block}`, filters, kernel: 1, bias: false },
    { kind: 'average-pool', name: `pool-t${block}`, size: 2 },
  ];
}

/** Deck 002, "First Layer": torchvision.models.densenet121 (Huang et al. 2017). */
export const DENSENET_121: ModelSpec = {
  id: 'densenet-121',
  title: 'DenseNet-121, torchvision variant',
  input: [224, 224, 3],
  layers: [
    { kind: 'conv2d', name: 'conv1', filters: 64, kernel: 7, stride: 2, padding: 3, bias: false },
    ...normalised('1'),
    { kind: 'max-pool', name: 'pool1', size: 3, stride: 2, padding: 1 },
    ...denseBlock(1, 6),
    ...transition(1, 128),
    ...denseBlock(2, 12),
    ...transition(2, 256),
    ...denseBlock(3, 24),
    ...transition(3, 512),
    ...denseBlock(4, 16),
    ...normalised('5'),
    { kind: 'global-average-pool', name: 'pool5' },
    { kind: 'dense', name: 'fc', units: 1000 },
  ],
};
