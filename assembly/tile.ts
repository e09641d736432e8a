/**
 * The innermost loops: a tile of 4 rows by 8 columns of a matrix product in eight vector registers. A larger tile spills in
 * V8. All addresses and strides are in bytes, all numbers are float32.
 */

/** Columns of a tile, and of a panel of B. */
export const TILE_COLUMNS = 8;
/** Rows of a tile, and of a panel of A. */
export const TILE_ROWS = 4;
/** Bytes of one row of a panel of B. */
export const PANEL_ROW = 32;

/** a b + c: fused, rounded once, where the module is built with relaxed SIMD; else rounded twice, the same on every machine. */
@inline
export function multiplyAdd(a: v128, b: v128, c: v128): v128 {
  return ASC_FEATURE_RELAXED_SIMD ? f32x4.relaxed_madd(a, b, c) : f32x4.add(c, f32x4.mul(a, b));
}

/** c - a b */
@inline
export function multiplySubtract(a: v128, b: v128, c: v128): v128 {
  return ASC_FEATURE_RELAXED_SIMD ? f32x4.relaxed_nmadd(a, b, c) : f32x4.sub(c, f32x4.mul(a, b));
}

@inline
export function put(c: usize, low: v128, high: v128, accumulate: bool): void {
  if (accumulate) {
    v128.store(c, f32x4.add(v128.load(c), low));
    v128.store(c, f32x4.add(v128.load(c, 16), high), 16);
  } else {
    v128.store(c, low);
    v128.store(c, high, 16);
  }
}

/**
 * C = A B or C += A B, with A(r, k) at a + 4 r + k aStep and B(k, j) at b + k bStep + 4 j.
 *
 * @param c0 row 0 of the tile of C; c1 to c3 the other rows
 */
export function tileOfColumns(
  a: usize,
  aStep: usize,
  b: usize,
  bStep: usize,
  k: i32,
  c0: usize,
  c1: usize,
  c2: usize,
  c3: usize,
  accumulate: bool,
): void {
  let c00 = f32x4.splat(0);
  let c01 = f32x4.splat(0);
  let c10 = f32x4.splat(0);
  let c11 = f32x4.splat(0);
  let c20 = f32x4.splat(0);
  let c21 = f32x4.splat(0);
  let c30 = f32x4.splat(0);
  let c31 = f32x4.splat(0);
  while (k > 0) {
    const b0 = v128.load(b);
    const b1 = v128.load(b, 16);
    let x = v128.load_splat<f32>(a);
    c00 = multiplyAdd(x, b0, c00);
    c01 = multiplyAdd(x, b1, c01);
    x = v128.load_splat<f32>(a, 4);
    c10 = multiplyAdd(x, b0, c10);
    c11 = multiplyAdd(x, b1, c11);
    x = v128.load_splat<f32>(a, 8);
    c20 = multiplyAdd(x, b0, c20);
    c21 = multiplyAdd(x, b1, c21);
    x = v128.load_splat<f32>(a, 12);
    c30 = multiplyAdd(x, b0, c30);
    c31 = multiplyAdd(x, b1, c31);
    a += aStep;
    b += bStep;
    k--;
  }
  put(c0, c00, c01, accumulate);
  put(c1, c10, c11, accumulate);
  put(c2, c20, c21, accumulate);
  put(c3, c30, c31, accumulate);
}

/**
 * C = A B or C += A B, with B(k, j) at b + 32 k + 4 j and A in runs: A(r, k) at
 * a_r + runs[k div length] + 4 (k mod length).
 *
 * @param runs address of `count` offsets, i32
 */
export function tileOfRuns(
  a0: usize,
  a1: usize,
  a2: usize,
  a3: usize,
  runs: usize,
  count: i32,
  length: i32,
  b: usize,
  c0: usize,
  c1: usize,
  c2: usize,
  c3: usize,
  accumulate: bool,
): void {
  let c00 = f32x4.splat(0);
  let c01 = f32x4.splat(0);
  let c10 = f32x4.splat(0);
  let c11 = f32x4.splat(0);
  let c20 = f32x4.splat(0);
  let c21 = f32x4.splat(0);
  let c30 = f32x4.splat(0);
  let c31 = f32x4.splat(0);
  const bytes = (<usize>length) << 2;
  for (let run = 0; run < count; run++) {
    const offset = <usize>load<i32>(runs + ((<usize>run) << 2));
    let p0 = a0 + offset;
    let p1 = a1 + offset;
    let p2 = a2 + offset;
    let p3 = a3 + offset;
    const end = p0 + bytes;
    while (p0 < end) {
      const b0 = v128.load(b);
      const b1 = v128.load(b, 16);
      let x = v128.load_splat<f32>(p0);
      c00 = multiplyAdd(x, b0, c00);
      c01 = multiplyAdd(x, b1, c01);
      x = v128.load_splat<f32>(p1);
      c10 = multiplyAdd(x, b0, c10);
      c11 = multiplyAdd(x, b1, c11);
      x = v128.load_splat<f32>(p2);
      c20 = multiplyAdd(x, b0, c20);
      c21 = multiplyAdd(x, b1, c21);
      x = v128.load_splat<f32>(p3);
      c30 = multiplyAdd(x, b0, c30);
      c31 = multiplyAdd(x, b1, c31);
      p0 += 4;
      p1 += 4;
      p2 += 4;
      p3 += 4;
      b += PANEL_ROW;
    }
  }
  put(c0, c00, c01, accumulate);
  put(c1, c10, c11, accumulate);
  put(c2, c20, c21, accumulate);
  put(c3, c30, c31, accumulate);
}

/** Adds or writes the first `rows` by `columns` numbers of a tile, kept densely at `tile`, to C at the given rows. */
export function putPart(
  tile: usize,
  rows: i32,
  columns: i32,
  c0: usize,
  c1: usize,
  c2: usize,
  c3: usize,
  accumulate: bool,
): void {
  for (let row = 0; row < rows; row++) {
    const c = row == 0 ? c0 : row == 1 ? c1 : row == 2 ? c2 : c3;
    for (let column = 0; column < columns; column++) {
      const offset = (<usize>column) << 2;
      const value = load<f32>(tile + (<usize>row) * PANEL_ROW + offset);
      store<f32>(c + offset, accumulate ? load<f32>(c + offset) + value : value);
    }
  }
}
