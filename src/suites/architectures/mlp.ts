import type { LayerSpec, ModelSpec } from '../../core/model.js';

type Hidden = 'relu' | 'sigmoid';

/**
 * Flatten, hidden layers of 256, ten outputs. Like every model here that is trained it ends in logits: the loss is softmax
 * cross entropy on logits, as PyTorch's nn.CrossEntropyLoss, and deck 001's listings have no softmax layer either.
 */
function mlp(hiddenLayers: number, activation: Hidden): LayerSpec[] {
  const hidden = Array.from({ length: hiddenLayers }, (_, index): LayerSpec[] => [
    { kind: 'dense', name: `dense${index + 1}`, units: 256 },
    { kind: activation, name: `${activation}${index + 1}` },
  ]);
  return [
    { kind: 'flatten', name: 'flatten' },
    ...hidden.flat(),
    { kind: 'dense', name: `dense${hiddenLayers + 1}`, units: 10 },
  ];
}

/** Deck 000, case 1; deck 001, "ReLU, He and Adam". */
export const MLP_FASHION: ModelSpec = {
  id: 'mlp-fashion',
  title: 'MLP 784-256-10, ReLU',
  input: [28, 28, 1],
  layers: mlp(1, 'relu'),
};

/** Deck 001, "Sigmoid, Xavier and Adam". */
export const MLP_FASHION_SIGMOID: ModelSpec = {
  id: 'mlp-fashion-sigmoid',
  title: 'MLP 784-256-10, sigmoid',
  input: [28, 28, 1],
  layers: mlp(1, 'sigmoid'),
};

/** Deck 001, the second "ReLU, He and Adam" listing. */
export const MLP_FASHION_DEEP: ModelSpec = {
  id: 'mlp-fashion-deep',
  title: 'MLP 784-256-256-10, ReLU',
  input: [28, 28, 1],
  layers: mlp(2, 'relu'),
};

/** Deck 000, case 2. */
export const MLP_CIFAR_1: ModelSpec = {
  id: 'mlp-cifar-1',
  title: 'MLP 3072-256-10, ReLU',
  input: [32, 32, 3],
  layers: mlp(1, 'relu'),
};

/** Deck 000, case 3. */
export const MLP_CIFAR_2: ModelSpec = {
  id: 'mlp-cifar-2',
  title: 'MLP 3072-256-256-10, ReLU',
  input: [32, 32, 3],
  layers: mlp(2, 'relu'),
};

/** Deck 000, case 4. */
export const MLP_CIFAR_3: ModelSpec = {
  id: 'mlp-cifar-3',
  title: 'MLP 3072-256-256-256-10, ReLU',
  input: [32, 32, 3],
  layers: mlp(3, 'relu'),
};
