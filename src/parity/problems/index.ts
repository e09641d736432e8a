import type { OpProblem } from '../problem.js';
import { CONVOLUTIONS } from './convolutions.js';
import { ELEMENTWISE } from './elementwise.js';
import { OPTIMIZERS } from './optimizers.js';
import { POOLINGS } from './pooling.js';
import { PRODUCTS } from './products.js';
import { REDUCTIONS } from './reductions.js';

/** The problems of the first rung, simple ones first. A test holds them to all kernels that the suites use. */
export const PROBLEMS: readonly OpProblem[] = [
  ...ELEMENTWISE,
  ...REDUCTIONS,
  ...PRODUCTS,
  ...CONVOLUTIONS,
  ...POOLINGS,
  ...OPTIMIZERS,
];
