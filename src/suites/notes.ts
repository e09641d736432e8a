import type { Note } from '../core/note.js';

type Row = Omit<Note, 'id' | 'deck' | 'holds'>;

function notes(deck: string, holds: boolean, rows: Readonly<Record<string, Row>>): readonly Note[] {
  return Object.entries(rows).map(([id, row]) => ({ id: `${deck}/note/${id}`, deck, holds, ...row }));
}

const CONV2D = 'PyTorch, documentation of torch.nn.Conv2d';

/** What the decks print wrongly, and nothing has to be run to see it. */
const MISTAKES: readonly Note[] = [
  ...notes('001', false, {
    'fashion-mnist': {
      place: 'listings of the MLPs for Fashion-MNIST, comment',
      printed: 'Load CFashionMNIST dataset',
      right: 'The data set, and the class of torchvision in the line below, is FashionMNIST.',
      source: 'torchvision, documentation of torchvision.datasets.FashionMNIST',
    },
    keras: {
      place: 'Convolution layer in Keras, twice',
      printed: 'Convolution layer in Keras',
      right:
        'The call below is of PyTorch, as the headings of the same slides in deck 000 say; in Keras it is Conv2D(filters, kernel_size).',
      source: `${CONV2D}; Keras, documentation of keras.layers.Conv2D`,
    },
  }),
  ...notes('002', false, {
    googlenet: {
      place: 'GoogleNet, heading',
      printed: 'GoogleNet',
      right: 'The net is called GoogLeNet, after LeNet, as the text below the heading has it.',
      source: 'Szegedy et al., Going deeper with convolutions, CVPR 2015, abstract',
    },
    'valid-convolution': {
      place: 'Convolution operator (cont.), In summary',
      printed: 'the result of performing a valid convolution',
      right:
        'A valid convolution has no padding; the operator that is summed up has a padding P, and is valid for P = 0 only.',
      source: `${CONV2D}, padding='valid'`,
    },
    'translation-invariant': {
      place: 'What are learnt in CNNs?',
      printed: 'translation invariant',
      right:
        'A convolution is equivariant: its output moves with the input, which the claim measures. Invariant is what does not change, and only approximately what is pooled.',
      source: 'Goodfellow, Bengio and Courville, Deep Learning, 2016, sections 9.2 and 9.3',
    },
  }),
  ...notes('003', false, {
    'any-function': {
      place: 'Back to Image Classification : MLP, the Universal Approximation Theorem',
      printed: 'is sufficient to represent any function',
      right:
        'The theorem is about continuous functions on a closed and bounded set, which are approximated as closely as one likes, not represented.',
      source:
        'Cybenko, Approximation by superpositions of a sigmoidal function, 1989, theorem 2; Hornik, Neural Networks 4 (1991)',
    },
    'input-size': {
      place: 'CNN : Convolution, legend',
      printed: 'N = input size',
      right: 'The formula above the legend has I for the input size, and no N.',
      source: 'the slide itself',
    },
  }),
  ...notes('004', false, {
    k: {
      place: 'nn.Conv2d, decoded',
      printed: 'running index for the k-th filter (kernel)',
      right:
        'k runs over the channels of the input, from 0 to C_in - 1; filters are counted by j. The weight of nn.Conv2d(3, 2, 3) is (2, 3, 3, 3): two filters with three channels.',
      source: CONV2D,
    },
    'c-in-j': {
      place: 'nn.Conv2d, decoded',
      printed: 'C_in_j: number of channels of the input',
      right:
        'The number of channels of the input is C_in; a C_in with an index j does not occur in the formula that is decoded.',
      source: 'the slide itself',
    },
    lecun: {
      place: 'Figure: LeNet-5 Convolution Neural Network',
      printed: 'Yan LeCun',
      right: 'His name is Yann LeCun.',
      source: 'LeCun et al., Gradient-based learning applied to document recognition, 1998',
    },
    contents: {
      place: 'Table of Contents, first and fourth',
      printed: '6 Putting it together and summary',
      right: 'It comes after 4, and is 5 on the other three tables of contents.',
      source: 'the slides themselves',
    },
  }),
];

/** What is right, and needs a source and no run. */
const AS_PRINTED: readonly Note[] = [
  ...notes('000', true, {
    conv2d: {
      place: 'slides 28 and 29',
      printed: 'nn.Conv2d(in_channels, out_channels, kernel_size)',
      right: 'These are the three parameters of nn.Conv2d without a default, in this order.',
      source: CONV2D,
    },
  }),
  ...notes('002', true, {
    'tiny-images': {
      place: 'CIFAR',
      printed: 'labeled subsets of the 80 million tiny images dataset',
      right: 'So says the page of the data sets, with the same three collectors.',
      source: 'https://www.cs.toronto.edu/~kriz/cifar.html',
    },
  }),
  ...notes('004', true, {
    signature: {
      place: 'Conv2d',
      printed: 'torch.nn.Conv2d(in_channels, out_channels, kernel_size, stride=1, ...)',
      right: 'PyTorch 2.15 has the same eleven parameters in the same order, with the same defaults.',
      source: 'inspect.signature(torch.nn.Conv2d), PyTorch 2.15.0',
    },
    'lenet-1998': {
      place: 'Figure: LeNet-5 Convolution Neural Network; Classic convolution neural networks',
      printed: 'presented in 1998',
      right: 'The paper that names LeNet-5 is of November 1998.',
      source: 'LeCun et al., Gradient-based learning applied to document recognition, Proc. IEEE 86 (1998)',
    },
    'imagenet-2010': {
      place: 'Classic convolution neural networks',
      printed: '1.2 million high-resolution images in the ImageNet LSVRC-2010 contest into the 1000 different classes',
      right: 'That is the first sentence of the abstract of the paper.',
      source: 'Krizhevsky, Sutskever and Hinton, ImageNet classification with deep convolutional neural networks, 2012',
    },
    karpathy: {
      place: 'AlexNet, Explanation & background',
      printed: 'pointed out by "Andrej Karpathy"',
      right: 'His course notes say that 224 "is surely incorrect", because (224 - 11)/4 + 1 is no integer.',
      source: 'https://cs231n.github.io/convolutional-networks/, "Real-world example"',
    },
  }),
];

/** Everything of the five decks that is checked by looking. */
export const NOTES: readonly Note[] = [...MISTAKES, ...AS_PRINTED];
