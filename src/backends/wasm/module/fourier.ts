/** Tables for the discrete Fourier transform of one length, as assembly/fourier.ts reads them. */

/** Fields of AxisTables in assembly/fourier.ts, 32 bits each. */
const HEADER = 7;
/** Bytes of a cell there. */
const CELL = 32;
/** A whole turn, in the steps of the factors for powers of two: the longest of them. */
const TURN = 64;
/** The largest odd factor that assembly/fourier.ts has sums for. */
const LARGEST_ODD = 13;

/** The least length that is no shorter, even, and has a transform: a power of two times an odd number up to 13. */
export function transformLength(least: number): number {
  for (let n = Math.max(2, Math.ceil(least / 2) * 2); ; n += 2) {
    const { odd, power } = factorsOf(n);
    if (odd <= LARGEST_ODD && power <= TURN) return n;
  }
}

/** Frequencies that say all of real images on a circle: see assembly/spectrum.ts. */
export function realFrequencies(tall: number, wide: number): number {
  return 2 * (tall / 2 + 1) + (wide / 2 - 1) * tall;
}

/**
 * The tables for a length that `transformLength` gave.
 *
 * @param step cells between two numbers of the sequence
 */
export function axisTables(n: number, step: number): Int32Array {
  const { odd, power } = factorsOf(n);
  const half = (odd - 1) / 2;
  const cell = (index: number) => CELL * step * index;
  // Good (1958): input (a, b) at odd a + power b, output (c, k) at the number that is c modulo power and k modulo odd.
  const inputs = grid(power, odd, (a, b) => cell((odd * a + power * b) % n));
  const byResidues = new Map(Array.from({ length: n }, (_, f) => [(f % odd) * power + (f % power), f]));
  const outputs = grid(odd, power, (k, c) => cell(byResidues.get(k * power + c) as number));
  const dense = Array.from({ length: n }, (_, index) => CELL * index);
  const factors = grid(half, half, (k, j) => turn((k + 1) * (j + 1), odd)).flat();
  const turns = Array.from({ length: TURN }, (_, j) => turn(j, TURN)).flat();

  const parts = [inputs, outputs, dense, bitsOf(factors), bitsOf(turns)];
  const starts = parts.map((_, index) => 4 * (HEADER + parts.slice(0, index).flat().length));
  return Int32Array.from([odd, power, ...starts, ...parts.flat()]);
}

function factorsOf(n: number): { odd: number; power: number } {
  let odd = n;
  while (odd % 2 === 0) odd /= 2;
  return { odd, power: n / odd };
}

function grid<T>(rows: number, columns: number, entry: (row: number, column: number) => T): T[] {
  return Array.from({ length: rows * columns }, (_, index) => entry(Math.floor(index / columns), index % columns));
}

/** Of float32 numbers. */
function bitsOf(values: readonly number[]): number[] {
  return [...new Int32Array(Float32Array.from(values).buffer)];
}

/** cos and sin of 2 pi k / n. */
function turn(k: number, n: number): [number, number] {
  return [cosineOfTurn(k, n), cosineOfTurn(k - n / 4, n)];
}

/**
 * cos(2 pi k / n), the same bits on every machine: Math.cos may differ in its last digit from one engine to the next.
 * Reduced to an eighth of a turn, then Taylor's series, whose terms are below 2^-53 long before the last one.
 */
function cosineOfTurn(k: number, n: number): number {
  // In eighths of a turn of n steps: exact in integers.
  const eighths = (((8 * k) % (8 * n)) + 8 * n) % (8 * n);
  if (eighths > 4 * n) return cosineOfTurn(n - eighths / 8, n);
  if (eighths > 2 * n) return -cosineOfTurn(n / 2 - eighths / 8, n);
  if (eighths > n) return series((2 * Math.PI * (n / 4 - eighths / 8)) / n, 1);
  return series((2 * Math.PI * (eighths / 8)) / n, 0);
}

/** Taylor series of cos (first = 0) or sin (first = 1) for 0 <= angle <= pi / 4. */
function series(angle: number, first: 0 | 1): number {
  let term = first === 0 ? 1 : angle;
  let sum = term;
  for (let power = first + 2; power <= 22; power += 2) {
    term *= -(angle * angle) / ((power - 1) * power);
    sum += term;
  }
  return sum;
}
