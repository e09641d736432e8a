import type { LayerSpec, ModelSpec } from '../../core/model.js';

/** Four 7x7 convolutions without padding, each with ReLU, then flatten: the stem of both CNN cases of decks 000 and 001. */
const STEM: readonly LayerSpec[] = [
  ...[32, 64, 128, 256].flatMap((filters, index): LayerSpec[] => [
    { kind: 'conv2d', name: `conv${index + 1}`, filters, kernel: 7 },
    { kind: 'relu', name: `relu${index + 1}` },
  ]),
  { kind: 'flatten', name: 'flatten' },
];

/** Dense 128 with ReLU, then ten logits (no softmax layer: the loss is softmax cross entropy on logits). */
const HEAD: readonly LayerSpec[] = [
  { kind: 'dense', name: 'dense1', units: 128 },
  { kind: 'relu', name: 'relu5' },
  { kind: 'dense', name: 'dense2', units: 10 },
];

/** Deck 000 slide 35 and deck 001, "Fashion-MNIST dataset: case 1". */
export const CNN_FASHION: ModelSpec = {
  id: 'cnn-fashion',
  title: 'CNN case 1: 7x7 32-64-128-256, dense 128, dense 10',
  input: [28, 28, 1],
  layers: [...STEM, ...HEAD],
};

/** Deck 001, the listing of "Simple Convolutional Neural Network"; deck 000 slides 31 and 32. */
export const CNN_FASHION_CONV_ONLY: ModelSpec = {
  id: 'cnn-fashion-conv-only',
  title: 'Simple CNN: 7x7 32-64-128-256, dense 10',
  input: [28, 28, 1],
  layers: [...STEM, { kind: 'dense', name: 'dense', units: 10 }],
};

/** Deck 000 slide 38 and deck 001, "Cifar-10 dataset: case 2". */
export const CNN_CIFAR: ModelSpec = {
  id: 'cnn-cifar',
  title: 'CNN case 2: 7x7 32-64-128-256, dense 128, dense 10',
  input: [32, 32, 3],
  layers: [...STEM, ...HEAD],
};

/** Deck 000 slide 26, "A stack of convolutions". */
export const CONV_STACK: ModelSpec = {
  id: 'conv-stack',
  title: 'Stack of convolutions 5x5, 7x7, 5x5',
  input: [32, 32, 3],
  layers: [
    { kind: 'conv2d', name: 'conv1', filters: 4, kernel: 5 },
    { kind: 'conv2d', name: 'conv2', filters: 5, kernel: 7 },
    { kind: 'conv2d', name: 'conv3', filters: 6, kernel: 5 },
  ],
};

/** Deck 002, "Pooling layer": a small net of its own, as the deck gives none, that differs in its two poolings only. */
function pooledCnn(kind: 'max-pool' | 'average-pool', title: string): ModelSpec {
  const stage = (position: number, filters: number): LayerSpec[] => [
    { kind: 'conv2d', name: `conv${position}`, filters, kernel: 3 },
    { kind: 'relu', name: `relu${position}` },
    { kind, name: `pool${position}`, size: 2, stride: 2 },
  ];
  return {
    id: `cnn-${kind}`,
    title: `Small CNN: 3x3 8-16, ${title}, dense 10`,
    input: [28, 28, 1],
    layers: [
      ...stage(1, 8),
      ...stage(2, 16),
      { kind: 'flatten', name: 'flatten' },
      { kind: 'dense', name: 'dense', units: 10 },
    ],
  };
}

export const CNN_MAX_POOL = pooledCnn('max-pool', 'max pooling');
export const CNN_AVERAGE_POOL = pooledCnn('average-pool', 'average pooling');
