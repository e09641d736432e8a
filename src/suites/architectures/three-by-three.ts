import type { ModelSpec } from '../../core/model.js';

// Deck 000 slides 17 and 18, "From MLP to CNN": the same 3x3 data through one or two neurons, and through one or two 2x2
// kernels.

export const DENSE_3X3_1: ModelSpec = {
  id: 'dense-3x3-1',
  title: '3x3 data, one neuron',
  input: [3, 3, 1],
  layers: [
    { kind: 'flatten', name: 'flatten' },
    { kind: 'dense', name: 'dense', units: 1 },
  ],
};

export const DENSE_3X3_2: ModelSpec = {
  id: 'dense-3x3-2',
  title: '3x3 data, two neurons',
  input: [3, 3, 1],
  layers: [
    { kind: 'flatten', name: 'flatten' },
    { kind: 'dense', name: 'dense', units: 2 },
  ],
};

export const KERNEL_3X3_1: ModelSpec = {
  id: 'kernel-3x3-1',
  title: '3x3 data, one 2x2 kernel',
  input: [3, 3, 1],
  layers: [{ kind: 'conv2d', name: 'conv', filters: 1, kernel: 2 }],
};

export const KERNEL_3X3_2: ModelSpec = {
  id: 'kernel-3x3-2',
  title: '3x3 data, two 2x2 kernels',
  input: [3, 3, 1],
  layers: [{ kind: 'conv2d', name: 'conv', filters: 2, kernel: 2 }],
};
