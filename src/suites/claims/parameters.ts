import type { CountClaim } from '../../core/claim.js';
import { countClaims } from './count-claims.js';

const FEWER = { low: 0, high: 1, words: 'fewer, less than 1 times as many' } as const;

const WHY =
  'Per parameter the MLP is not the inefficient one here: the dense layers of the CNN alone, behind four convolutions that keep ' +
  'most of the resolution, have more than it.';

/** The decks' own pairs: the CNN of a data set and the MLP of the same one. */
const PAIRS = [
  {
    model: 'cnn-fashion',
    comparedWith: 'mlp-fashion',
    data: 'Fashion-MNIST',
    erratum: `2,635,146 / 203,530 = 12.9: the CNN of case 1 has 12.9 times as many parameters as the MLP of case 1. ${WHY}`,
  },
  {
    model: 'cnn-cifar',
    comparedWith: 'mlp-cifar-1',
    data: 'CIFAR-10',
    erratum: `4,211,146 / 789,258 = 5.3: the CNN of case 2 has 5.3 times as many parameters as the MLP of case 2. ${WHY}`,
  },
] as const;

/** Decks 000 and 001: a reason to leave MLPs, held against the nets that they leave them for. */
export const PARAMETER_CLAIMS: readonly CountClaim[] = (['000', '001'] as const).flatMap((deck) =>
  PAIRS.flatMap(({ model, comparedWith, data, erratum }) =>
    countClaims({ deck, model, place: deck === '000' ? 'slide 15' : 'From MLP to CNN, Multi-layer Perceptron' }, [
      {
        id: 'parameters-against-mlp',
        printed: 'Inefficiently have a large amount of parameters',
        statement: `The MLP has the large amount of parameters: the CNN for ${data} of the same deck has fewer.`,
        unit: 'times as many',
        comparedWith,
        expected: FEWER,
        measure: { what: 'parameters' },
        erratum,
        mistake: '000/parameters-of-mlps',
      },
    ]),
  ),
);
