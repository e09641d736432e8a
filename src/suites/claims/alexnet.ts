import { channelsOf, inputShape, kernelShape, layerOf, spatial } from '../../model/count-quantity.js';
import { countClaims, type CountRow } from './count-claims.js';

/** Deck 004's listing, line by line: the layer, the shape or number of neurons printed, the line. */
const SHAPES = [
  ['conv1', '54×54×96', 'Convolution with 11×11 kernel+4 stride'],
  ['pool1', '26x26x96', 'Pool with 3x3 max, kernel+2 stride'],
  ['conv2', '26×26×256', 'Convolution with 5×5 kernel+2 pad'],
  ['pool2', '12×12×256', 'Pool with 3×3 max.kernel+2stride, second'],
  ['conv3', '12×12×384', 'Convolution with 3×3 kernel+1 pad, first'],
  ['conv4', '12×12×384', 'Convolution with 3×3 kernel+1 pad, second'],
  ['conv5', '12×12×256', 'Convolution with 3×3 kernel+1 pad, third'],
  ['pool5', '5×5×256', 'Pool with 3×3 max.kernel+2stride, third'],
] as const;

const NEURONS = [
  ['fc6', '4096', 'Dense, first'],
  ['fc7', '4096', 'Dense, second'],
  ['fc8', '1000', 'Dense, third'],
] as const;

const AS_LISTED = countClaims({ deck: '004', model: 'alexnet', place: 'AlexNet, block diagram' }, [
  ...SHAPES.map(([name, printed, line]): CountRow => ({
    id: `${name}/shape`,
    printed,
    statement: `Output of "${line}", from a 224×224×3 image.`,
    unit: 'shape',
    measure: { what: 'shape', of: name },
  })),
  ...NEURONS.map(([name, printed, line]): CountRow => ({
    id: `${name}/neurons`,
    printed,
    statement: `Neurons of "${line}".`,
    unit: 'neurons',
    measure: { what: 'activations', of: name },
  })),
]);

const CORRECTED = countClaims({ deck: '004', model: 'alexnet-227', place: 'AlexNet, Explanation & background' }, [
  {
    id: 'input-without-remainder',
    printed: '(227, 227, 3)',
    statement:
      'The input should be (227, 227, 3): what the first convolution covers without a remainder, (55-1)*4+11. The listing with ' +
      '224 is consistent as well, because floor((224-11)/4)+1 = 54 drops the last pixel; 227 is what the 55x55 of the paper needs.',
    unit: 'shape',
    measure: (model) => {
      const [output] = spatial(layerOf(model, 'conv1').outputShape);
      const [kernel] = spatial(kernelShape(model, 'conv1'));
      const input = inputShape(model, 'conv1');
      const stride = Math.floor((spatial(input)[0] - kernel) / (output - 1));
      const covered = (output - 1) * stride + kernel;
      return [covered, covered, channelsOf(input)];
    },
  },
]);

export const ALEXNET_CLAIMS = [...AS_LISTED, ...CORRECTED];
