import type { CountClaim } from '../../core/claim.js';
import { countClaims, type CountRow } from './count-claims.js';

interface Listing {
  readonly model: string;
  readonly place: string;
  /** Arguments of each Conv2d and Linear, as printed, by the layer it is in our model. */
  readonly calls: Readonly<Record<string, Linear | Conv2d>>;
}

/** `nn.Linear(784, 256)` */
type Linear = readonly [inputs: string, outputs: number];
/** `nn.Conv2d(1, 32, kernel_size=7)` */
type Conv2d = readonly [channels: number, filters: number, kernel: number];

const STEM = { conv2: [32, 64, 7], conv3: [64, 128, 7], conv4: [128, 256, 7] } as const;
const CIFAR = 'MLP for Cifar-10';

/** Every model that deck 001 lists. */
const LISTINGS: readonly Listing[] = [
  {
    model: 'mlp-fashion-sigmoid',
    place: 'Sigmoid, Xavier and Adam, listing',
    calls: { dense1: ['784', 256], dense2: ['256', 10] },
  },
  {
    model: 'mlp-fashion',
    place: 'ReLU, He and Adam, first listing',
    calls: { dense1: ['784', 256], dense2: ['256', 10] },
  },
  {
    model: 'mlp-fashion-deep',
    place: 'ReLU, He and Adam, second listing',
    calls: { dense1: ['784', 256], dense2: ['256', 256], dense3: ['256', 10] },
  },
  {
    model: 'mlp-cifar-1',
    place: `${CIFAR}, first listing`,
    calls: { dense1: ['32*32*3', 256], dense2: ['256', 10] },
  },
  {
    model: 'mlp-cifar-2',
    place: `${CIFAR}, second listing`,
    calls: { dense1: ['32*32*3', 256], dense2: ['256', 256], dense3: ['256', 10] },
  },
  {
    model: 'mlp-cifar-3',
    place: `${CIFAR}, third listing`,
    calls: { dense1: ['32*32*3', 256], dense2: ['256', 256], dense3: ['256', 256], dense4: ['256', 10] },
  },
  {
    model: 'cnn-fashion-conv-only',
    place: 'Simple Convolutional Neural Network, listing',
    calls: { conv1: [1, 32, 7], ...STEM, dense: ['4*4*256', 10] },
  },
  {
    model: 'cnn-fashion',
    place: 'Fashion-MNIST dataset: case 1, listing',
    calls: { conv1: [1, 32, 7], ...STEM, dense1: ['4*4*256', 128], dense2: ['128', 10] },
  },
  {
    model: 'cnn-cifar',
    place: 'Cifar-10 dataset: case 2, listing',
    calls: { conv1: [3, 32, 7], ...STEM, dense1: ['8*8*256', 128], dense2: ['128', 10] },
  },
];

const product = (factors: string) => factors.split('*').reduce((all, factor) => all * Number(factor), 1);
const isConv2d = (call: Linear | Conv2d): call is Conv2d => call.length === 3;

/** Parameters of a layer as PyTorch defines it, with biases. */
function parametersOf(call: Linear | Conv2d): number {
  if (!isConv2d(call)) return product(call[0]) * call[1] + call[1];
  const [channels, filters, kernel] = call;
  return kernel * kernel * channels * filters + filters;
}

function printedCall(call: Linear | Conv2d): string {
  if (!isConv2d(call)) return `nn.Linear(${call.join(', ')})`;
  return `nn.Conv2d(${call[0]}, ${call[1]}, kernel_size=${call[2]})`;
}

function arithmetic(call: Linear | Conv2d): string {
  if (!isConv2d(call)) return `${call[0]}*${call[1]} weights and ${call[1]} biases`;
  const [channels, filters, kernel] = call;
  return `${kernel}*${kernel}*${channels}*${filters} weights and ${filters} biases`;
}

function exactly(parameters: number): CountRow['expected'] {
  return { low: parameters, high: parameters, words: `${parameters.toLocaleString('en-US')} parameters` };
}

/** The parameters that a listing defines, layer by layer and in all, on the model that is built from sizes alone. */
export const LISTING_CLAIMS: readonly CountClaim[] = LISTINGS.flatMap(({ model, place, calls }) => {
  const total = Object.values(calls).reduce((sum, call) => sum + parametersOf(call), 0);
  return countClaims({ deck: '001', model, place }, [
    ...Object.entries(calls).map(([layer, call]): CountRow => ({
      id: `${layer}/parameters`,
      printed: printedCall(call),
      statement: `${printedCall(call)} fits what comes before it: ${arithmetic(call)}.`,
      unit: 'parameters',
      expected: exactly(parametersOf(call)),
      measure: { what: 'parameters', of: layer },
    })),
    {
      id: 'parameters',
      printed: Object.values(calls).map(printedCall).join(', '),
      statement: `The model of the listing has ${total.toLocaleString('en-US')} parameters in all.`,
      unit: 'parameters',
      expected: exactly(total),
      measure: { what: 'parameters' },
    },
  ]);
});
