import type { LayerWeights } from '../../../src/train/initialise.js';

/**
 * An independent trainer of dense-ReLU-...-dense networks in float64, by the textbook: softmax cross entropy, its
 * gradient (p - onehot) / n, the chain rule layer by layer, Adam of Kingma and Ba (2015), algorithm 1. Row-major arrays.
 */
export class NaiveMlp {
  private readonly layers: { w: number[][]; b: number[]; m: number[][]; v: number[][]; mb: number[]; vb: number[] }[];
  private steps = 0;

  constructor(
    weights: readonly LayerWeights[],
    private readonly adam: { learningRate: number; beta1: number; beta2: number; epsilon: number },
  ) {
    this.layers = weights.map(({ tensors: [kernel, bias] }) => {
      if (kernel === undefined) throw new Error('a layer without a kernel');
      const [rows, columns] = kernel.shape as [number, number];
      const zeros = () => Array.from({ length: rows }, () => new Array<number>(columns).fill(0));
      const w = zeros().map((row, i) => row.map((_, j) => kernel.values[i * columns + j] as number));
      const b = bias === undefined ? new Array<number>(columns).fill(0) : [...bias.values];
      return { w, b, m: zeros(), v: zeros(), mb: b.map(() => 0), vb: b.map(() => 0) };
    });
  }

  logits(x: number[]): number[] {
    return this.activations(x).at(-1) as number[];
  }

  /** One step on a batch; returns the mean loss before it. */
  step(xs: number[][], labels: number[]): number {
    this.steps++;
    const gradients = this.layers.map(({ w, b }) => ({ w: w.map((row) => row.map(() => 0)), b: b.map(() => 0) }));
    let loss = 0;
    xs.forEach((x, n) => {
      const activations = this.activations(x);
      const logits = activations.at(-1) as number[];
      const largest = Math.max(...logits);
      const sum = logits.reduce((total, value) => total + Math.exp(value - largest), 0);
      loss += Math.log(sum) + largest - (logits[labels[n] as number] as number);
      let delta = logits.map((value, k) => (Math.exp(value - largest) / sum - (k === labels[n] ? 1 : 0)) / xs.length);
      for (let l = this.layers.length - 1; l >= 0; l--) {
        const input = activations[l] as number[];
        const gradient = gradients[l] as (typeof gradients)[number];
        const { w } = this.layers[l] as (typeof this.layers)[number];
        input.forEach((value, i) => delta.forEach((d, j) => ((gradient.w[i] as number[])[j]! += value * d)));
        delta.forEach((d, j) => (gradient.b[j]! += d));
        delta = input.map((value, i) =>
          l > 0 && value <= 0 ? 0 : delta.reduce((total, d, j) => total + d * w[i]![j]!, 0),
        );
      }
    });
    this.layers.forEach((layer, l) => {
      const gradient = gradients[l] as (typeof gradients)[number];
      layer.w.forEach((row, i) => this.update(row, gradient.w[i]!, layer.m[i]!, layer.v[i]!));
      this.update(layer.b, gradient.b, layer.mb, layer.vb);
    });
    return loss / xs.length;
  }

  private activations(x: number[]): number[][] {
    const all = [x];
    this.layers.forEach(({ w, b }, l) => {
      const input = all.at(-1) as number[];
      const z = b.map((bias, j) => input.reduce((total, value, i) => total + value * w[i]![j]!, bias));
      all.push(l < this.layers.length - 1 ? z.map((value) => Math.max(0, value)) : z);
    });
    return all;
  }

  private update(values: number[], gradient: number[], m: number[], v: number[]): void {
    const { learningRate, beta1, beta2, epsilon } = this.adam;
    gradient.forEach((g, k) => {
      m[k] = beta1 * m[k]! + (1 - beta1) * g;
      v[k] = beta2 * v[k]! + (1 - beta2) * g * g;
      const mean = m[k] / (1 - beta1 ** this.steps);
      const variance = v[k] / (1 - beta2 ** this.steps);
      values[k]! -= (learningRate * mean) / (Math.sqrt(variance) + epsilon);
    });
  }
}
