/** tfjs-core as a type: `train/` and the kernels get the modules passed in and never import them at run time. */
export type Tf = typeof import('@tensorflow/tfjs-core');

/** Shapes and padding of a convolution, as tfjs-core computes them. */
export type Conv2DInfo = ReturnType<Tf['backend_util']['computeConv2DInfo']>;
