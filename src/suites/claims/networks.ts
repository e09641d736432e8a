import type { CountClaim } from '../../core/claim.js';
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
