import type { RandomStream } from '../core/random.js';
import type { Shape } from '../core/model.js';

/** A number from the standard normal distribution (Box and Muller 1958). Advances the stream by two. */
export function normal(stream: RandomStream): number {
  const radius = Math.sqrt(-2 * Math.log(1 - stream()));
  return radius * Math.cos(2 * Math.PI * stream());
}

/** The same, cut off at two standard deviations: what is farther out is drawn again. */
export function truncatedNormal(stream: RandomStream): number {
  let value = normal(stream);
  while (Math.abs(value) > 2) value = normal(stream);
  return value;
}

/**
 * A random matrix whose rows, or columns where there are fewer of them, are orthonormal (Saxe et al. 2014): the Q of a matrix of
 * normal numbers whose R has a positive diagonal, by Gram and Schmidt, twice for the sake of rounding.
 *
 * @param shape [rows, columns]
 * @returns row-major
 */
export function orthogonal(shape: Shape, stream: RandomStream): number[] {
  const [rows, columns] = shape as readonly [number, number];
  const [length, count] = [Math.max(rows, columns), Math.min(rows, columns)];
  const drawn = Array.from({ length: length * count }, () => normal(stream));
  const vectors: number[][] = [];
  for (let index = 0; index < count; index++) {
    let vector = Array.from({ length }, (_, row) => drawn[row * count + index] as number);
    for (let pass = 0; pass < 2; pass++) {
      for (const other of vectors) {
        const along = dot(vector, other);
        vector = vector.map((value, row) => value - along * (other[row] as number));
      }
    }
    const norm = Math.sqrt(dot(vector, vector));
    vectors.push(vector.map((value) => value / norm));
  }
  return Array.from({ length: rows * columns }, (_, place) => {
    const [row, column] = [Math.floor(place / columns), place % columns];
    const [vector, at] = rows >= columns ? [column, row] : [row, column];
    return vectors[vector]?.[at] as number;
  });
}

function dot(a: readonly number[], b: readonly number[]): number {
  return a.reduce((sum, value, index) => sum + value * (b[index] as number), 0);
}
