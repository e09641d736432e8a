/**
 * Discrete Fourier transforms of an odd length: sums over x_j + x_-j and x_j - x_-j, each half as long as the transform. A
 * function for each length, because V8 then keeps all of them in registers.
 */
import { CELL, cellAt } from './fourier';

/**
 * `power` transforms of an odd length from 3 to 13, to [power][odd] cells of work.
 *
 * @param inputs offsets of the cells from `base`, [power][odd]
 * @param factors cos and sin of 2 pi k j / odd, for k and j from 1 to odd div 2
 */
export function oddTransforms(odd: i32, power: i32, base: usize, inputs: usize, factors: usize, work: usize): void {
  if (odd == 3) odd3(power, base, inputs, factors, work);
  else if (odd == 5) odd5(power, base, inputs, factors, work);
  else if (odd == 7) odd7(power, base, inputs, factors, work);
  else if (odd == 9) odd9(power, base, inputs, factors, work);
  else if (odd == 11) odd11(power, base, inputs, factors, work);
  else odd13(power, base, inputs, factors, work);
}

function odd3(power: i32, base: usize, inputs: usize, factors: usize, work: usize): void {
  transforms(3, power, base, inputs, factors, work);
}

function odd5(power: i32, base: usize, inputs: usize, factors: usize, work: usize): void {
  transforms(5, power, base, inputs, factors, work);
}

function odd7(power: i32, base: usize, inputs: usize, factors: usize, work: usize): void {
  transforms(7, power, base, inputs, factors, work);
}

function odd9(power: i32, base: usize, inputs: usize, factors: usize, work: usize): void {
  transforms(9, power, base, inputs, factors, work);
}

function odd11(power: i32, base: usize, inputs: usize, factors: usize, work: usize): void {
  transforms(11, power, base, inputs, factors, work);
}

function odd13(power: i32, base: usize, inputs: usize, factors: usize, work: usize): void {
  transforms(13, power, base, inputs, factors, work);
}

/** x_j + x_-j: its real parts, or its imaginary ones. */
@inline
function pairSum(odd: i32, j: i32, base: usize, inputs: usize, imaginary: bool): v128 {
  const near = cellAt(base, inputs + 4 * j);
  const far = cellAt(base, inputs + 4 * (odd - j));
  return imaginary
    ? f32x4.add(v128.load(near, 16), v128.load(far, 16))
    : f32x4.add(v128.load(near), v128.load(far));
}

/** x_j - x_-j */
@inline
function pairDifference(odd: i32, j: i32, base: usize, inputs: usize, imaginary: bool): v128 {
  const near = cellAt(base, inputs + 4 * j);
  const far = cellAt(base, inputs + 4 * (odd - j));
  return imaginary
    ? f32x4.sub(v128.load(near, 16), v128.load(far, 16))
    : f32x4.sub(v128.load(near), v128.load(far));
}

/**
 * With C_k = x_0 + sum of (x_j + x_-j) cos and
 * S_k = sum of (x_j - x_-j) sin, over j up to odd div 2, X_k = C_k - i S_k and X_-k = C_k + i S_k.
 */
@inline
function transforms(odd: i32, power: i32, base: usize, inputs: usize, factors: usize, work: usize): void {
  for (let a = 0; a < power; a++) {
    cosineSums(odd, base, inputs, factors, work);
    sineSums(odd, base, inputs, factors + 4, work);
    inputs += (<usize>odd) << 2;
    work += <usize>odd * CELL;
  }
}

/** X_0, and C_k in the place of X_k. */
@inline
function cosineSums(odd: i32, base: usize, inputs: usize, factors: usize, to: usize): void {
  const zero = f32x4.splat(0);
  const first = cellAt(base, inputs);
  const re0 = v128.load(first);
  const im0 = v128.load(first, 16);
  const re1 = pairSum(odd, 1, base, inputs, false);
  const im1 = pairSum(odd, 1, base, inputs, true);
  const re2 = odd > 3 ? pairSum(odd, 2, base, inputs, false) : zero;
  const im2 = odd > 3 ? pairSum(odd, 2, base, inputs, true) : zero;
  const re3 = odd > 5 ? pairSum(odd, 3, base, inputs, false) : zero;
  const im3 = odd > 5 ? pairSum(odd, 3, base, inputs, true) : zero;
  const re4 = odd > 7 ? pairSum(odd, 4, base, inputs, false) : zero;
  const im4 = odd > 7 ? pairSum(odd, 4, base, inputs, true) : zero;
  const re5 = odd > 9 ? pairSum(odd, 5, base, inputs, false) : zero;
  const im5 = odd > 9 ? pairSum(odd, 5, base, inputs, true) : zero;
  const re6 = odd > 11 ? pairSum(odd, 6, base, inputs, false) : zero;
  const im6 = odd > 11 ? pairSum(odd, 6, base, inputs, true) : zero;
  let reSum = f32x4.add(re0, re1);
  if (odd > 3) reSum = f32x4.add(reSum, re2);
  if (odd > 5) reSum = f32x4.add(reSum, re3);
  if (odd > 7) reSum = f32x4.add(reSum, re4);
  if (odd > 9) reSum = f32x4.add(reSum, re5);
  if (odd > 11) reSum = f32x4.add(reSum, re6);
  let imSum = f32x4.add(im0, im1);
  if (odd > 3) imSum = f32x4.add(imSum, im2);
  if (odd > 5) imSum = f32x4.add(imSum, im3);
  if (odd > 7) imSum = f32x4.add(imSum, im4);
  if (odd > 9) imSum = f32x4.add(imSum, im5);
  if (odd > 11) imSum = f32x4.add(imSum, im6);
  v128.store(to, reSum);
  v128.store(to, imSum, 16);
  const row = <usize>(8 * (odd >> 1));
  const end = to + <usize>(odd >> 1) * CELL;
  while (to < end) {
    to += CELL;
    let factor = v128.load_splat<f32>(factors);
    let re = f32x4.add(v128.load(first), f32x4.mul(re1, factor));
    let im = f32x4.add(v128.load(first, 16), f32x4.mul(im1, factor));
    if (odd > 3) {
      factor = v128.load_splat<f32>(factors, 8);
      re = f32x4.add(re, f32x4.mul(re2, factor));
      im = f32x4.add(im, f32x4.mul(im2, factor));
    }
    if (odd > 5) {
      factor = v128.load_splat<f32>(factors, 16);
      re = f32x4.add(re, f32x4.mul(re3, factor));
      im = f32x4.add(im, f32x4.mul(im3, factor));
    }
    if (odd > 7) {
      factor = v128.load_splat<f32>(factors, 24);
      re = f32x4.add(re, f32x4.mul(re4, factor));
      im = f32x4.add(im, f32x4.mul(im4, factor));
    }
    if (odd > 9) {
      factor = v128.load_splat<f32>(factors, 32);
      re = f32x4.add(re, f32x4.mul(re5, factor));
      im = f32x4.add(im, f32x4.mul(im5, factor));
    }
    if (odd > 11) {
      factor = v128.load_splat<f32>(factors, 40);
      re = f32x4.add(re, f32x4.mul(re6, factor));
      im = f32x4.add(im, f32x4.mul(im6, factor));
    }
    v128.store(to, re);
    v128.store(to, im, 16);
    factors += row;
  }
}

/** From C_k to X_k and X_-k. */
@inline
function sineSums(odd: i32, base: usize, inputs: usize, factors: usize, to: usize): void {
  const zero = f32x4.splat(0);
  const re1 = pairDifference(odd, 1, base, inputs, false);
  const im1 = pairDifference(odd, 1, base, inputs, true);
  const re2 = odd > 3 ? pairDifference(odd, 2, base, inputs, false) : zero;
  const im2 = odd > 3 ? pairDifference(odd, 2, base, inputs, true) : zero;
  const re3 = odd > 5 ? pairDifference(odd, 3, base, inputs, false) : zero;
  const im3 = odd > 5 ? pairDifference(odd, 3, base, inputs, true) : zero;
  const re4 = odd > 7 ? pairDifference(odd, 4, base, inputs, false) : zero;
  const im4 = odd > 7 ? pairDifference(odd, 4, base, inputs, true) : zero;
  const re5 = odd > 9 ? pairDifference(odd, 5, base, inputs, false) : zero;
  const im5 = odd > 9 ? pairDifference(odd, 5, base, inputs, true) : zero;
  const re6 = odd > 11 ? pairDifference(odd, 6, base, inputs, false) : zero;
  const im6 = odd > 11 ? pairDifference(odd, 6, base, inputs, true) : zero;
  const row = <usize>(8 * (odd >> 1));
  let near = to + CELL;
  let far = to + <usize>(odd - 1) * CELL;
  while (near < far) {
    let factor = v128.load_splat<f32>(factors);
    let re = f32x4.mul(re1, factor);
    let im = f32x4.mul(im1, factor);
    if (odd > 3) {
      factor = v128.load_splat<f32>(factors, 8);
      re = f32x4.add(re, f32x4.mul(re2, factor));
      im = f32x4.add(im, f32x4.mul(im2, factor));
    }
    if (odd > 5) {
      factor = v128.load_splat<f32>(factors, 16);
      re = f32x4.add(re, f32x4.mul(re3, factor));
      im = f32x4.add(im, f32x4.mul(im3, factor));
    }
    if (odd > 7) {
      factor = v128.load_splat<f32>(factors, 24);
      re = f32x4.add(re, f32x4.mul(re4, factor));
      im = f32x4.add(im, f32x4.mul(im4, factor));
    }
    if (odd > 9) {
      factor = v128.load_splat<f32>(factors, 32);
      re = f32x4.add(re, f32x4.mul(re5, factor));
      im = f32x4.add(im, f32x4.mul(im5, factor));
    }
    if (odd > 11) {
      factor = v128.load_splat<f32>(factors, 40);
      re = f32x4.add(re, f32x4.mul(re6, factor));
      im = f32x4.add(im, f32x4.mul(im6, factor));
    }
    const cRe = v128.load(near);
    const cIm = v128.load(near, 16);
    v128.store(near, f32x4.add(cRe, im));
    v128.store(near, f32x4.sub(cIm, re), 16);
    v128.store(far, f32x4.sub(cRe, im));
    v128.store(far, f32x4.add(cIm, re), 16);
    factors += row;
    near += CELL;
    far -= CELL;
  }
}

