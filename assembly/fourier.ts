/**
 * The discrete Fourier transform along one axis, in place: X[f] = sum over t of x[t] exp(-2 pi i f t / n). A number is a
 * cell of 32 bytes, four real parts and four imaginary ones: four transforms at once.
 *
 * n = odd * power, of an odd number up to 13 and a power of two: Good's mapping (1958) splits it into transforms of either length
 * without factors between them. Powers of two go by radix 4 and 2.
 */

import { oddTransforms } from './odd-fourier';

/** Bytes of a cell. */
export const CELL = 32;

/** What src/backends/wasm/module/fourier.ts places on the heap for one length and one distance between cells. */
@unmanaged
class AxisTables {
  odd: i32;
  power: i32;
  /** From here, bytes to: offsets of the inputs, in the order of [power][odd]. */
  inputs: i32;
  /** Offsets of the outputs, [odd][power]. */
  outputs: i32;
  /** Offsets of cells that follow each other. */
  dense: i32;
  /** cos and sin of 2 pi k j / odd, for k and j from 1 to odd div 2. */
  factors: i32;
  /** cos and sin of 2 pi j / 64. */
  turns: i32;
}

/**
 * Transforms `count` sequences in place; they start `step` bytes apart.
 *
 * @param work memory for three times as many cells as a sequence has
 */
export function transformAxis(tables: usize, base: usize, step: usize, count: i32, work: usize): void {
  const p = changetype<AxisTables>(tables);
  const odd = p.odd;
  const power = p.power;
  const inputs = tables + <usize>p.inputs;
  const outputs = tables + <usize>p.outputs;
  const factors = tables + <usize>p.factors;
  const after = work + <usize>(odd * power) * CELL;
  for (let i = 0; i < count; i++) {
    if (odd == 1) {
      powerTransform(p, power, base, inputs, 4, base, outputs, work);
    } else {
      oddTransforms(odd, power, base, inputs, factors, work);
      if (power == 2) pairs(odd, work, base, outputs);
      else if (power == 4) quads(odd, work, base, outputs);
      else {
        const residues = tables + <usize>p.dense;
        for (let k = 0; k < odd; k++) {
          const from = work + <usize>k * CELL;
          const to = outputs + <usize>(k * power) * 4;
          // Cell k of each of the odd transforms.
          powerTransform(p, power, from, residues, 4 * odd, base, to, after);
        }
      }
    }
    base += step;
  }
}

/** The cell that an entry of a table names. */
@inline
export function cellAt(base: usize, offsets: usize): usize {
  return base + <usize>load<i32>(offsets);
}

/** The last step for power 2: sums and differences of two odd transforms, [2][odd] cells. */
function pairs(odd: i32, work: usize, base: usize, outputs: usize): void {
  let first = work;
  let second = work + <usize>odd * CELL;
  for (const end = second; first < end; first += CELL) {
    const even = cellAt(base, outputs);
    const other = cellAt(base, outputs + 4);
    let a = v128.load(first);
    let b = v128.load(second);
    v128.store(even, f32x4.add(a, b));
    v128.store(other, f32x4.sub(a, b));
    a = v128.load(first, 16);
    b = v128.load(second, 16);
    v128.store(even, f32x4.add(a, b), 16);
    v128.store(other, f32x4.sub(a, b), 16);
    second += CELL;
    outputs += 8;
  }
}

/** The same for power 4. */
function quads(odd: i32, work: usize, base: usize, outputs: usize): void {
  const step = <usize>odd * CELL;
  for (let k = 0; k < odd; k++) {
    four(
      work,
      work + step,
      work + 2 * step,
      work + 3 * step,
      cellAt(base, outputs),
      cellAt(base, outputs + 4),
      cellAt(base, outputs + 8),
      cellAt(base, outputs + 12),
    );
    work += CELL;
    outputs += 16;
  }
}

/**
 * A transform of a power of two.
 *
 * @param inputs offsets of its cells from `from`, `inputStep` bytes between two
 * @param outputs offsets from `to`, one after the other
 * @param work `power` cells and more for the halves
 */
function powerTransform(
  p: AxisTables,
  power: i32,
  from: usize,
  inputs: usize,
  inputStep: usize,
  to: usize,
  outputs: usize,
  work: usize,
): void {
  if (power == 2) {
    const a = cellAt(from, inputs);
    const b = cellAt(from, inputs + inputStep);
    butterfly(v128.load(a), v128.load(a, 16), v128.load(b), v128.load(b, 16), cellAt(to, outputs), cellAt(to, outputs + 4));
    return;
  }
  const dense = changetype<usize>(p) + <usize>p.dense;
  const turns = changetype<usize>(p) + <usize>p.turns;
  if (power == 4) {
    four(
      cellAt(from, inputs),
      cellAt(from, inputs + inputStep),
      cellAt(from, inputs + 2 * inputStep),
      cellAt(from, inputs + 3 * inputStep),
      cellAt(to, outputs),
      cellAt(to, outputs + 4),
      cellAt(to, outputs + 8),
      cellAt(to, outputs + 12),
    );
    return;
  }
  if (power == 16) {
    // Radix 4: the transforms of every fourth cell, then one transform across them for each of their frequencies.
    const step = inputStep << 2;
    for (let r: usize = 0; r < 4; r++) {
      const at = inputs + r * inputStep;
      const o = work + 4 * r * CELL;
      four(
        cellAt(from, at),
        cellAt(from, at + step),
        cellAt(from, at + 2 * step),
        cellAt(from, at + 3 * step),
        o,
        o + CELL,
        o + 2 * CELL,
        o + 3 * CELL,
      );
    }
    for (let k: usize = 0; k < 4; k++) {
      const c = work + k * CELL;
      if (k > 0) {
        // exp(-2 pi i r k / 16)
        turn(c + 4 * CELL, turns + 32 * k);
        turn(c + 8 * CELL, turns + 64 * k);
        turn(c + 12 * CELL, turns + 96 * k);
      }
      const o = outputs + 4 * k;
      four(
        c,
        c + 4 * CELL,
        c + 8 * CELL,
        c + 12 * CELL,
        cellAt(to, o),
        cellAt(to, o + 16),
        cellAt(to, o + 32),
        cellAt(to, o + 48),
      );
    }
    return;
  }
  // Radix 2: even and odd cells.
  const half = power >> 1;
  const middle = work + <usize>half * CELL;
  const rest = middle + <usize>half * CELL;
  powerTransform(p, half, from, inputs, 2 * inputStep, work, dense, rest);
  powerTransform(p, half, from, inputs + inputStep, 2 * inputStep, middle, dense, rest);
  const turnStep = <usize>(512 / power);
  for (let j = 0; j < half; j++) {
    const a = work + <usize>j * CELL;
    const b = middle + <usize>j * CELL;
    turn(b, turns + <usize>j * turnStep);
    const low = cellAt(to, outputs + ((<usize>j) << 2));
    const high = cellAt(to, outputs + ((<usize>(j + half)) << 2));
    butterfly(v128.load(a), v128.load(a, 16), v128.load(b), v128.load(b, 16), low, high);
  }
}

/** a + b to `sum`, a - b to `difference`. */
@inline
function butterfly(ar: v128, ai: v128, br: v128, bi: v128, sum: usize, difference: usize): void {
  v128.store(sum, f32x4.add(ar, br));
  v128.store(sum, f32x4.add(ai, bi), 16);
  v128.store(difference, f32x4.sub(ar, br));
  v128.store(difference, f32x4.sub(ai, bi), 16);
}

/** Multiplies a cell with cos - i sin. */
@inline
function turn(cell: usize, factor: usize): void {
  const cosine = v128.load_splat<f32>(factor);
  const sine = v128.load_splat<f32>(factor, 4);
  const re = v128.load(cell);
  const im = v128.load(cell, 16);
  v128.store(cell, f32x4.add(f32x4.mul(re, cosine), f32x4.mul(im, sine)));
  v128.store(cell, f32x4.sub(f32x4.mul(im, cosine), f32x4.mul(re, sine)), 16);
}

/** A transform of the cells c0 to c3 to the cells o0 to o3. */
@inline
function four(c0: usize, c1: usize, c2: usize, c3: usize, o0: usize, o1: usize, o2: usize, o3: usize): void {
  let a = v128.load(c0);
  let b = v128.load(c2);
  const sumRe = f32x4.add(a, b);
  const differenceRe = f32x4.sub(a, b);
  a = v128.load(c1);
  b = v128.load(c3);
  const otherRe = f32x4.add(a, b);
  const turnedRe = f32x4.sub(a, b);
  a = v128.load(c0, 16);
  b = v128.load(c2, 16);
  const sumIm = f32x4.add(a, b);
  const differenceIm = f32x4.sub(a, b);
  a = v128.load(c1, 16);
  b = v128.load(c3, 16);
  const otherIm = f32x4.add(a, b);
  const turnedIm = f32x4.sub(a, b);
  butterfly(sumRe, sumIm, otherRe, otherIm, o0, o2);
  // Times -i.
  v128.store(o1, f32x4.add(differenceRe, turnedIm));
  v128.store(o1, f32x4.sub(differenceIm, turnedRe), 16);
  v128.store(o3, f32x4.sub(differenceRe, turnedIm));
  v128.store(o3, f32x4.add(differenceIm, turnedRe), 16);
}
