import type { EinsumAttrs, KernelConfig, TensorInfo } from '@tensorflow/tfjs-core';
import type { Tf } from '../../tfjs.js';
import { kernelCaller, withTemporary, type KernelCaller } from './call.js';

/**
 * Sums of products by an equation such as `bij,bjk->bik`, of one tensor or two: transposed to batches of matrices, multiplied, and
 * transposed back. Numbers of int32 are multiplied one by one and added up.
 */
export function einsum(tf: Tf): KernelConfig {
  return {
    kernelName: 'Einsum',
    backendName: 'wasm',
    kernelFunc: ({ inputs, attrs, backend }) => {
      const tensors = Object.values(inputs) as TensorInfo[];
      const { equation } = attrs as unknown as EinsumAttrs;
      const { decodeEinsumEquation, checkEinsumDimSizes } = tf.backend_util;
      const { allDims, idDims } = decodeEinsumEquation(equation, tensors.length);
      checkEinsumDimSizes(allDims.length, idDims, tensors as never);
      const [terms, output] = equation.replace(/\s/g, '').split('->') as [string, string];
      if (new Set(output).size !== output.length) throw new Error(`Einsum: ${equation} names an axis twice`);
      const [first, second] = terms.split(',').map((axes, index) => ({ axes, tensor: tensors[index] as TensorInfo }));
      const caller = kernelCaller(tf, backend);
      return withTemporary(caller, (keep) => contract(tf, caller, keep, first as Term, second, output));
    },
  };
}

/** A tensor, and a letter for each of its axes. */
interface Term {
  readonly axes: string;
  readonly tensor: TensorInfo;
}

function contract(
  tf: Tf,
  { call }: KernelCaller,
  keep: (tensor: TensorInfo) => TensorInfo,
  first: Term,
  second: Term | undefined,
  output: string,
): TensorInfo {
  const size = (lengths: readonly number[]) => tf.util.sizeFromShape([...lengths]);
  /** Axes that nobody else has, summed up. */
  const reduced = ({ axes, tensor }: Term, others: string): Term => {
    const axis = Array.from(axes).flatMap((letter, index) => (others.includes(letter) ? [] : [index]));
    if (axis.length === 0) return { axes, tensor };
    const summed = keep(call('Sum', { x: tensor }, { axis, keepDims: false }));
    return {
      axes: Array.from(axes)
        .filter((letter) => others.includes(letter))
        .join(''),
      tensor: summed,
    };
  };
  const permuted = ({ axes, tensor }: Term, to: string): TensorInfo =>
    axes === to
      ? tensor
      : keep(call('Transpose', { x: tensor }, { perm: Array.from(to).map((letter) => axes.indexOf(letter)) }));

  if (second === undefined) {
    const result = permuted(reduced(first, output), output);
    return call('Identity', { x: result }, {});
  }
  const [a, b] = [reduced(first, second.axes + output), reduced(second, first.axes + output)];
  const only = (axes: string, test: (letter: string) => boolean) => Array.from(axes).filter(test).join('');
  const batch = only(a.axes, (letter) => b.axes.includes(letter) && output.includes(letter));
  const inner = only(a.axes, (letter) => b.axes.includes(letter) && !output.includes(letter));
  const rows = only(a.axes, (letter) => !b.axes.includes(letter));
  const columns = only(b.axes, (letter) => !a.axes.includes(letter));
  const left = permuted(a, batch + rows + inner);
  const right = permuted(b, batch + columns + inner);
  const lengths = (axes: string, { axes: of, tensor }: Term) =>
    Array.from(axes).map((letter) => tensor.shape[of.indexOf(letter)] as number);
  const [batches, m, n, k] = [
    size(lengths(batch, a)),
    size(lengths(rows, a)),
    size(lengths(columns, b)),
    size(lengths(inner, a)),
  ];
  const isFloat = [left, right].every(({ dtype }) => dtype === 'float32');
  const products = isFloat
    ? call(
        'BatchMatMul',
        { a: { ...left, shape: [batches, m, k] }, b: { ...right, shape: [batches, n, k] } },
        { transposeA: false, transposeB: true },
      )
    : call(
        'Sum',
        {
          x: keep(
            call(
              'Multiply',
              { a: { ...left, shape: [batches, m, 1, k] }, b: { ...right, shape: [batches, 1, n, k] } },
              {},
            ),
          ),
        },
        { axis: [3], keepDims: false },
      );
  const shape = [...lengths(batch, a), ...lengths(rows, a), ...lengths(columns, b)];
  const product: Term = { axes: batch + rows + columns, tensor: { ...products, shape } };
  if (product.axes === output) return product.tensor;
  keep(products);
  return call(
    'Transpose',
    { x: product.tensor },
    { perm: Array.from(output).map((letter) => product.axes.indexOf(letter)) },
  );
}
