/** The kernels that need no WebAssembly of our own: they bring each computation to XNNPACK's forward kernels. */
export { transposingProduct } from './batch-mat-mul.js';
export { conv2dBackpropFilter } from './conv2d-backprop-filter.js';
export { conv2dBackpropInput } from './conv2d-backprop-input.js';
