import type { CountClaim } from '../../core/claim.js';
import { countClaims, inputsRow, nodesRow, type CountRow } from './count-claims.js';

/** A printed shape, channels first, of one layer's output. */
function shapeRow(name: string, printed: string, statement: string): CountRow {
  return {
    id: `${name}/shape`,
    printed,
    statement,
    unit: 'shape',
    measure: { what: 'shape', of: name, as: 'channels-first' },
  };
}

const FASHION_SHAPES = ['(32,22,22)', '(64,16,16)', '(128,10,10)', '(256,4,4)'];
const CIFAR_SHAPES = ['(32,26,26)', '(64,20,20)', '(128,14,14)', '(256,8,8)'];

function shapeRows(shapes: readonly string[]): CountRow[] {
  return shapes.map((printed, index) =>
    shapeRow(`conv${index + 1}`, printed, `Feature maps of 7x7 convolution ${index + 1}: ${printed}.`),
  );
}

const DECK_000: readonly CountClaim[] = [
  ...countClaims({ deck: '000', model: 'conv-stack', place: 'slide 26' }, [
    shapeRow('conv1', '(4,28,28)', '4 kernels (3,5,5) on (3,32,32) give (4,28,28).'),
    shapeRow('conv2', '(5,22,22)', '5 kernels (4,7,7) on (4,28,28) give (5,22,22).'),
    shapeRow('conv3', '(6,18,18)', '6 kernels (5,5,5) on (5,22,22) give (6,18,18).'),
  ]),
  ...countClaims({ deck: '000', model: 'cnn-fashion-conv-only', place: 'slides 31 and 32' }, [
    ...shapeRows(FASHION_SHAPES),
    nodesRow('flatten', '4096 nodes'),
    nodesRow('dense', '10 nodes'),
  ]),
  ...countClaims({ deck: '000', model: 'cnn-fashion', place: 'slide 35' }, [
    ...shapeRows(FASHION_SHAPES),
    nodesRow('flatten', '4096 nodes'),
    nodesRow('dense1', '128 nodes'),
    nodesRow('dense2', '10 nodes'),
  ]),
  ...countClaims({ deck: '000', model: 'cnn-cifar', place: 'slide 38' }, [
    ...shapeRows(CIFAR_SHAPES),
    nodesRow('flatten', '8*8*256 nodes'),
    nodesRow('dense1', '128 nodes'),
    nodesRow('dense2', '10 nodes'),
  ]),
];

const DECK_001: readonly CountClaim[] = [
  ...countClaims({ deck: '001', model: 'conv-stack', place: 'Understand convolution' }, [
    {
      id: 'conv1/shape',
      printed: '(28,28,4)',
      statement: '4 kernels (5,5,3) on (32,32,3) give (28,28,4).',
      unit: 'shape',
      measure: { what: 'shape', of: 'conv1' },
    },
  ]),
  ...countClaims(
    { deck: '001', model: 'cnn-fashion-conv-only', place: 'Simple Convolutional Neural Network, listing' },
    [inputsRow('dense', '4*4*256')],
  ),
  ...countClaims({ deck: '001', model: 'cnn-fashion', place: 'Fashion-MNIST dataset: case 1, listing' }, [
    inputsRow('dense1', '4*4*256'),
  ]),
  ...countClaims({ deck: '001', model: 'cnn-cifar', place: 'Cifar-10 dataset: case 2, listing' }, [
    inputsRow('dense1', '8*8*256'),
  ]),
];

export const CNN_CLAIMS = [...DECK_000, ...DECK_001];
