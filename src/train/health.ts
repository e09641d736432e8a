import type { Tensor } from '@tensorflow/tfjs-core';
import type { ZeroGradient } from '../core/symptom.js';
import type { HostTensor } from '../core/tensor.js';
import { trainedOnly, weightNames, type LayerWeights } from './initialise.js';

/** Both 1-based. */
export interface StepPosition {
  readonly epoch: number;
  readonly step: number;
}

/** The gradient of each weight tensor, in the order of the model; null where the loss does not depend on it. */
export type Gradients = readonly (Tensor | null)[];

/** Values of a tensor on the host; none of a gradient that does not exist. */
interface NamedValues {
  readonly name: string;
  readonly values: Float32Array;
}

/**
 * Looks for what a loss does not show: gradients of whole weight tensors that are exactly zero, and gradients or weights that
 * are no longer finite, which a ReLU may turn into zeros again.
 *
 * Every step it reads the gradients of the biases, which are small. The gradient of a kernel is its input times the gradient of
 * its output, whose sum over the batch is the gradient of the bias. So a kernel's gradient vanishes together with that of its
 * own bias, or with that of the bias before it, whose dead ReLUs are its input. Only when one has vanished are all gradients
 * and weights read, and in the first step of each epoch all gradients: that finds connections which were never there.
 */
export class HealthWatch {
  /** Of the tensors that are trained. */
  readonly #names: readonly string[];
  /** Of all. */
  readonly #weightNames: readonly string[];
  /** What is read every step: the last tensor of each layer, its bias, or its kernel where it has none. */
  readonly #sentinels: ReadonlySet<string>;
  readonly #readWeights: () => Promise<readonly HostTensor[]>;
  readonly #zeroGradients: ZeroGradient[];
  #failure: string | undefined;

  /**
   * @param start of the model, for the names of its tensors
   * @param readWeights the weights as they are now, in the same order
   * @param earlier what was found before, in a training that goes on
   */
  constructor(
    start: readonly LayerWeights[],
    readWeights: () => Promise<readonly HostTensor[]>,
    earlier: readonly ZeroGradient[] = [],
  ) {
    const trained = trainedOnly(start);
    this.#names = weightNames(trained, '.');
    this.#weightNames = weightNames(start, '.');
    this.#sentinels = new Set(trained.map((layer) => weightNames([layer], '.').at(-1) as string));
    this.#readWeights = readWeights;
    this.#zeroGradients = [...earlier];
  }

  /** In the order in which they were seen, each tensor once. Plain data. */
  get zeroGradients(): readonly ZeroGradient[] {
    return this.#zeroGradients;
  }

  /** What is no longer finite, and since when: the training has diverged. */
  get failure(): string | undefined {
    return this.#failure;
  }

  /** Looks at the gradients of a step, after the update by them. */
  async lookAtStep({ epoch, step }: StepPosition, gradients: Gradients): Promise<void> {
    const where = `in step ${step} of epoch ${epoch}`;
    const seen = await this.#read(gradients, step === 1 ? this.#names : [...this.#sentinels]);
    this.#expectFinite(seen, 'gradient', where);
    if (!seen.some((each) => this.#isNewZero(each))) return;
    const all = await this.#read(gradients, this.#names);
    const tensors = all.filter((each) => this.#isNewZero(each)).map(({ name }) => name);
    this.#zeroGradients.push({ kind: 'zero-gradient', epoch, step, tensors });
    await this.#lookAtWeights(where);
  }

  /** Looks at the weights after the last step of an epoch. */
  lookAtEpoch(epoch: number): Promise<void> {
    return this.#lookAtWeights(`by the end of epoch ${epoch}`);
  }

  async #lookAtWeights(where: string): Promise<void> {
    const weights = await this.#readWeights();
    const named = weights.map(({ values }, index) => ({ name: this.#weightNames[index] as string, values }));
    this.#expectFinite(named, 'weights', where);
  }

  #expectFinite(tensors: readonly NamedValues[], what: 'gradient' | 'weights', where: string): void {
    for (const { name, values } of tensors) {
      const value = values.find((each) => !Number.isFinite(each));
      if (value !== undefined) this.#failure ??= `the ${what} of ${name} became ${value} ${where}`;
    }
  }

  #read(gradients: Gradients, names: readonly string[]): Promise<NamedValues[]> {
    return Promise.all(
      names.map(async (name) => {
        const gradient = gradients[this.#names.indexOf(name)] ?? null;
        return { name, values: gradient === null ? new Float32Array() : await gradient.data<'float32'>() };
      }),
    );
  }

  #isNewZero({ name, values }: NamedValues): boolean {
    return values.every((value) => value === 0) && !this.#zeroGradients.some(({ tensors }) => tensors.includes(name));
  }
}
