import type { Values } from '../core/operation.js';
import type { Primitives, VectorFunction } from './primitives.js';

/**
 * The primitives as plain loops over their definitions: what the `fake` backend computes, and what tests hold the real
 * backends against. Kept free of cleverness, and of float32. They refuse what tfjs refuses.
 */
export const naivePrimitives: Primitives = {
  async conv2d(input, filter, { stride, padding, dilation }) {
    const [batch, height, width, channels] = four(input);
    const [kernelHeight, kernelWidth, filterChannels, filters] = four(filter);
    if (channels !== filterChannels) throw new Error(`${channels} channels against a filter of ${filterChannels}`);
    // As tfjs has it.
    if (stride > 1 && dilation > 1) throw new Error(`stride ${stride} and dilation ${dilation} at once`);
    const length = (side: number, kernel: number) =>
      Math.floor((side + 2 * padding - (dilation * (kernel - 1) + 1)) / stride) + 1;
    return filled([batch, length(height, kernelHeight), length(width, kernelWidth), filters], ([n, y, x, f]) => {
      let sum = 0;
      for (let i = 0; i < kernelHeight; i++) {
        for (let j = 0; j < kernelWidth; j++) {
          for (let c = 0; c < channels; c++) {
            const [row, column] = [y * stride - padding + i * dilation, x * stride - padding + j * dilation];
            sum += at(input, [n, row, column, c]) * at(filter, [i, j, c, f]);
          }
        }
      }
      return sum;
    });
  },
  async conv2dTranspose(output, filter, inputShape, { stride, padding }) {
    const [batch, height, width, filters] = four(output);
    const [kernelHeight, kernelWidth, channels] = four(filter);
    const [, inputHeight, inputWidth] = inputShape as [number, number, number, number];
    const values = new Array<number>(batch * inputHeight * inputWidth * channels).fill(0);
    filled([batch, height, width, filters], ([n, y, x, f]) => {
      for (let i = 0; i < kernelHeight; i++) {
        for (let j = 0; j < kernelWidth; j++) {
          for (let c = 0; c < channels; c++) {
            const [row, column] = [y * stride - padding + i, x * stride - padding + j];
            if (row < 0 || column < 0 || row >= inputHeight || column >= inputWidth) continue;
            const place = ((n * inputHeight + row) * inputWidth + column) * channels + c;
            values[place] = (values[place] as number) + at(output, [n, y, x, f]) * at(filter, [i, j, c, f]);
          }
        }
      }
      return 0;
    });
    return { shape: [...inputShape], values };
  },
  async pool(kind, input, { size, stride }) {
    const [batch, height, width, channels] = four(input);
    const length = (side: number) => Math.floor((side - size) / stride) + 1;
    return filled([batch, length(height), length(width), channels], ([n, y, x, c]) => {
      const seen: number[] = [];
      for (let i = 0; i < size; i++) {
        for (let j = 0; j < size; j++) seen.push(at(input, [n, y * stride + i, x * stride + j, c]));
      }
      return kind === 'max' ? Math.max(...seen) : seen.reduce((sum, value) => sum + value, 0) / seen.length;
    });
  },
  async addBias(input, bias) {
    const { length } = bias;
    return { shape: input.shape, values: input.values.map((value, index) => value + (bias[index % length] as number)) };
  },
  async matMul(left, right) {
    const [rows, inner] = left.shape as [number, number];
    const columns = right.shape[1] as number;
    const values = Array.from({ length: rows * columns }, (_, index) => {
      const [row, column] = [Math.floor(index / columns), index % columns];
      let sum = 0;
      for (let k = 0; k < inner; k++) {
        sum += (left.values[row * inner + k] as number) * (right.values[k * columns + column] as number);
      }
      return sum;
    });
    return { shape: [rows, columns], values };
  },
  async dense(input, weights, bias) {
    const [inputs, units] = weights.shape as [number, number];
    const values = Array.from({ length: units }, (_, unit) => {
      let sum = bias[unit] as number;
      for (let i = 0; i < inputs; i++)
        sum += (input.values[i] as number) * (weights.values[i * units + unit] as number);
      return sum;
    });
    return { shape: [1, units], values };
  },
  async relu({ shape, values }) {
    return { shape, values: values.map((value) => (value > 0 ? value : 0)) };
  },
  async apply(what, { shape, values }) {
    const largest = Math.max(...values);
    const sum = values.reduce((total, value) => total + Math.exp(value - largest), 0);
    const functions: Readonly<Record<VectorFunction, (value: number) => number>> = {
      sigmoid: (value) => 1 / (1 + Math.exp(-value)),
      tanh: Math.tanh,
      softmax: (value) => Math.exp(value - largest) / sum,
      'log-softmax': (value) => value - largest - Math.log(sum),
      log: Math.log,
    };
    return { shape, values: values.map(functions[what]) };
  },
  layer(question) {
    switch (question.kind) {
      case 'conv2d': {
        const { channels, kernel, filters } = question;
        return { outputs: filters, weights: kernel * kernel * channels * filters, biases: filters };
      }
      case 'dense':
        return { outputs: question.units, weights: question.inputs * question.units, biases: question.units };
      case 'max-pool':
      case 'average-pool':
        return { outputs: question.channels, weights: 0, biases: 0 };
    }
  },
};

type Four = [number, number, number, number];

function four({ shape }: Values): Four {
  return shape as Four;
}

/** Zero outside: padding. */
function at({ shape, values }: Values, index: Four): number {
  let place = 0;
  for (let axis = 0; axis < index.length; axis++) {
    const [length, position] = [shape[axis] as number, index[axis] as number];
    if (position < 0 || position >= length) return 0;
    place = place * length + position;
  }
  return values[place] as number;
}

function filled(shape: Four, value: (index: Four) => number): Values {
  const [, height, width, channels] = shape;
  const values = Array.from({ length: shape.reduce((product, length) => product * length, 1) }, (_, place) => {
    const c = place % channels;
    const x = Math.floor(place / channels) % width;
    const y = Math.floor(place / (channels * width)) % height;
    return value([Math.floor(place / (channels * width * height)), y, x, c]);
  });
  return { shape, values };
}
