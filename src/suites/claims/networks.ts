import type { CountClaim, CountedModel } from '../../core/claim.js';
import { inputShape, kernelShape, spatial } from '../../model/count-quantity.js';
import { countClaims, type CountRow } from './count-claims.js';

/** The number in a net's name. */
function depthRow(printed: string, name: string): CountRow {
  return {
    id: 'weight-layers',
    printed,
    statement: `${name} has ${printed} layers with weights: convolutions and dense layers, those on shortcuts not counted.`,
    unit: 'layers',
    measure: { what: 'weight-layers', of: ['**/conv*', '**/fc*'] },
  };
}

function firstLayerRow(printed: string, name: string, note = ''): CountRow {
  return {
    id: 'conv1/filters',
    printed,
    statement: `The filters of the first layer of ${name} are ${printed}${note}.`,
    unit: 'shape',
    measure: { what: 'filters', of: 'conv1' },
  };
}

const convolutionsOf = ({ layers }: CountedModel) => layers.filter(({ kind }) => /^conv2d$/i.test(kind));

/** Of all inception blocks the smallest number of different kernels. */
function fewestKernelSizes(model: CountedModel): number {
  const sizes = new Map<string, Set<number>>();
  for (const { name } of convolutionsOf(model)) {
    const [block = ''] = name.split('/');
    if (!block.startsWith('inception-')) continue;
    const [side = NaN] = kernelShape(model, name);
    sizes.set(block, (sizes.get(block) ?? new Set()).add(side));
  }
  return Math.min(...[...sizes.values()].map(({ size }) => size));
}

/** Deck 002, "First Layer": the weights that its pictures show are those of torchvision's models. */
const FIRST_LAYERS: readonly CountClaim[] = [
  ...countClaims({ deck: '002', model: 'alexnet-torchvision', place: 'First Layer' }, [
    firstLayerRow('64 × 3 × 11 × 11', 'AlexNet', " (torchvision's variant; the paper and deck 004 have 96 filters)"),
  ]),
  ...countClaims({ deck: '002', model: 'resnet-18', place: 'First Layer' }, [
    firstLayerRow('64 × 3 × 7 × 7', 'ResNet-18'),
  ]),
  ...countClaims({ deck: '002', model: 'resnet-101', place: 'First Layer' }, [
    firstLayerRow('64 × 3 × 7 × 7', 'ResNet-101'),
    depthRow('101', 'ResNet-101'),
  ]),
  ...countClaims({ deck: '002', model: 'densenet-121', place: 'First Layer' }, [
    firstLayerRow('64 × 3 × 7 × 7', 'DenseNet-121'),
    depthRow('121', 'DenseNet-121'),
  ]),
];

/** Deck 002, "Network Design", and the two nets that deck 003's last slide names. */
const NETWORKS: readonly CountClaim[] = [
  ...countClaims({ deck: '002', model: 'googlenet', place: 'GoogleNet' }, [
    {
      id: 'inception-blocks',
      printed: '9',
      statement: 'GoogLeNet uses a stack of a total of 9 inception blocks.',
      unit: 'blocks',
      measure: { what: 'layers', of: 'inception-*' },
    },
    {
      id: 'global-average-pooling',
      printed: 'global average pooling to generate its estimates',
      statement:
        'Before its only dense layer GoogLeNet takes one number from each 7 x 7 channel of the last block: a 49th of its values.',
      unit: 'times fewer',
      expected: { low: 49, high: 49, words: '7 x 7 = 49' },
      measure: { share: { what: 'activations', of: 'inception-5b' }, of: { what: 'activations', of: 'pool5' } },
    },
  ]),
  ...countClaims({ deck: '002', model: 'googlenet', place: 'Inception Blocks' }, [
    {
      id: 'inception-kernels',
      printed: 'variously-sized kernels',
      statement: 'Each inception block has kernels of three sizes, 1x1, 3x3 and 5x5 (the block with the fewest sizes).',
      unit: 'sizes',
      expected: { low: 3, high: 3, words: '1x1, 3x3 and 5x5' },
      measure: fewestKernelSizes,
    },
  ]),
  ...countClaims({ deck: '002', model: 'vgg-16', place: 'Blocks' }, [
    {
      id: 'resolution-kept',
      printed: 'a convolutional layer with padding to maintain the resolution',
      statement:
        "Every convolution of VGG-16, the deck's net of such blocks, keeps height and width (convolutions that do not).",
      unit: 'convolutions',
      expected: { low: 0, high: 0, words: 'none changes them' },
      measure: (model) =>
        convolutionsOf(model).filter(({ name, outputShape }) =>
          spatial(outputShape).some((length, axis) => length !== inputShape(model, name)[axis]),
        ).length,
    },
  ]),
  ...countClaims({ deck: '002', model: 'residual-block-1x1', place: 'Residual Blocks (cont.)' }, [
    {
      id: 'shortcut/kernel',
      printed: '1 × 1',
      statement: 'The second kind of ResNet block has a 1x1 convolution around its layers.',
      unit: 'shape',
      measure: { what: 'kernel', of: 'block/branch2/projection-conv' },
    },
  ]),
  ...countClaims({ deck: '002', model: 'resnet-18', place: 'ResNet Model' }, [depthRow('18', 'ResNet-18')]),
  ...countClaims({ deck: '003', model: 'vgg-19', place: 'Preview on Next Lecture(s), last slide' }, [
    depthRow('19', 'VGG19'),
  ]),
];

export const NETWORK_CLAIMS = [...FIRST_LAYERS, ...NETWORKS];
