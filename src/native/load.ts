import type { KernelBackend, Tensor, TensorInfo } from '@tensorflow/tfjs-core';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import nodeUtil from 'node:util';

/** An attribute of an operation of TensorFlow. */
export interface OpAttribute {
  readonly name: string;
  /** Of `NativeBinding`. */
  readonly type: number;
  readonly value: string | number | boolean | readonly number[];
}

/** The compiled part of tfjs-node, as far as cnnbench uses it. */
export interface NativeBinding {
  readonly TF_Version: string;
  readonly TF_FLOAT: number;
  readonly TF_UINT8: number;
  readonly TF_ATTR_BOOL: number;
  readonly TF_ATTR_INT: number;
  readonly TF_ATTR_STRING: number;
  readonly TF_ATTR_SHAPE: number;
  readonly TF_ATTR_TYPE: number;
  /** @returns id of a tensor on the array's own memory */
  createTensor(shape: readonly number[], type: number, values: Uint8Array): number;
  deleteTensor(id: number): void;
  executeOp(name: string, attributes: readonly OpAttribute[], inputs: readonly number[], outputs: number): unknown[];
}

/** The backend `tensorflow` of tfjs-node. */
export interface NativeBackend extends KernelBackend {
  readonly isUsingGpuDevice: boolean;
  readonly binding: NativeBinding;
  executeMultipleOutputs(
    name: string,
    attributes: readonly OpAttribute[],
    inputs: readonly TensorInfo[],
    outputs: number,
  ): Tensor[];
  /** Of a fused kernel; the input itself where it is `linear`. */
  applyActivation(
    input: Tensor,
    activation: string | undefined,
    preluActivationWeights: Tensor | undefined,
    leakyreluAlpha: number | undefined,
  ): Tensor;
  /** Of what `executeOp` answers. */
  createOutputTensor(metadata: unknown): Tensor;
}

export type Tf = typeof import('@tensorflow/tfjs-core');

/** tfjs with libtensorflow as its current backend: another instance of tfjs than the one of cnnbench. */
export interface LoadedTfjsNode {
  readonly tf: Tf;
  readonly layers: typeof import('@tensorflow/tfjs-layers');
  readonly backend: NativeBackend;
  /** Of tfjs-node. */
  readonly version: string;
  /** Of libtensorflow. */
  readonly libtensorflow: string;
}

/**
 * Loads tfjs-node from its folder, with a number of threads for each operation. libtensorflow reads the environment as
 * it is loaded, which a process can do once.
 */
export function loadTfjsNode(packageFolder: string, threads: number): LoadedTfjsNode {
  Object.assign(process.env, {
    TF_NUM_INTRAOP_THREADS: String(threads),
    TF_NUM_INTEROP_THREADS: '1',
    // Errors only: everything else is said by cnnbench.
    TF_CPP_MIN_LOG_LEVEL: process.env['TF_CPP_MIN_LOG_LEVEL'] ?? '2',
  });
  defineRemovedFunctions();
  const require = createRequire(join(packageFolder, 'package.json'));
  const { version } = require('./package.json') as { version: string };
  require('./dist/index.js');
  const tf = require('@tensorflow/tfjs-core') as Tf;
  const layers = require('@tensorflow/tfjs-layers') as LoadedTfjsNode['layers'];
  const backend = tf.backend() as NativeBackend;
  return { tf, layers, backend, version, libtensorflow: backend.binding.TF_Version };
}

/** tfjs-node 4.22 calls functions that Node 23 removed from `util` (tensorflow/tfjs#8609). */
function defineRemovedFunctions(): void {
  const util = nodeUtil as { isNullOrUndefined?: unknown; isArray?: unknown };
  util.isNullOrUndefined ??= (value: unknown) => value === null || value === undefined;
  util.isArray ??= Array.isArray;
}
