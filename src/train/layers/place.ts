import type { Tf } from '../../backends/tfjs.js';
import type { Shape, SingleLayer } from '../../core/model.js';
import { effectOf } from '../../model/layers/index.js';
import type { LayerBackend, OwnLayer } from './own-layer.js';

/** Ending of the names of layers that only make room: tf.layers take no padding in pixels. */
export const PADDING_SUFFIX = '-padding';

/** Masks of a dropout layer while training: of each value, whether it is kept. A new one each time. */
export type DropoutMasks = (layer: string, count: number, rate: number) => Uint8Array;

/** Where a layer is built. */
export interface Place {
  readonly backend: LayerBackend;
  readonly tf: Tf;
  readonly name: string;
  /** Of one example. */
  readonly input: Shape;
  readonly masks: DropoutMasks;
  /** What a layer of our own has from its spec. */
  readonly own: (className: string) => Omit<OwnLayer, 'compute'>;
}

export function placeOf(
  backend: LayerBackend,
  layer: SingleLayer,
  name: string,
  input: Shape,
  masks: DropoutMasks,
): Place {
  const { outputShape, tensors = [] } = effectOf(layer, input);
  const own = (className: string) => ({ name, className, outputShape, tensors });
  return { backend, tf: backend.tf, name, input, masks, own };
}
