/**
 * Matrices of the discrete Fourier transform along one axis, as assembly/spectrum.ts reads them: float32, in panels of four
 * rows, [panel][column][4], the last panel filled with zeros.
 */

const TILE_ROWS = 4;

/** Frequencies of a real signal of length n: the others are conjugates. */
export function realFrequencies(n: number): number {
  return Math.floor(n / 2) + 1;
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

function sineOfTurn(k: number, n: number): number {
  return cosineOfTurn(k - n / 4, n);
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

/** Where the numbers of a signal lie on the circle: at offset, offset + step, ... */
export interface Positions {
  readonly length: number;
  readonly offset: number;
  readonly step: number;
}

/** Rows (v, re|im), columns x: half the spectrum of a real signal on a circle of n. */
export function acrossForward(n: number, { length, offset, step }: Positions): Float32Array {
  return panelsOf(2 * realFrequencies(n), length, (row, x) => {
    const turn = (row >> 1) * (offset + step * x);
    return row % 2 === 0 ? cosineOfTurn(turn, n) : -sineOfTurn(turn, n);
  });
}

/** Rows (u, re|im), columns (re|im, y): the spectrum of a complex signal. */
export function alongForward(n: number, { length, offset, step }: Positions): Float32Array {
  return panelsOf(2 * n, 2 * length, (row, column) => {
    const turn = (row >> 1) * (offset + step * (column % length));
    const [toImaginary, fromImaginary] = [row % 2 === 1, column >= length];
    if (toImaginary === fromImaginary) return cosineOfTurn(turn, n);
    return fromImaginary ? sineOfTurn(turn, n) : -sineOfTurn(turn, n);
  });
}

/** Rows (y, re|im), columns (re|im, u): a complex signal from its spectrum, n times too large. */
export function alongInverse(n: number, { length, offset, step }: Positions): Float32Array {
  return panelsOf(2 * length, 2 * n, (row, column) => {
    const turn = (offset + step * (row >> 1)) * (column % n);
    const [toImaginary, fromImaginary] = [row % 2 === 1, column >= n];
    if (toImaginary === fromImaginary) return cosineOfTurn(turn, n);
    return fromImaginary ? -sineOfTurn(turn, n) : sineOfTurn(turn, n);
  });
}

/**
 * Rows x, columns (v, re|im): a real signal from half its spectrum.
 *
 * @param scale 1 / (n n'), of both axes
 */
export function acrossInverse(n: number, { length, offset, step }: Positions, scale: number): Float32Array {
  return panelsOf(length, 2 * realFrequencies(n), (x, column) => {
    const v = column >> 1;
    const turn = v * (offset + step * x);
    const weight = v === 0 || 2 * v === n ? scale : 2 * scale;
    return weight * (column % 2 === 0 ? cosineOfTurn(turn, n) : -sineOfTurn(turn, n));
  });
}

function panelsOf(rows: number, columns: number, entry: (row: number, column: number) => number): Float32Array {
  const panels = new Float32Array(Math.ceil(rows / TILE_ROWS) * columns * TILE_ROWS);
  for (let row = 0; row < rows; row++) {
    const start = Math.floor(row / TILE_ROWS) * columns * TILE_ROWS + (row % TILE_ROWS);
    for (let column = 0; column < columns; column++) panels[start + column * TILE_ROWS] = entry(row, column);
  }
  return panels;
}
