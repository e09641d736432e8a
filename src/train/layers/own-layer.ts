import type { Tensor } from '@tensorflow/tfjs-core';
import type { layers as LayerTypes } from '@tensorflow/tfjs-layers';
import type { ActiveBackend } from '../../backends/backend.js';
import type { Shape } from '../../core/model.js';
import type { TensorSpec } from '../../model/layers/effect.js';

export type Layer = LayerTypes.Layer;

/** What building a model takes from a backend. */
export type LayerBackend = Pick<ActiveBackend, 'tf' | 'layers'>;

/** A tensor that a layer keeps, as it is now. */
export interface KeptTensor {
  read(): Tensor;
  write(value: Tensor): void;
}

/** A layer that tf.layers lacks, or computes otherwise than Keras and PyTorch. */
export interface OwnLayer {
  readonly name: string;
  /** Its name in Keras. */
  readonly className: string;
  /** In the order of Keras. */
  readonly tensors?: readonly TensorSpec[];
  /** Of one example. */
  readonly outputShape: Shape;
  /** Fields of its configuration in Keras. */
  readonly config?: Readonly<Record<string, number[][] | number[] | number | string>>;
  /**
   * Differentiable with the gradients that tfjs-core has.
   *
   * @param x with the batch first @param kept the layer's tensors, in order
   */
  compute(x: Tensor, kept: readonly KeptTensor[], training: boolean): Tensor;
}

/** The tf.layers layer, all weights zero. */
export function ownLayer({ layers }: Pick<LayerBackend, 'layers'>, own: OwnLayer): Layer {
  const { name, className, tensors = [], outputShape, config = {} } = own;
  class Own extends layers.layers.Layer {
    static className = className;

    override build(): void {
      for (const { part, shape, role } of tensors) {
        this.addWeight(part, [...shape], 'float32', layers.initializers.zeros(), undefined, role !== 'statistic');
      }
      this.built = true;
    }

    override getConfig() {
      return { ...super.getConfig(), ...config };
    }

    override computeOutputShape(inputShape: (number | null)[]): (number | null)[] {
      return [inputShape[0] ?? null, ...outputShape];
    }

    override call(inputs: Tensor | Tensor[], kwargs: { training?: boolean }): Tensor {
      const x = Array.isArray(inputs) ? (inputs[0] as Tensor) : inputs;
      return own.compute(x, [...this.trainableWeights, ...this.nonTrainableWeights], kwargs.training === true);
    }
  }
  return new Own({ name });
}
