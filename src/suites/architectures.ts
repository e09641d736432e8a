import type { ModelSpec } from '../core/model.js';
import {
  ALEXNET,
  ALEXNET_227,
  ALEXNET_TORCHVISION,
  EXAMPLE_NET,
  LENET_5,
  VGG_16,
  VGG_19,
} from './architectures/classic.js';
import { CNN_CIFAR, CNN_FASHION, CNN_FASHION_CONV_ONLY, CONV_STACK } from './architectures/cnn.js';
import { DECK_003_CNN, DECK_003_MLP } from './architectures/deck-003.js';
import { DENSENET_121 } from './architectures/densenet.js';
import { GOOGLENET, GOOGLENET_BN } from './architectures/googlenet.js';
import {
  MLP_CIFAR_1,
  MLP_CIFAR_2,
  MLP_CIFAR_3,
  MLP_FASHION,
  MLP_FASHION_DEEP,
  MLP_FASHION_SIGMOID,
} from './architectures/mlp.js';
import { REGULAR_BLOCK, RESIDUAL_BLOCK, RESIDUAL_BLOCK_1X1, RESNET_18, RESNET_101 } from './architectures/resnet.js';
import { DENSE_3X3_1, DENSE_3X3_2, KERNEL_3X3_1, KERNEL_3X3_2 } from './architectures/three-by-three.js';

/** Every architecture of the decks. */
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
  ALEXNET_TORCHVISION,
  VGG_16,
  VGG_19,
  GOOGLENET,
  GOOGLENET_BN,
  REGULAR_BLOCK,
  RESIDUAL_BLOCK,
  RESIDUAL_BLOCK_1X1,
  RESNET_18,
  RESNET_101,
  DENSENET_121,
  DECK_003_CNN,
  DECK_003_MLP,
];
