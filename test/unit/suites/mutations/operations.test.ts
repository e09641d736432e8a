import { describe, expect, test } from 'vitest';
import type { OpClaim } from '../../../../src/core/claim.js';
import type { Operation } from '../../../../src/core/operation.js';
import type { Measurement } from '../../../../src/core/record.js';
import { measure } from '../../../../src/examples/measure.js';
import { naivePrimitives } from '../../../../src/examples/naive.js';
import type { Primitives } from '../../../../src/examples/primitives.js';
import { agrees, measureOp, valuesOf } from '../../../../src/stats/judge/measured.js';
import { OP_CLAIMS, OPS_EXPERIMENTS } from '../../../../src/suites/examples/index.js';
import { COLUMNS, OPERATION_MUTATIONS, otherOperands } from './operations.js';
import { otherwise } from './printed.js';

const OPERATIONS = OPS_EXPERIMENTS.flatMap(({ id, operations }) => operations.map((operation) => ({ id, operation })));

const AS_THEY_ARE = new Map<string, Measurement[]>();
/** Which primitives an experiment calls: a mutation of another one leaves what it leaves. */
const CALLED = new Map<string, Set<string>>();

async function measureAll(mutation: Partial<Primitives> = {}): Promise<Map<string, Measurement[]>> {
  const measured = new Map<string, Measurement[]>();
  for (const { id, operations } of OPS_EXPERIMENTS) {
    const called = CALLED.get(id);
    const changed = called === undefined || Object.keys(mutation).some((name) => called.has(name));
    measured.set(
      id,
      changed ? await measure({ ...naivePrimitives, ...mutation }, operations) : (AS_THEY_ARE.get(id) ?? []),
    );
  }
  return measured;
}

for (const { id, operations } of OPS_EXPERIMENTS) {
  const called = new Set<string>();
  const noting = (name: string, primitive: (...args: never[]) => unknown) => [
    name,
    (...args: never[]) => {
      called.add(name);
      return primitive(...args);
    },
  ];
  const primitives = Object.fromEntries(
    Object.entries(naivePrimitives).map(([name, primitive]) => noting(name, primitive as () => unknown)),
  );
  AS_THEY_ARE.set(id, await measure(primitives as Primitives, operations));
  CALLED.set(id, called);
}

/** Nothing where there is nothing to measure: that says nothing of the claim. */
function holds(claim: OpClaim, values: readonly Measurement[]): boolean | undefined {
  try {
    return agrees(claim, measureOp(claim, valuesOf({ kind: 'ops', values: [...values] })));
  } catch {
    return undefined;
  }
}

/** The claim as it would hold: an erratum with what is measured in place of what is printed. */
const CLAIMS = OP_CLAIMS.map((claim): OpClaim => {
  if (claim.erratum === undefined) return claim;
  const measured = measureOp(claim, valuesOf({ kind: 'ops', values: AS_THEY_ARE.get(claim.experiment) ?? [] }));
  const rest = { ...claim, erratum: undefined, expected: undefined };
  if (typeof measured === 'number') {
    return { ...rest, expected: { low: measured, high: measured, words: String(measured) } };
  }
  if (!Array.isArray(measured[0])) return { ...rest, printed: `[${measured.join(',')}]` };
  const rows = measured as number[][];
  return { ...rest, printed: rows.map((row) => row.map((value) => (value + 0).toFixed(1)).join(' ')).join(' / ') };
});

/** The one operation that a claim is about, by the name in its id. */
function operationOf({ id, deck, experiment }: OpClaim): Operation {
  const name = id.slice(deck.length + 1).split('/')[0];
  const found = OPERATIONS.find((each) => each.id === experiment && each.operation.name === name);
  if (found === undefined) throw new Error(`${id}: no operation ${String(name)}`);
  return found.operation;
}

describe('a claim of an operation fails where', () => {
  test('something else is printed', () => {
    const survived = CLAIMS.flatMap((claim) => {
      const values = AS_THEY_ARE.get(claim.experiment) ?? [];
      if (holds(claim, values) !== true) return [`${claim.id}: does not hold`];
      const mutants = otherwise(claim);
      if (mutants.length === 0) return [`${claim.id}: no number`];
      return mutants.filter((other) => holds(other, values) !== false).map(({ printed }) => `${claim.id}: ${printed}`);
    });
    expect(survived).toEqual([]);
  });

  test('something else is computed; each mutation is seen by a claim', async () => {
    const open = new Set(CLAIMS);
    const unseen: string[] = [];
    for (const [name, mutation] of Object.entries(OPERATION_MUTATIONS)) {
      const values = await measureAll(mutation);
      const seenBy = CLAIMS.filter((claim) => holds(claim, values.get(claim.experiment) ?? []) === false);
      if (seenBy.length === 0) unseen.push(name);
      for (const claim of seenBy) open.delete(claim);
    }
    expect({ survived: [...open].map(({ id }) => id), unseen }).toEqual({ survived: [], unseen: [] });
  });

  test('the operands are others', async () => {
    const survived: string[] = [];
    for (const claim of CLAIMS) {
      for (const [operand, others] of Object.entries(otherOperands(operationOf(claim)))) {
        const verdicts: (boolean | undefined)[] = [];
        for (const other of others) verdicts.push(holds(claim, await measure(naivePrimitives, [other])));
        if (!verdicts.includes(false)) survived.push(`${claim.id}: ${operand}`);
      }
    }
    // The first output lies at the origin wherever the second is, a bias is the same at every place, and how high an output is
    // says nothing of its filters.
    expect(survived).toMatchInlineSnapshot(`
      [
        "000/example-5x5-stride-1/m1: stride",
        "001/example-5x5-stride-1/m1: stride",
        "000/example-5x5-stride-2/m1: stride",
        "001/example-5x5-stride-2/m1: stride",
        "002/cross-correlation/first: stride",
        "002/two-input-channels/first: stride",
        "004/simplest-case/height-kept: filters",
        "002/bias/offset: stride",
      ]
    `);
  });

  test('a number of its formula is another one', () => {
    const columns = CLAIMS.flatMap((claim) => {
      const { op, name } = operationOf(claim);
      const names = COLUMNS[op];
      if (claim.points === undefined || names === undefined) return [];
      const table = (AS_THEY_ARE.get(claim.experiment) ?? []).find((each) => each.name === name) as Measurement;
      const seen = names.filter((_, column) => {
        const values = table.values.map((value, place) => (place % names.length === column ? value + 1 : value));
        return holds(claim, [{ ...table, values }]) === false;
      });
      return [`${claim.printed}: ${seen.join(', ')} (${claim.id})`];
    });
    expect(columns).toMatchInlineSnapshot(`
      [
        "ReLU y = max(0, x): x, y (003/relu/definition)",
        "The patterns they learn are translation invariant: differing (002/convolution-and-translation/shared-weights)",
        "Preserves the spatial structure: differing (003/convolution-and-translation/shared-weights)",
        "useful in one part of the image is probably useful in another part of the image: differing (004/convolution-and-translation/shared-weights)",
        "Remove spatial information of the data: differing (000/flattening/spatial-information)",
        "Remove spatial information of the data: differing (001/flattening/spatial-information)",
        "Spatial structure is lost: differing (003/flattening/spatial-information)",
        "S_o = (S_D - K) / S + 1: height, k, s, outHeight (000/output-size/without-padding)",
        "S_o = (S_D - K) / S + 1: height, k, s, outHeight (001/output-size/without-padding)",
        "O = (I - F) / S + 1: height, k, s, outHeight (003/output-size/without-padding)",
        "W_out = (W_in - F + 2P) / S + 1: width, k, s, p, outWidth (002/output-size/width)",
        "H_out = (H_in - F + 2P) / S + 1: height, k, s, p, outHeight (002/output-size/height)",
        "O_w = (I_w + 2 P_aw - F_w) / S_w + 1: width, k, s, p, outWidth (003/output-size/with-padding)",
        "o = floor((i + 2p - k - (k - 1)(d - 1)) / s) + 1: height, k, s, p, d, outHeight (002/output-size/dilated)",
        "n_H[l] = floor((n_H[l-1] + 2p - f) / s + 1): height, k, s, p, outHeight (004/output-size/height)",
        "n_W[l] = floor((n_W[l-1] + 2p - f) / s + 1): width, k, s, p, outWidth (004/output-size/width)",
        "O = (I - F) / S + 1 <= I - F + 1 < I: height, k, s, outHeight (003/output-size/shrinks)",
        "W_out = (W_in - F + 2P) / S + 1, H_out = (H_in - F + 2P) / S + 1: height, width, k, s, p, outHeight, outWidth (002/output-size/without-floor)",
        "padding to maintain the resolution: height, width, k, p, outHeight, outWidth (002/output-size/resolution)",
        "Remedy this via, "Padding": height, width, k, p, outHeight, outWidth (003/output-size/remedy)",
        "W_out = (W_in - F) / S + 1: width, f, s, outWidth (002/max-pool-size/width)",
        "H_out = (H_in - F) / S + 1: height, f, s, outHeight (002/max-pool-size/height)",
        "D_out = D_in: channels, outChannels (002/max-pool-size/depth)",
        "W_out = (W_in - F) / S + 1, H_out = (H_in - F) / S + 1: height, width, f, s, outHeight, outWidth (002/max-pool-size/without-floor)",
        "to reduce the number of feature-map coefficients to process: f, outChannels (002/max-pool-size/fewer-coefficients)",
        "we can apply the pooling over many channels in the image: channels, outChannels (004/max-pool-size/channels)",
        "O = I / Po: height, s, outHeight (003/max-pool-size/divided)",
        "Reduce the size of "input" image: f, outHeight, outWidth (004/max-pool-size/reduces)",
        "W_out = (W_in - F) / S + 1: width, f, s, outWidth (002/average-pool-size/width)",
        "H_out = (H_in - F) / S + 1: height, f, s, outHeight (002/average-pool-size/height)",
        "D_out = D_in: channels, outChannels (002/average-pool-size/depth)",
        "W_out = (W_in - F) / S + 1, H_out = (H_in - F) / S + 1: height, width, f, s, outHeight, outWidth (002/average-pool-size/without-floor)",
        "to reduce the number of feature-map coefficients to process: f, outChannels (002/average-pool-size/fewer-coefficients)",
        "we can apply the pooling over many channels in the image: channels, outChannels (004/average-pool-size/channels)",
        "O = I / Po: height, s, outHeight (003/average-pool-size/divided)",
        "Reduce the size of "input" image: f, outHeight, outWidth (004/average-pool-size/reduces)",
        "k' = k: k, k' (002/transposed/no-padding-unit-stride/kernel)",
        "s' = 1: s' (002/transposed/no-padding-unit-stride/stride)",
        "p' = k - 1: k, p' (002/transposed/no-padding-unit-stride/padding)",
        "o' = i' + (k - 1): i', k, o' (002/transposed/no-padding-unit-stride/output)",
        "k' = k: k, k' (002/transposed/padding-unit-stride/kernel)",
        "s' = 1: s' (002/transposed/padding-unit-stride/stride)",
        "p' = k - p - 1: k, p, p' (002/transposed/padding-unit-stride/padding)",
        "o' = i' + (k - 1) - 2p: i', k, p, o' (002/transposed/padding-unit-stride/output)",
        "k' = k: k, k' (002/transposed/no-padding-strides/kernel)",
        "s' = 1: s' (002/transposed/no-padding-strides/stride)",
        "p' = k - 1: k, p' (002/transposed/no-padding-strides/padding)",
        "o' = s(i' - 1) + k: i', k, s, o' (002/transposed/no-padding-strides/output)",
        "adding s - 1 zeros between each input unit: s, zeros (002/transposed/no-padding-strides/zeros)",
        "Convolution can be interpreted as a matrix multiplication: toProduct (002/matrix/convolution)",
        "convolution C <-> transposed convolution C^T: toTransposedProduct (002/matrix/transposed)",
        "#channels of data = #channels of kernel (must): data, kernel, accepted (000/channels-of-data-and-kernel/must-match)",
        "#channels of data must = #channels of kernel: data, kernel, accepted (001/channels-of-data-and-kernel/must-match)",
        "The filters depth is always equal to the input volume depth: data, kernel, accepted (002/channels-of-data-and-kernel/must-match)",
        "F x F x D_in x K weights: inputs, extent, out, weights (002/layer/weights)",
        "K biases: out, biases (002/layer/biases)",
        "D_out = K: out, outputs (002/layer/depth)",
        "Weights: f[l] x f[l] x n_C[l-1] x n_C[l]: inputs, extent, out, weights (004/layer/weights)",
        "number of filters = number of channels of the output "image": out, outputs (004/layer/depth)",
        "1 Filter = 1 Activation Map: outputs (003/layer/one-filter)",
        "full connections to all activations in the previous layer: kind, inputs, weights, outputs (002/layer/full-connections)",
        "3072 x h1 + h1 h2 + h2 x 10: kind, inputs, out, weights, outputs (003/layer/mlp-weights)",
        "3072 + h1 + h2 + 10: kind, inputs, biases, outputs (003/layer/mlp-biases)",
        "Output size (N, H_out): out, outputs (004/layer/linear-output)",
        "No parameter involved!!!: kind, weights, biases (003/layer/pooling-parameters)",
        "No parameters to learn!: kind, weights, biases (004/layer/pooling-parameters)",
        ""inflate" the kernel by inserting spaces between the kernel elements: differing (002/dilation/inflated-kernel)",
        "o = floor((i + 2p - k - (k - 1)(d - 1)) / s) + 1: height, width, k, s, p, d, outHeight, outWidth (002/dilation/with-stride)",
        "can hence be computed with a matrix multiplication followed by a bias offset: fromProduct (002/dense/matrix-and-bias)",
        "z[1] = W[1] a[0] + b[1]: fromProduct (004/dense/matrix-and-bias)",
        "H_in (in_features) as C_in (in_channels), H_out (out_features) as C_out: fromConvolution (004/dense/as-convolution)",
      ]
    `);
  });
});
