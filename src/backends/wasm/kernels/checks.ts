import type { TensorInfo } from '@tensorflow/tfjs-core';
import type { Tf } from '../../tfjs.js';

/** What tfjs-core leaves to the kernels. An address that is formed from a shape that does not fit is another tensor's memory. */

/** @throws Error when one of the tensors is not of float32, the only type that our kernels read */
export function checkFloats(kernel: string, tensors: Readonly<Record<string, TensorInfo | undefined>>): void {
  for (const [name, tensor] of Object.entries(tensors)) {
    if (tensor !== undefined && tensor.dtype !== 'float32') {
      throw new Error(`${kernel} on wasm needs float32, got ${name} of ${tensor.dtype}`);
    }
  }
}

/** The operands of a matrix product. */
export interface Operands {
  readonly a: TensorInfo;
  readonly b: TensorInfo;
  readonly transposeA: boolean;
  readonly transposeB: boolean;
}

/**
 * Types and shapes of a matrix product: a [...,M,K] or [...,K,M], b [...,K,N] or [...,N,K], batches that broadcast.
 *
 * @returns the shape of the product
 * @throws Error as the stock kernel does, and for vectors, too
 */
export function checkProduct(tf: Tf, kernel: string, { a, b, transposeA, transposeB }: Operands): number[] {
  checkFloats(kernel, { a, b });
  const shapes = `${shapeName(a.shape)} and ${shapeName(b.shape)}`;
  if (a.shape.length < 2 || b.shape.length < 2) {
    throw new Error(`Error in matMul: both operands must be of rank 2 at least, got the shapes ${shapes}.`);
  }
  const [rows, inner] = lastTwo(a, transposeA);
  const [innerOfB, columns] = lastTwo(b, transposeB);
  if (inner !== innerOfB) {
    throw new Error(
      `Error in matMul: inner shapes (${inner}) and (${innerOfB}) of Tensors with shapes ${shapes} and ` +
        `transposeA=${transposeA} and transposeB=${transposeB} must match.`,
    );
  }
  const batches = tf.broadcast_util.assertAndGetBroadcastShape(a.shape.slice(0, -2), b.shape.slice(0, -2));
  return [...batches, rows, columns];
}

/** @throws Error unless the bias is of float32 and adding it leaves the result its shape */
export function checkBias(tf: Tf, kernel: string, bias: TensorInfo | undefined, result: readonly number[]): void {
  if (bias === undefined) return;
  checkFloats(kernel, { bias });
  const sum = tf.broadcast_util.assertAndGetBroadcastShape([...result], bias.shape);
  if (!tf.util.arraysEqual(sum, [...result])) {
    throw new Error(`${kernel}: a bias ${shapeName(bias.shape)} does not fit the result ${shapeName(result)}`);
  }
}

/** @throws Error unless dy has the shape of what the forward kernel gives */
export function checkGradient(tf: Tf, kernel: string, dy: TensorInfo, result: readonly number[]): void {
  if (!tf.util.arraysEqual(dy.shape, [...result])) {
    throw new Error(`${kernel}: dy ${shapeName(dy.shape)} is not the shape of what is computed, ${shapeName(result)}`);
  }
}

/** @throws Error unless they are whole numbers of `least` at least */
export function checkWhole(what: string, numbers: readonly number[], least: number): void {
  if (!numbers.every((number) => Number.isInteger(number) && number >= least)) {
    throw new Error(`${what} must be whole numbers of ${least} at least, got ${shapeName(numbers)}`);
  }
}

export function shapeName(shape: readonly number[]): string {
  return `[${shape.join(', ')}]`;
}

function lastTwo({ shape }: TensorInfo, transposed: boolean): [number, number] {
  const [first, second] = shape.slice(-2) as [number, number];
  return transposed ? [second, first] : [first, second];
}
