/**
 * The innermost loops of products of spectra. A complex product takes three real ones (Gauss): of (a + i a')(b + i b') the real
 * part is (a + a') b - a' (b + b'), the imaginary one (a + a') b + a (b' - b), and (a + a') b is computed once.
 */
import { multiplyAdd, multiplySubtract, PANEL_ROW, put } from './tile';

/**
 * Four rows and eight columns of a product of three terms: C = A0 B0 (+-) A1 B1 in the real part, A0 B0 (+-) A2 B2 in the
 * imaginary one. A(r, k) is at a + rowStep r + kStep k, after each `span` bytes of k `skip` further; B(k, j) at
 * b + 32 k + 4 j; the rows of C follow each other.
 *
 * @param conjugate the signs are + and -, else - and +
 * @param bytes kStep times the length of the sums
 * @param sums room for 128 bytes
 */
@inline
function complexTile(
  rowStep: usize,
  kStep: usize,
  conjugate: bool,
  a0: usize,
  a1: usize,
  a2: usize,
  bytes: i32,
  span: i32,
  skip: usize,
  first: usize,
  second: usize,
  third: usize,
  real: bool,
  re: usize,
  im: usize,
  accumulate: bool,
  sums: usize,
): void {
  let c00 = f32x4.splat(0);
  let c01 = f32x4.splat(0);
  let c10 = f32x4.splat(0);
  let c11 = f32x4.splat(0);
  let c20 = f32x4.splat(0);
  let c21 = f32x4.splat(0);
  let c30 = f32x4.splat(0);
  let c31 = f32x4.splat(0);
  for (let p = a0, q = first, left = bytes; left > 0; left -= span) {
    for (const end = p + min(span, left); p < end; p += kStep) {
      const b0 = v128.load(q);
      const b1 = v128.load(q, 16);
      let x = v128.load_splat<f32>(p);
      c00 = multiplyAdd(x, b0, c00);
      c01 = multiplyAdd(x, b1, c01);
      x = v128.load_splat<f32>(p + rowStep);
      c10 = multiplyAdd(x, b0, c10);
      c11 = multiplyAdd(x, b1, c11);
      x = v128.load_splat<f32>(p + 2 * rowStep);
      c20 = multiplyAdd(x, b0, c20);
      c21 = multiplyAdd(x, b1, c21);
      x = v128.load_splat<f32>(p + 3 * rowStep);
      c30 = multiplyAdd(x, b0, c30);
      c31 = multiplyAdd(x, b1, c31);
      q += PANEL_ROW;
    }
    p += skip;
  }
  if (real) {
    put(re, c00, c01, accumulate);
    put(re + 32, c10, c11, accumulate);
    put(re + 64, c20, c21, accumulate);
    put(re + 96, c30, c31, accumulate);
    if (!accumulate) memory.fill(im, 0, 128);
    return;
  }
  v128.store(sums, c00);
  v128.store(sums, c01, 16);
  v128.store(sums, c10, 32);
  v128.store(sums, c11, 48);
  v128.store(sums, c20, 64);
  v128.store(sums, c21, 80);
  v128.store(sums, c30, 96);
  v128.store(sums, c31, 112);
  for (let p = a1, q = second, left = bytes; left > 0; left -= span) {
    for (const end = p + min(span, left); p < end; p += kStep) {
      const b0 = v128.load(q);
      const b1 = v128.load(q, 16);
      let x = v128.load_splat<f32>(p);
      c00 = conjugate ? multiplyAdd(x, b0, c00) : multiplySubtract(x, b0, c00);
      c01 = conjugate ? multiplyAdd(x, b1, c01) : multiplySubtract(x, b1, c01);
      x = v128.load_splat<f32>(p + rowStep);
      c10 = conjugate ? multiplyAdd(x, b0, c10) : multiplySubtract(x, b0, c10);
      c11 = conjugate ? multiplyAdd(x, b1, c11) : multiplySubtract(x, b1, c11);
      x = v128.load_splat<f32>(p + 2 * rowStep);
      c20 = conjugate ? multiplyAdd(x, b0, c20) : multiplySubtract(x, b0, c20);
      c21 = conjugate ? multiplyAdd(x, b1, c21) : multiplySubtract(x, b1, c21);
      x = v128.load_splat<f32>(p + 3 * rowStep);
      c30 = conjugate ? multiplyAdd(x, b0, c30) : multiplySubtract(x, b0, c30);
      c31 = conjugate ? multiplyAdd(x, b1, c31) : multiplySubtract(x, b1, c31);
      q += PANEL_ROW;
    }
    p += skip;
  }
  put(re, c00, c01, accumulate);
  put(re + 32, c10, c11, accumulate);
  put(re + 64, c20, c21, accumulate);
  put(re + 96, c30, c31, accumulate);
  c00 = v128.load(sums);
  c01 = v128.load(sums, 16);
  c10 = v128.load(sums, 32);
  c11 = v128.load(sums, 48);
  c20 = v128.load(sums, 64);
  c21 = v128.load(sums, 80);
  c30 = v128.load(sums, 96);
  c31 = v128.load(sums, 112);
  for (let p = a2, q = third, left = bytes; left > 0; left -= span) {
    for (const end = p + min(span, left); p < end; p += kStep) {
      const b0 = v128.load(q);
      const b1 = v128.load(q, 16);
      let x = v128.load_splat<f32>(p);
      c00 = conjugate ? multiplySubtract(x, b0, c00) : multiplyAdd(x, b0, c00);
      c01 = conjugate ? multiplySubtract(x, b1, c01) : multiplyAdd(x, b1, c01);
      x = v128.load_splat<f32>(p + rowStep);
      c10 = conjugate ? multiplySubtract(x, b0, c10) : multiplyAdd(x, b0, c10);
      c11 = conjugate ? multiplySubtract(x, b1, c11) : multiplyAdd(x, b1, c11);
      x = v128.load_splat<f32>(p + 2 * rowStep);
      c20 = conjugate ? multiplySubtract(x, b0, c20) : multiplyAdd(x, b0, c20);
      c21 = conjugate ? multiplySubtract(x, b1, c21) : multiplyAdd(x, b1, c21);
      x = v128.load_splat<f32>(p + 3 * rowStep);
      c30 = conjugate ? multiplySubtract(x, b0, c30) : multiplyAdd(x, b0, c30);
      c31 = conjugate ? multiplySubtract(x, b1, c31) : multiplyAdd(x, b1, c31);
      q += PANEL_ROW;
    }
    p += skip;
  }
  put(im, c00, c01, accumulate);
  put(im + 32, c10, c11, accumulate);
  put(im + 64, c20, c21, accumulate);
  put(im + 96, c30, c31, accumulate);
}

/** Images by a filter. A(r, k) in panels of channels: at a + 32 r + 4 (k mod 8), `skip` further after each panel. */
export function forwardTile(
  a0: usize,
  a1: usize,
  a2: usize,
  bytes: i32,
  skip: usize,
  b0: usize,
  b1: usize,
  b2: usize,
  real: bool,
  re: usize,
  im: usize,
  sums: usize,
): void {
  complexTile(32, 4, true, a0, a1, a2, bytes, 32, skip, b0, b1, b2, real, re, im, false, sums);
}

export function backwardTile(
  a0: usize,
  a1: usize,
  a2: usize,
  bytes: i32,
  skip: usize,
  b0: usize,
  b1: usize,
  b2: usize,
  real: bool,
  re: usize,
  im: usize,
  sums: usize,
): void {
  complexTile(32, 4, false, a0, a1, a2, bytes, 32, skip, b0, b1, b2, real, re, im, false, sums);
}

/** Images by images: A(r, k) at a + 4 r + 32 k. */
export function correlationTile(
  a0: usize,
  a1: usize,
  a2: usize,
  bytes: i32,
  b0: usize,
  b1: usize,
  b2: usize,
  real: bool,
  re: usize,
  im: usize,
  accumulate: bool,
  sums: usize,
): void {
  complexTile(4, 32, true, a0, a1, a2, bytes, bytes, 0, b0, b1, b2, real, re, im, accumulate, sums);
}

