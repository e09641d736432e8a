import type { CountClaim, CountedModel } from '../../core/claim.js';
import { sizeOf } from '../../model/summary.js';
import { layerOf } from '../../model/count-quantity.js';
import { countClaims, nodesRow, type CountRow } from './count-claims.js';

/** The sum on the slide, term by term. */
const TERMS = [
  ['conv1', '2400', '5*5*3 weights for each of 32 filters'],
  ['pool1', '0', 'none'],
  ['conv2', '12800', '5*5*32 weights for each of 16 filters'],
  ['pool2', '0', 'none'],
  ['conv3', '12800', '5*5*16 weights for each of 32 filters'],
  ['pool3', '0', 'none'],
  ['flatten', '0', 'none'],
  ['fc', '5120', '512 weights for each of 10 classes'],
] as const;

/** Layers of the MLP that the CNN is compared with: the volume that each pooling leaves. */
const VOLUMES = [
  ['pool1', '16 * 16 * 32'],
  ['pool2', '8 * 8 * 16'],
  ['pool3', '4 * 4 * 32'],
] as const;

/** Weights of an MLP with the volumes of the CNN as layers: the product of each with the next. */
function weightsAsMlp(model: CountedModel): number {
  const sizes = [
    sizeOf(model.input),
    ...[...VOLUMES.map(([name]) => name), 'fc'].map((name) => sizeOf(layerOf(model, name).outputShape)),
  ];
  return sizes.slice(1).reduce((sum, size, index) => sum + size * (sizes[index] as number), 0);
}

const CNN: readonly CountClaim[] = [
  ...countClaims({ deck: '003', model: 'deck-003-cnn', place: 'CNN : Architecture, CONV1' }, [
    {
      id: 'conv1/side',
      printed: '32',
      statement: 'Output of CONV1: (32 + 2*2 - 5)/1 + 1 = 32.',
      unit: 'pixels',
      measure: { what: 'height', of: 'conv1' },
    },
  ]),
  ...countClaims({ deck: '003', model: 'deck-003-cnn', place: 'CNN : Architecture, FC' }, [
    {
      id: 'pool3/shape',
      printed: '4 × 4 × 32',
      statement: 'What reaches the fully connected layer is 4 x 4 x 32.',
      unit: 'shape',
      measure: { what: 'shape', of: 'pool3' },
    },
    nodesRow('flatten', '512'),
  ]),
  ...countClaims({ deck: '003', model: 'deck-003-cnn', place: 'CNN : Architecture, sum' }, [
    ...TERMS.map(([name, printed, why]): CountRow => ({
      id: `${name}/parameters`,
      printed,
      statement: `Parameters of ${name}, biases not counted: ${why}.`,
      unit: 'parameters',
      measure: { what: 'parameters', of: name },
    })),
    {
      id: 'parameters',
      printed: '33120',
      statement: 'Total parameters of the CNN. Biases are not counted: with them it would have 33,210.',
      unit: 'parameters',
      measure: { what: 'parameters' },
    },
    {
      id: 'share-of-mlp',
      printed: 'much less',
      statement: 'The CNN uses much less parameters than an MLP whose layers are its pooled volumes.',
      unit: 'share',
      measure: (model) =>
        model.layers.reduce((sum, { weights, biases }) => sum + weights + biases, 0) / weightsAsMlp(model),
    },
  ]),
];

const MLP: readonly CountClaim[] = [
  ...countClaims({ deck: '003', model: 'deck-003-cnn', place: 'CNN : Architecture, MLP instead' }, [
    {
      id: 'input/volume',
      printed: '32 * 32 * 3',
      statement: 'The MLP starts with the 32*32*3 values of the image.',
      unit: 'values',
      measure: { what: 'activations', of: 'input' },
    },
    ...VOLUMES.map(([name, printed]): CountRow => ({
      id: `${name}/volume`,
      printed,
      statement: `With CONV + POOL as one hidden layer, ${name} stands for a hidden layer of ${printed}.`,
      unit: 'values',
      measure: { what: 'activations', of: name },
    })),
  ]),
  ...countClaims({ deck: '003', model: 'deck-003-mlp', place: 'CNN : Architecture, MLP instead' }, [
    {
      id: 'parameters',
      printed: '35107840',
      statement: 'Total parameters of the MLP 32*32*3 -> 16*16*32 -> 8*8*16 -> 4*4*32 -> 10.',
      unit: 'parameters',
      measure: { what: 'parameters' },
      erratum:
        '3072*8192 + 8192*1024 + 1024*512 + 512*10 = 25,165,824 + 8,388,608 + 524,288 + 5,120 = 34,083,840 weights, and 34,093,578 ' +
        'with the 9,738 biases. The printed number is 1,024,000 more. In units of 1024 the sum is 24,576 + 8,192 + 512 + 5 = 33,285, ' +
        'and the printed number is 1024 * 34,285: a carry too many in the thousands. No chain of the volumes of the CNN, before or ' +
        'after pooling, with or without biases, gives it, and no single layer of another size that the deck has.',
    },
  ]),
];

export const DECK_003_CLAIMS = [...CNN, ...MLP];
