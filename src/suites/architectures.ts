import { CnnbenchError } from '../core/errors.js';
import type { ModelSpec } from '../model/spec.js';
import { ALEXNET, ALEXNET_227, EXAMPLE_NET, LENET_5, VGG_16 } from './architectures/classic.js';
import { CNN_CIFAR, CNN_FASHION, CNN_FASHION_CONV_ONLY, CONV_STACK } from './architectures/cnn.js';
import {
  MLP_CIFAR_1,
  MLP_CIFAR_2,
  MLP_CIFAR_3,
  MLP_FASHION,
  MLP_FASHION_DEEP,
  MLP_FASHION_SIGMOID,
} from './architectures/mlp.js';
import { DENSE_3X3_1, DENSE_3X3_2, KERNEL_3X3_1, KERNEL_3X3_2 } from './architectures/three-by-three.js';

/** Every architecture of the decks that is a plain list of layers. */
export const ARCHITECTURES: readonly ModelSpec[] = [
  MLP_FASHION,
  MLP_FASHION_SIGMOID,
  MLP_FASHION_DEEP,
  MLP_CIFAR_1,
  MLP_CIFAR_2,
  MLP_CIFAR_3,
  CNN_FASHION,
  CNN_FASHION_CONV_ONLY,
  CNN_CIFAR,
  CONV_STACK,
  DENSE_3X3_1,
  DENSE_3X3_2,
  KERNEL_3X3_1,
  KERNEL_3X3_2,
  LENET_5,
  EXAMPLE_NET,
  ALEXNET,
  ALEXNET_227,
  VGG_16,
];

/** The architecture with this id. Throws E_UNKNOWN_MODEL, naming those there are. */
export function findArchitecture(id: string): ModelSpec {
  const found = ARCHITECTURES.find((model) => model.id === id);
  if (found) return found;
  throw new CnnbenchError(
    'E_UNKNOWN_MODEL',
    `There is no architecture "${id}".`,
    `Use one of: ${ARCHITECTURES.map((model) => model.id).join(', ')}.`,
  );
}
