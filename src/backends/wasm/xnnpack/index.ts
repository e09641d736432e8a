/** The kernels that need no WebAssembly of our own: they bring each computation to XNNPACK's forward kernels. */
import type { Conv2DGradients } from '../kernels/conv2d-gradients.js';
import { filterGradient } from './conv2d-backprop-filter.js';
import { inputGradient } from './conv2d-backprop-input.js';

export { transposingProduct } from './batch-mat-mul.js';
export const gradients: Conv2DGradients = { inputGradient, filterGradient };
