import type { LayerSpec, ModelSpec } from '../../core/model.js';

/** A convolution that keeps height and width, then a pooling that halves them. */
function stage(position: number, filters: number): LayerSpec[] {
  return [
    { kind: 'conv2d', name: `conv${position}`, filters, kernel: 5, padding: 2, bias: false },
    { kind: 'relu', name: `relu${position}` },
    { kind: 'max-pool', name: `pool${position}`, size: 2 },
  ];
}

/**
 * Deck 003, "CNN : Architecture". The slides count weights only, so the layers have no biases. Filters and padding follow from
 * the printed counts and shapes: 5*5*3*32 = 2400, 5*5*32*16 = 12800, 5*5*16*32 = 12800, 4*4*32*10 = 5120.
 */
export const DECK_003_CNN: ModelSpec = {
  id: 'deck-003-cnn',
  title: 'CNN of deck 003, without biases',
  input: [32, 32, 3],
  layers: [
    ...stage(1, 32),
    ...stage(2, 16),
    ...stage(3, 32),
    { kind: 'flatten', name: 'flatten' },
    { kind: 'dense', name: 'fc', units: 10, bias: false },
    { kind: 'softmax', name: 'softmax' },
  ],
};

/** The MLP it is compared with: "assuming CONV + POOL as one Hidden Layer", so one hidden layer for each pooled volume. */
export const DECK_003_MLP: ModelSpec = {
  id: 'deck-003-mlp',
  title: 'MLP of deck 003, without biases',
  input: [32, 32, 3],
  layers: [
    { kind: 'flatten', name: 'flatten' },
    ...[16 * 16 * 32, 8 * 8 * 16, 4 * 4 * 32].flatMap((units, index): LayerSpec[] => [
      { kind: 'dense', name: `dense${index + 1}`, units, bias: false },
      { kind: 'relu', name: `relu${index + 1}` },
    ]),
    { kind: 'dense', name: 'dense4', units: 10, bias: false },
  ],
};
