import type { Tensor, TensorInfo } from '@tensorflow/tfjs-core';
import type { NativeBackend, OpAttribute } from '../../native/load.js';

/** Attributes of an operation by their kind; `types` are all float32. */
export interface OpAttributes {
  readonly bools?: Readonly<Record<string, boolean>>;
  readonly ints?: Readonly<Record<string, readonly number[]>>;
  readonly strings?: Readonly<Record<string, string>>;
  readonly shapes?: Readonly<Record<string, readonly number[]>>;
  readonly types?: readonly string[];
}

/** Runs an operation of TensorFlow by its name (https://www.tensorflow.org/api_docs/python/tf/raw_ops). */
export type RunOperation = (name: string, inputs: readonly TensorInfo[], attributes?: OpAttributes) => Tensor;

/** Operations with one result, on float32 tensors. */
export function operationsOf(backend: NativeBackend): RunOperation {
  return (name, inputs, attributes = {}) =>
    backend.executeMultipleOutputs(name, toBinding(backend, attributes), inputs, 1)[0] as Tensor;
}

/** Operations without any result. */
export function effectsOf(backend: NativeBackend): (...parameters: Parameters<RunOperation>) => void {
  return (name, inputs, attributes = {}) =>
    void backend.executeMultipleOutputs(name, toBinding(backend, attributes), inputs, 0);
}

function toBinding({ binding }: NativeBackend, attributes: OpAttributes): OpAttribute[] {
  const { bools = {}, ints = {}, strings = {}, shapes = {}, types = ['T'] } = attributes;
  const all = (type: number, values: Readonly<Record<string, OpAttribute['value']>>) =>
    Object.entries(values).map(([name, value]) => ({ name, type, value }));
  return [
    ...types.map((name) => ({ name, type: binding.TF_ATTR_TYPE, value: binding.TF_FLOAT })),
    ...all(binding.TF_ATTR_BOOL, bools),
    ...all(binding.TF_ATTR_INT, ints),
    ...all(binding.TF_ATTR_STRING, strings),
    ...all(binding.TF_ATTR_SHAPE, shapes),
  ];
}
