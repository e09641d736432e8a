import type { Tensor, Tensor2D } from '@tensorflow/tfjs-core';
import type { Tf } from '../../backends/tfjs.js';
import { biasVectors, GATES, type RecurrentLayer } from '../../model/layers/recurrent.js';
import { ownLayer, type KeptTensor, type Layer } from './own-layer.js';
import type { Place } from './place.js';

const CLASSES = { 'simple-rnn': 'SimpleRNN', lstm: 'LSTM', gru: 'GRU' } as const;

/** What a step makes of the products of its input and state, [N, gates x units] with their biases. */
interface Products {
  readonly ofInput: Tensor;
  /** With some of the columns of the recurrent kernel, all by default. */
  readonly ofState: (state: Tensor, first?: number, last?: number) => Tensor;
}

interface State {
  readonly hidden: Tensor;
  /** Of an LSTM. */
  readonly cell: Tensor;
}

/** Unrolled: a step after the other. */
export function buildRecurrent(place: Place, layer: RecurrentLayer): Layer {
  const { backend, tf, own } = place;
  const { units, returnSequences = false } = layer;
  const columns = GATES[layer.kind] * units;
  return ownLayer(backend, {
    ...own(CLASSES[layer.kind]),
    compute(x, kept) {
      const [batch, steps, features] = x.shape as [number, number, number];
      const [kernel, recurrentKernel, bias] = kept.map((each: KeptTensor) => each.read()) as [
        Tensor2D,
        Tensor2D,
        Tensor,
      ];
      const [inputBias, stateBias] = biases(tf, bias, biasVectors(layer), columns);
      const plus = (product: Tensor, added: Tensor | undefined) => (added ? tf.add<Tensor>(product, added) : product);
      const flat: Tensor2D = tf.reshape(x, [batch * steps, features]);
      const inputs = tf.reshape(plus(tf.matMul(flat, kernel), inputBias), [batch, steps, columns]);
      const part = (tensor: Tensor, first: number, last: number) =>
        tf.slice(tensor, [0, first * units], [-1, (last - first) * units]);
      const ofState = (state: Tensor, first = 0, last: number = GATES[layer.kind]) =>
        plus(
          tf.matMul(state, part(recurrentKernel, first, last)),
          stateBias && tf.slice(stateBias, [first * units], [(last - first) * units]),
        );
      let state: State = { hidden: tf.zeros([batch, units]), cell: tf.zeros([batch, units]) };
      const outputs: Tensor[] = [];
      for (let step = 0; step < steps; step++) {
        const ofInput = tf.reshape(tf.slice(inputs, [0, step, 0], [-1, 1, -1]), [batch, columns]);
        state = next(tf, layer, { ofInput, ofState }, state, part);
        outputs.push(tf.reshape(state.hidden, [batch, 1, units]));
      }
      return returnSequences ? tf.concat(outputs, 1) : state.hidden;
    },
  });
}

/** The bias that goes with the input, and the one that goes with the state. */
function biases(tf: Tf, bias: Tensor | undefined, vectors: 0 | 1 | 2, columns: number): (Tensor | undefined)[] {
  if (bias === undefined || vectors < 2) return [bias, undefined];
  return [0, 1].map((row) => tf.reshape(tf.slice(bias, [row, 0], [1, columns]), [columns]));
}

function next(
  tf: Tf,
  layer: RecurrentLayer,
  { ofInput, ofState }: Products,
  { hidden, cell }: State,
  part: (tensor: Tensor, first: number, last: number) => Tensor,
): State {
  switch (layer.kind) {
    case 'simple-rnn':
      return { hidden: tf.tanh(tf.add(ofInput, ofState(hidden))), cell };
    case 'lstm': {
      // Hochreiter and Schmidhuber 1997, with the forget gate of Gers et al. 2000.
      const all = tf.add<Tensor>(ofInput, ofState(hidden));
      const [input, forget, output] = [0, 1, 3].map((gate) => tf.sigmoid(part(all, gate, gate + 1))) as [
        Tensor,
        Tensor,
        Tensor,
      ];
      const memory = tf.add<Tensor>(tf.mul(forget, cell), tf.mul(input, tf.tanh(part(all, 2, 3))));
      return { hidden: tf.mul(output, tf.tanh(memory)), cell: memory };
    }
    case 'gru': {
      // Cho et al. 2014; `resetAfter` is the variant of cuDNN.
      const resetAfter = layer.resetAfter !== false;
      const products = resetAfter ? ofState(hidden) : ofState(hidden, 0, 2);
      const gate = (index: number) =>
        tf.sigmoid(tf.add(part(ofInput, index, index + 1), part(products, index, index + 1)));
      const [update, reset] = [gate(0), gate(1)];
      const recalled = resetAfter ? tf.mul<Tensor>(reset, part(products, 2, 3)) : ofState(tf.mul(reset, hidden), 2, 3);
      const candidate = tf.tanh(tf.add(part(ofInput, 2, 3), recalled));
      return { hidden: tf.add(tf.mul(update, hidden), tf.mul(tf.sub(1, update), candidate)), cell };
    }
  }
}
