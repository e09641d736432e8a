/** tf.layers as a type, apart from `tfjs.ts`: the package's types of the wasm kernels name tfjs-core only. */
export type TfLayers = typeof import('@tensorflow/tfjs-layers');
