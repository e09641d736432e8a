import type { CountClaim } from '../../core/claim.js';
import { countClaims, inputsRow, nodesRow, type CountRow } from './count-claims.js';

function parametersRow(printed: string, statement: string): CountRow {
  return { id: 'parameters', printed, statement, unit: 'parameters', measure: { what: 'parameters' } };
}

/** Input, hidden and output nodes of one case of deck 000. */
function nodesOfCase(model: string, place: string, input: string, hiddenLayers: number): readonly CountClaim[] {
  const hidden = Array.from({ length: hiddenLayers }, (_, index) => nodesRow(`dense${index + 1}`, '256 Nodes'));
  return countClaims({ deck: '000', model, place }, [
    nodesRow('flatten', input),
    ...hidden,
    nodesRow(`dense${hiddenLayers + 1}`, '10 Nodes'),
  ]);
}

/** Deck 000 slides 17 to 19 and the same slides of deck 001: 3x3 data through neurons and through 2x2 kernels. */
const MLP_AGAINST_CNN: readonly CountClaim[] = [
  ...countClaims({ deck: '000', model: 'dense-3x3-1', place: 'slide 17' }, [
    parametersRow('10 parameters', 'One neuron on 3x3 data has 9 weights and a bias.'),
  ]),
  ...countClaims({ deck: '000', model: 'kernel-3x3-1', place: 'slides 17 and 19' }, [
    parametersRow('5 parameters', 'One 2x2 kernel has 4 weights and a bias, whatever the size of the data.'),
    {
      id: 'conv/shape',
      printed: '(1,2,2)',
      statement: 'A 2x2 kernel on data of shape (1,3,3) gives a feature map of shape (1,2,2).',
      unit: 'shape',
      measure: { what: 'shape', of: 'conv', as: 'channels-first' },
    },
  ]),
  ...countClaims({ deck: '000', model: 'dense-3x3-2', place: 'slide 18' }, [
    parametersRow('20 parameters', 'Two neurons on 3x3 data have 18 weights and two biases.'),
  ]),
  ...countClaims({ deck: '000', model: 'kernel-3x3-2', place: 'slide 18' }, [
    parametersRow('10 parameters', 'Two 2x2 kernels have 8 weights and two biases.'),
  ]),
  ...countClaims({ deck: '001', model: 'kernel-3x3-1', place: 'Understand convolution' }, [
    parametersRow('5', 'One 2x2 kernel on one channel has 5 parameters, bias included.'),
    {
      id: 'conv/shape',
      printed: '(2,2,1)',
      statement: 'A 2x2 kernel on data of shape (3,3,1) gives a feature map of shape (2,2,1).',
      unit: 'shape',
      measure: { what: 'shape', of: 'conv' },
    },
  ]),
  ...countClaims({ deck: '001', model: 'kernel-3x3-2', place: 'From MLP to CNN' }, [
    parametersRow('10 parameters', 'Two 2x2 kernels have 10 parameters.'),
  ]),
];

export const MLP_CLAIMS: readonly CountClaim[] = [
  ...nodesOfCase('mlp-fashion', 'slide 2', '784 Nodes', 1),
  ...nodesOfCase('mlp-cifar-1', 'slide 6', '3072 Nodes', 1),
  ...nodesOfCase('mlp-cifar-2', 'slide 9', '3072 Nodes', 2),
  // The text of slide 12 labels two hidden layers; it has the dots of five columns of nodes (slide 9: four), and slide 14
  // says three. A label was lost, so only the labelled layers are claimed.
  ...countClaims({ deck: '000', model: 'mlp-cifar-3', place: 'slide 12' }, [
    nodesRow('flatten', '3072 Nodes'),
    nodesRow('dense1', '256 Nodes'),
    nodesRow('dense2', '256 Nodes'),
    nodesRow('dense4', '10 Nodes'),
  ]),
  ...countClaims({ deck: '001', model: 'mlp-fashion-sigmoid', place: 'Sigmoid, Xavier and Adam, listing' }, [
    inputsRow('dense1', '784'),
  ]),
  ...countClaims({ deck: '001', model: 'mlp-fashion', place: 'ReLU, He and Adam, first listing' }, [
    inputsRow('dense1', '784'),
  ]),
  ...countClaims({ deck: '001', model: 'mlp-fashion-deep', place: 'ReLU, He and Adam, second listing' }, [
    inputsRow('dense1', '784'),
  ]),
  ...['mlp-cifar-1', 'mlp-cifar-2', 'mlp-cifar-3'].flatMap((model) =>
    countClaims({ deck: '001', model, place: 'MLP for Cifar-10, listing' }, [inputsRow('dense1', '32*32*3')]),
  ),
  ...countClaims({ deck: '003', model: 'mlp-cifar-1', place: 'Back to Image Classification: MLP' }, [
    {
      id: 'flatten/nodes',
      printed: '3072',
      statement: 'A CIFAR-10 image is stretched into a vector of 32 x 32 x 3 = 1024 x 3 = 3072.',
      unit: 'values',
      measure: { what: 'activations', of: 'flatten' },
    },
  ]),
  ...MLP_AGAINST_CNN,
];
