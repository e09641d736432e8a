import type { LayerSpec, ModelSpec } from '../../core/model.js';

/** Filters of an inception block: 1x1; 1x1 then 3x3; 1x1 then 5x5; 1x1 after the pooling. */
type InceptionFilters = readonly [number, readonly [number, number], readonly [number, number], number];

/** Table 1 of Szegedy et al. 2015. */
const BLOCKS: Readonly<Record<string, InceptionFilters>> = {
  '3a': [64, [96, 128], [16, 32], 32],
  '3b': [128, [128, 192], [32, 96], 64],
  '4a': [192, [96, 208], [16, 48], 64],
  '4b': [160, [112, 224], [24, 64], 64],
  '4c': [128, [128, 256], [24, 64], 64],
  '4d': [112, [144, 288], [32, 64], 64],
  '4e': [256, [160, 320], [32, 128], 128],
  '5a': [256, [160, 320], [32, 128], 128],
  '5b': [384, [192, 384], [48, 128], 128],
};

interface Variant {
  /** Each convolution without biases and followed by a batch normalisation. */
  readonly batchNorm: boolean;
  /** Kernel of the third branch of a block. */
  readonly wide: 3 | 5;
}

/** A convolution that keeps height and width (halves them with stride 2), and its ReLU. */
function convolution(
  { batchNorm }: Variant,
  name: string,
  filters: number,
  kernel: number,
  stride: 1 | 2 = 1,
): LayerSpec[] {
  const conv = { kind: 'conv2d', name, filters, kernel, stride, padding: (kernel - 1) / 2, bias: !batchNorm } as const;
  const normalisation: LayerSpec[] = batchNorm ? [{ kind: 'batch-norm', name: name.replace('conv', 'bn') }] : [];
  return [conv, ...normalisation, { kind: 'relu', name: name.replace('conv', 'relu') }];
}

function inception(variant: Variant, block: string): LayerSpec {
  const [single, [reduce3, wide3], [reduce5, wide5], projection] = BLOCKS[block] as InceptionFilters;
  const conv = (position: number, filters: number, kernel: number) =>
    convolution(variant, `conv-${position}`, filters, kernel);
  return {
    kind: 'concat',
    name: `inception-${block}`,
    branches: [
      conv(1, single, 1),
      [...conv(1, reduce3, 1), ...conv(2, wide3, 3)],
      [...conv(1, reduce5, 1), ...conv(2, wide5, variant.wide)],
      [{ kind: 'max-pool', name: 'pool', size: 3, stride: 1, padding: 1 }, ...conv(1, projection, 1)],
    ],
  };
}

/** Nine inception blocks between a stem of three convolutions and global average pooling. */
function googlenet(variant: Variant, pools: readonly [LayerSpec, LayerSpec, LayerSpec, LayerSpec]): LayerSpec[] {
  const blocks = (...names: string[]) => names.map((name) => inception(variant, name));
  return [
    ...convolution(variant, 'conv1', 64, 7, 2),
    pools[0],
    ...convolution(variant, 'conv2', 64, 1),
    ...convolution(variant, 'conv3', 192, 3),
    pools[1],
    ...blocks('3a', '3b'),
    pools[2],
    ...blocks('4a', '4b', '4c', '4d', '4e'),
    pools[3],
    ...blocks('5a', '5b'),
    { kind: 'global-average-pool', name: 'pool5' },
    { kind: 'dropout', name: 'dropout', rate: 0.2 },
    { kind: 'dense', name: 'fc', units: 1000 },
  ];
}

/** Halves height and width. */
function halving(name: string): LayerSpec {
  return { kind: 'max-pool', name, size: 3, stride: 2, padding: 1 };
}

/**
 * Deck 002, "GoogleNet", whose pictures are those of Dive into Deep Learning: the paper's net with biases and 5x5 kernels,
 * without local response normalisation and without the auxiliary classifiers; 1000 classes as in the paper.
 */
export const GOOGLENET: ModelSpec = {
  id: 'googlenet',
  title: 'GoogLeNet of the paper, without auxiliary classifiers',
  input: [224, 224, 3],
  layers: googlenet({ batchNorm: false, wide: 5 }, [
    halving('pool1'),
    halving('pool2'),
    halving('pool3'),
    halving('pool4'),
  ]),
};

/** Halves height and width, rounded up. */
function ceiling(name: string, size: 2 | 3): LayerSpec {
  return { kind: 'max-pool', name, size, stride: 2, ceil: true };
}

/**
 * torchvision.models.googlenet(aux_logits=False): batch normalisation, no biases but in the last layer, and 3x3 kernels
 * where the paper has 5x5.
 */
export const GOOGLENET_BN: ModelSpec = {
  id: 'googlenet-bn',
  title: 'GoogLeNet with batch normalisation, torchvision variant',
  input: [224, 224, 3],
  layers: googlenet({ batchNorm: true, wide: 3 }, [
    ceiling('pool1', 3),
    ceiling('pool2', 3),
    ceiling('pool3', 3),
    ceiling('pool4', 2),
  ]),
};
