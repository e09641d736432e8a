/** Element by element, and sums over leading axes. */

/** Numbers of one task. */
const BLOCK = 16384;

@unmanaged
export class AdamArguments {
  value: usize;
  gradient: usize;
  first: usize;
  second: usize;
  newValue: usize;
  newFirst: usize;
  newSecond: usize;
  count: i32;
  beta1: f32;
  beta2: f32;
  /** 1 - beta, before it is rounded to float32. */
  rest1: f32;
  rest2: f32;
  /** 1 - beta^step */
  correction1: f32;
  correction2: f32;
  learningRate: f32;
  epsilon: f32;
}

/**
 * Task: 16,384 parameters of one step of Adam (Kingma and Ba, 2015, algorithm 1), rounded as tfjs rounds it. Nothing is updated
 * in place: XNNPACK keeps packed copies of weights, and tensors may share their values.
 */
export function adam(p: AdamArguments, task: i32): void {
  const begin = task * BLOCK;
  const end = min(begin + BLOCK, p.count);
  const whole = begin + ((end - begin) & ~3);
  const beta1 = f32x4.splat(p.beta1);
  const beta2 = f32x4.splat(p.beta2);
  const rest1 = f32x4.splat(p.rest1);
  const rest2 = f32x4.splat(p.rest2);
  const correction1 = f32x4.splat(p.correction1);
  const correction2 = f32x4.splat(p.correction2);
  const rate = f32x4.splat(-p.learningRate);
  const epsilon = f32x4.splat(p.epsilon);
  for (let i = begin; i < whole; i += 4) {
    const at = (<usize>i) << 2;
    const g = v128.load(p.gradient + at);
    const m = f32x4.add(f32x4.mul(v128.load(p.first + at), beta1), f32x4.mul(g, rest1));
    const v = f32x4.add(f32x4.mul(v128.load(p.second + at), beta2), f32x4.mul(f32x4.mul(g, g), rest2));
    v128.store(p.newFirst + at, m);
    v128.store(p.newSecond + at, v);
    const scale = f32x4.add(f32x4.sqrt(f32x4.div(v, correction2)), epsilon);
    const step = f32x4.mul(f32x4.div(f32x4.div(m, correction1), scale), rate);
    v128.store(p.newValue + at, f32x4.add(step, v128.load(p.value + at)));
  }
  for (let i = whole; i < end; i++) {
    const at = (<usize>i) << 2;
    const g = load<f32>(p.gradient + at);
    const m = load<f32>(p.first + at) * p.beta1 + g * p.rest1;
    const v = load<f32>(p.second + at) * p.beta2 + g * g * p.rest2;
    store<f32>(p.newFirst + at, m);
    store<f32>(p.newSecond + at, v);
    const scale = Mathf.sqrt(v / p.correction2) + p.epsilon;
    store<f32>(p.newValue + at, (m / p.correction1 / scale) * -p.learningRate + load<f32>(p.value + at));
  }
}

@unmanaged
export class SumArguments {
  x: usize;
  sum: usize;
  rows: i32;
  columns: i32;
}

/** Columns of one task of `sumRows`. */
const SUM_COLUMNS = 16;
/** Rows that are added up before they are added to the rest: rounding errors grow with the longer of the two. */
const SUM_ROWS = 256;

/** Task: 16 columns of the sum over the rows of x [rows, columns]. */
export function sumRows(p: SumArguments, task: i32): void {
  const first = task * SUM_COLUMNS;
  const columns = min(SUM_COLUMNS, p.columns - first);
  const step = (<usize>p.columns) << 2;
  const x = p.x + ((<usize>first) << 2);
  const sum = p.sum + ((<usize>first) << 2);
  if (columns == SUM_COLUMNS) {
    let t0 = f32x4.splat(0);
    let t1 = f32x4.splat(0);
    let t2 = f32x4.splat(0);
    let t3 = f32x4.splat(0);
    for (let start = 0; start < p.rows; start += SUM_ROWS) {
      let s0 = f32x4.splat(0);
      let s1 = f32x4.splat(0);
      let s2 = f32x4.splat(0);
      let s3 = f32x4.splat(0);
      let from = x + <usize>start * step;
      for (const end = x + <usize>min(start + SUM_ROWS, p.rows) * step; from < end; from += step) {
        s0 = f32x4.add(s0, v128.load(from));
        s1 = f32x4.add(s1, v128.load(from, 16));
        s2 = f32x4.add(s2, v128.load(from, 32));
        s3 = f32x4.add(s3, v128.load(from, 48));
      }
      t0 = f32x4.add(t0, s0);
      t1 = f32x4.add(t1, s1);
      t2 = f32x4.add(t2, s2);
      t3 = f32x4.add(t3, s3);
    }
    v128.store(sum, t0);
    v128.store(sum, t1, 16);
    v128.store(sum, t2, 32);
    v128.store(sum, t3, 48);
    return;
  }
  for (let column = 0; column < columns; column++) {
    const at = (<usize>column) << 2;
    let total: f32 = 0;
    for (let start = 0; start < p.rows; start += SUM_ROWS) {
      let part: f32 = 0;
      for (let row = start; row < min(start + SUM_ROWS, p.rows); row++) part += load<f32>(x + <usize>row * step + at);
      total += part;
    }
    store<f32>(sum + at, total);
  }
}

@unmanaged
export class BiasArguments {
  /** [rows, columns], changed in place. */
  x: usize;
  /** [columns], or 0 for none. */
  bias: usize;
  rows: i32;
  columns: i32;
  /** 1: negative numbers become zero afterwards. */
  relu: i32;
}

/** Rows of one task of `addBias`. */
const BIAS_ROWS = 64;

/** Task: 64 rows of x + bias, and of its ReLU. */
export function addBias(p: BiasArguments, task: i32): void {
  const first = task * BIAS_ROWS;
  const last = min(first + BIAS_ROWS, p.rows);
  const whole = p.columns & ~3;
  const relu = p.relu == 1;
  const zero = f32x4.splat(0);
  let x = p.x + (<usize>first * <usize>p.columns) * 4;
  for (let row = first; row < last; row++) {
    let bias = p.bias;
    for (let column = 0; column < whole; column += 4) {
      let value = v128.load(x);
      if (bias != 0) {
        value = f32x4.add(value, v128.load(bias));
        bias += 16;
      }
      v128.store(x, relu ? f32x4.max(value, zero) : value);
      x += 16;
    }
    for (let column = whole; column < p.columns; column++) {
      let value = load<f32>(x);
      if (bias != 0) {
        value += load<f32>(bias);
        bias += 4;
      }
      store<f32>(x, relu ? max<f32>(value, 0) : value);
      x += 4;
    }
  }
}

@unmanaged
export class NormaliseArguments {
  bytes: usize;
  images: usize;
  count: i32;
}

/** Task: 16,384 bytes to float32, 0 to -1 and 255 to 1: (byte / 255 - 0.5) / 0.5, each step rounded. */
export function normalise(p: NormaliseArguments, task: i32): void {
  const begin = task * BLOCK;
  const end = min(begin + BLOCK, p.count);
  const whole = begin + ((end - begin) & ~7);
  const largest = f32x4.splat(255);
  const half = f32x4.splat(0.5);
  for (let i = begin; i < whole; i += 8) {
    const bytes = v128.load_ext<u8>(p.bytes + <usize>i);
    const low = f32x4.convert_i32x4_u(i32x4.extend_low_i16x8_u(bytes));
    const high = f32x4.convert_i32x4_u(i32x4.extend_high_i16x8_u(bytes));
    const at = p.images + ((<usize>i) << 2);
    v128.store(at, f32x4.div(f32x4.sub(f32x4.div(low, largest), half), half));
    v128.store(at, f32x4.div(f32x4.sub(f32x4.div(high, largest), half), half), 16);
  }
  for (let i = whole; i < end; i++) {
    const byte = <f32>load<u8>(p.bytes + <usize>i);
    store<f32>(p.images + ((<usize>i) << 2), (byte / 255 - 0.5) / 0.5);
  }
}
