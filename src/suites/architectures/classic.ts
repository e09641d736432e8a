import type { LayerSpec, ModelSpec } from '../../core/model.js';

/**
 * Deck 004, "LeNet-5: Architecture in table", with the activations the table prints (it has tanh after the pools as well).
 * Row 4 is taken as 2x2 pooling: as printed (5x5, stride 1) the table contradicts its own next row; see the claims.
 */
export const LENET_5: ModelSpec = {
  id: 'lenet-5',
  title: 'LeNet-5',
  input: [32, 32, 1],
  layers: [
    { kind: 'conv2d', name: 'c1', filters: 6, kernel: 5 },
    { kind: 'tanh', name: 'c1-tanh' },
    { kind: 'average-pool', name: 's2', size: 2 },
    { kind: 'tanh', name: 's2-tanh' },
    { kind: 'conv2d', name: 'c3', filters: 16, kernel: 5 },
    { kind: 'tanh', name: 'c3-tanh' },
    { kind: 'average-pool', name: 's4', size: 2 },
    { kind: 'tanh', name: 's4-tanh' },
    { kind: 'conv2d', name: 'c5', filters: 120, kernel: 5 },
    { kind: 'tanh', name: 'c5-tanh' },
    { kind: 'flatten', name: 'flatten' },
    { kind: 'dense', name: 'f6', units: 84 },
    { kind: 'tanh', name: 'f6-tanh' },
    { kind: 'dense', name: 'output', units: 10 },
    { kind: 'softmax', name: 'softmax' },
  ],
};

/**
 * Deck 004, "Neural network example". The table leaves activations and the kind of pooling out; neither changes a shape or
 * a count.
 */
export const EXAMPLE_NET: ModelSpec = {
  id: 'example-net',
  title: 'Example net of deck 004',
  input: [32, 32, 3],
  layers: [
    { kind: 'conv2d', name: 'conv1', filters: 8, kernel: 5 },
    { kind: 'max-pool', name: 'pool1', size: 2 },
    { kind: 'conv2d', name: 'conv2', filters: 16, kernel: 5 },
    { kind: 'max-pool', name: 'pool2', size: 2 },
    { kind: 'flatten', name: 'flatten' },
    { kind: 'dense', name: 'fc3', units: 120 },
    { kind: 'dense', name: 'fc4', units: 84 },
    { kind: 'dense', name: 'output', units: 10 },
    { kind: 'softmax', name: 'softmax' },
  ],
};

/**
 * One tower with 96-256-384-384-256 filters, as deck 004 lists it. Neither the paper's two towers with their halved
 * connections nor torchvision's variant (64 filters and padding 2 in conv1).
 */
const ALEXNET_LAYERS: readonly LayerSpec[] = [
  { kind: 'conv2d', name: 'conv1', filters: 96, kernel: 11, stride: 4 },
  { kind: 'relu', name: 'relu1' },
  { kind: 'max-pool', name: 'pool1', size: 3, stride: 2 },
  { kind: 'conv2d', name: 'conv2', filters: 256, kernel: 5, padding: 2 },
  { kind: 'relu', name: 'relu2' },
  { kind: 'max-pool', name: 'pool2', size: 3, stride: 2 },
  { kind: 'conv2d', name: 'conv3', filters: 384, kernel: 3, padding: 1 },
  { kind: 'relu', name: 'relu3' },
  { kind: 'conv2d', name: 'conv4', filters: 384, kernel: 3, padding: 1 },
  { kind: 'relu', name: 'relu4' },
  { kind: 'conv2d', name: 'conv5', filters: 256, kernel: 3, padding: 1 },
  { kind: 'relu', name: 'relu5' },
  { kind: 'max-pool', name: 'pool5', size: 3, stride: 2 },
  { kind: 'flatten', name: 'flatten' },
  { kind: 'dense', name: 'fc6', units: 4096 },
  { kind: 'relu', name: 'relu6' },
  { kind: 'dropout', name: 'drop6', rate: 0.5 },
  { kind: 'dense', name: 'fc7', units: 4096 },
  { kind: 'relu', name: 'relu7' },
  { kind: 'dropout', name: 'drop7', rate: 0.5 },
  { kind: 'dense', name: 'fc8', units: 1000 },
];

export const ALEXNET: ModelSpec = {
  id: 'alexnet',
  title: 'AlexNet as deck 004 lists it, 224x224 input',
  input: [224, 224, 3],
  layers: ALEXNET_LAYERS,
};

/** The same layers on the input that deck 004 says the paper needs. */
export const ALEXNET_227: ModelSpec = {
  id: 'alexnet-227',
  title: 'AlexNet, 227x227 input',
  input: [227, 227, 3],
  layers: ALEXNET_LAYERS,
};

/**
 * torchvision.models.alexnet, after Krizhevsky's "One weird trick" (2014): 64-192-384-256-256 filters, padding in conv1. Its
 * adaptive pooling to 6x6 does nothing to a 224 input, and is left out.
 */
export const ALEXNET_TORCHVISION: ModelSpec = {
  id: 'alexnet-torchvision',
  title: 'AlexNet, torchvision variant',
  input: [224, 224, 3],
  layers: [
    { kind: 'conv2d', name: 'conv1', filters: 64, kernel: 11, stride: 4, padding: 2 },
    { kind: 'relu', name: 'relu1' },
    { kind: 'max-pool', name: 'pool1', size: 3, stride: 2 },
    { kind: 'conv2d', name: 'conv2', filters: 192, kernel: 5, padding: 2 },
    { kind: 'relu', name: 'relu2' },
    { kind: 'max-pool', name: 'pool2', size: 3, stride: 2 },
    { kind: 'conv2d', name: 'conv3', filters: 384, kernel: 3, padding: 1 },
    { kind: 'relu', name: 'relu3' },
    { kind: 'conv2d', name: 'conv4', filters: 256, kernel: 3, padding: 1 },
    { kind: 'relu', name: 'relu4' },
    { kind: 'conv2d', name: 'conv5', filters: 256, kernel: 3, padding: 1 },
    { kind: 'relu', name: 'relu5' },
    { kind: 'max-pool', name: 'pool5', size: 3, stride: 2 },
    { kind: 'flatten', name: 'flatten' },
    { kind: 'dropout', name: 'drop6', rate: 0.5 },
    { kind: 'dense', name: 'fc6', units: 4096 },
    { kind: 'relu', name: 'relu6' },
    { kind: 'dropout', name: 'drop7', rate: 0.5 },
    { kind: 'dense', name: 'fc7', units: 4096 },
    { kind: 'relu', name: 'relu7' },
    { kind: 'dense', name: 'fc8', units: 1000 },
  ],
};

/** 3x3 convolutions with ReLU that keep height and width, then 2x2 max pooling. */
function vggBlock(block: number, convolutions: number, filters: number): LayerSpec[] {
  const layers = Array.from({ length: convolutions }, (_, index): LayerSpec[] => [
    { kind: 'conv2d', name: `conv${block}_${index + 1}`, filters, kernel: 3, padding: 1 },
    { kind: 'relu', name: `relu${block}_${index + 1}` },
  ]);
  return [...layers.flat(), { kind: 'max-pool', name: `pool${block}`, size: 2 }];
}

/** The three dense layers of every VGG. Ends in logits, as torchvision's do. */
const VGG_HEAD: readonly LayerSpec[] = [
  { kind: 'flatten', name: 'flatten' },
  { kind: 'dense', name: 'fc6', units: 4096 },
  { kind: 'relu', name: 'relu6' },
  { kind: 'dense', name: 'fc7', units: 4096 },
  { kind: 'relu', name: 'relu7' },
  { kind: 'dense', name: 'fc8', units: 1000 },
];

/** Deck 002, "VGGNet": configuration D of Simonyan and Zisserman 2015; torchvision.models.vgg16 without its dropout. */
export const VGG_16: ModelSpec = {
  id: 'vgg-16',
  title: 'VGG-16',
  input: [224, 224, 3],
  layers: [
    ...vggBlock(1, 2, 64),
    ...vggBlock(2, 2, 128),
    ...vggBlock(3, 3, 256),
    ...vggBlock(4, 3, 512),
    ...vggBlock(5, 3, 512),
    ...VGG_HEAD,
  ],
};

/** Deck 003's last slides: configuration E of the same paper; torchvision.models.vgg19 without its dropout. */
export const VGG_19: ModelSpec = {
  id: 'vgg-19',
  title: 'VGG-19',
  input: [224, 224, 3],
  layers: [
    ...vggBlock(1, 2, 64),
    ...vggBlock(2, 2, 128),
    ...vggBlock(3, 4, 256),
    ...vggBlock(4, 4, 512),
    ...vggBlock(5, 4, 512),
    ...VGG_HEAD,
  ],
};
