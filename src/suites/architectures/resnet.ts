import type { LayerSpec, ModelSpec } from '../../core/model.js';

// Residual nets as torchvision builds them: convolutions without biases, each followed by a batch normalisation.

function convolution(name: string, filters: number, kernel: number, stride = 1): LayerSpec[] {
  return [
    { kind: 'conv2d', name, filters, kernel, stride, padding: (kernel - 1) / 2, bias: false },
    { kind: 'batch-norm', name: name.replace('conv', 'bn') },
  ];
}

/** The way around a block: the identity, or a 1x1 convolution where the block changes the shape. */
function shortcut(filters: number, stride: number, project: boolean): LayerSpec[] {
  return project ? convolution('projection-conv', filters, 1, stride) : [];
}

/** Two 3x3 convolutions, the last without ReLU. */
function pair(filters: number, stride: number): LayerSpec[] {
  return [
    ...convolution('conv1', filters, 3, stride),
    { kind: 'relu', name: 'relu' },
    ...convolution('conv2', filters, 3),
  ];
}

/** 1x1, 3x3 and 1x1 with four times the filters. The 3x3 has the stride, not the first 1x1 of He et al. 2016. */
function bottleneck(filters: number, stride: number): LayerSpec[] {
  return [
    ...convolution('conv1', filters, 1),
    { kind: 'relu', name: 'relu1' },
    ...convolution('conv2', filters, 3, stride),
    { kind: 'relu', name: 'relu2' },
    ...convolution('conv3', 4 * filters, 1),
  ];
}

/** Adds what a block computes to what came in, then ReLU. */
function residual(name: string, block: readonly LayerSpec[], around: readonly LayerSpec[]): LayerSpec[] {
  return [
    { kind: 'add', name, branches: [block, around] },
    { kind: 'relu', name: `${name}-relu` },
  ];
}

/** Four stages of blocks between a 7x7 stem and global average pooling. */
function resnet(block: typeof pair, expansion: 1 | 4, blocks: readonly number[]): LayerSpec[] {
  const stages = blocks.flatMap((count, stage) =>
    Array.from({ length: count }, (_, index) => {
      const filters = 64 * 2 ** stage;
      const stride = stage > 0 && index === 0 ? 2 : 1;
      const changesShape = index === 0 && (stage > 0 || expansion > 1);
      const around = shortcut(filters * expansion, stride, changesShape);
      return residual(`layer${stage + 1}-${index + 1}`, block(filters, stride), around);
    }).flat(),
  );
  return [
    ...convolution('conv1', 64, 7, 2),
    { kind: 'relu', name: 'relu1' },
    { kind: 'max-pool', name: 'pool1', size: 3, stride: 2, padding: 1 },
    ...stages,
    { kind: 'global-average-pool', name: 'pool' },
    { kind: 'dense', name: 'fc', units: 1000 },
  ];
}

/** Deck 002, "The ResNet-18 architecture". */
export const RESNET_18: ModelSpec = {
  id: 'resnet-18',
  title: 'ResNet-18, torchvision variant',
  input: [224, 224, 3],
  layers: resnet(pair, 1, [2, 2, 2, 2]),
};

/** Deck 002, "First Layer". */
export const RESNET_101: ModelSpec = {
  id: 'resnet-101',
  title: 'ResNet-101, torchvision variant',
  input: [224, 224, 3],
  layers: resnet(bottleneck, 4, [3, 4, 23, 3]),
};

// Deck 002, "Residual Blocks": the blocks one by one, on what reaches the first stage of ResNet-18.

export const REGULAR_BLOCK: ModelSpec = {
  id: 'regular-block',
  title: 'Regular block: two 3x3 convolutions',
  input: [56, 56, 64],
  layers: [...pair(64, 1), { kind: 'relu', name: 'block-relu' }],
};

export const RESIDUAL_BLOCK: ModelSpec = {
  id: 'residual-block',
  title: 'Residual block without 1x1 convolution',
  input: [56, 56, 64],
  layers: residual('block', pair(64, 1), shortcut(64, 1, false)),
};

export const RESIDUAL_BLOCK_1X1: ModelSpec = {
  id: 'residual-block-1x1',
  title: 'Residual block with 1x1 convolution, 128 filters, stride 2',
  input: [56, 56, 64],
  layers: residual('block', pair(128, 2), shortcut(128, 2, true)),
};
