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

/** The same listing, worked out on the input that the slide after it asks for. */
const CORRECTED = countClaims({ deck: '004', model: 'alexnet-227', place: 'AlexNet, Explanation & background' }, [
  {
    id: 'conv1/shape',
    printed: '54×54×96',
    statement:
      'Worked out on (227, 227, 3), which the input should have instead of (224, 224, 3), the listing of the slide before comes out.',
    unit: 'shape',
    measure: { what: 'shape', of: 'conv1' },
    erratum:
      "227 gives (227-11)/4+1 = 55, not the listing's 54. The deck's own formula rounds down, floor((224-11)/4+1) = 54, and all eight " +
      'shapes of the listing come out on 224: inputs of 223 to 226 give 54. 227 to 230 give the 55 of the paper, whose 224 does not fit ' +
      'that; so the remark is about the paper, not about the model as listed. Nor is it the remainder: 223 leaves none either.',
  },
]);

export const ALEXNET_CLAIMS = [...AS_LISTED, ...CORRECTED];
