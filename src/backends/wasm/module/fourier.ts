/**
 * Matrices of the discrete Fourier transform along one axis, as assembly/spectrum.ts reads them: float32, in panels of four
 * rows, [panel][column][4], the last panel filled with zeros.
 */

const TILE_ROWS = 4;

/** Frequencies of a real signal on a circle of n: the others are conjugates. */
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

/** Where the numbers of a signal lie on the circle: at offset, offset + distance, ... */
export interface Positions {
  readonly length: number;
  readonly offset: number;
  readonly distance: number;
}

/** A matrix for the numbers at even positions, and one for those at odd positions. */
export interface Matrices {
  readonly even: Float32Array;
  readonly odd: Float32Array;
}

/** Rows (v, re|im) up to v = n / 4, columns x: what even and odd positions of a real signal add to its spectrum. */
export function acrossForward(n: number, positions: Positions): Matrices {
  return byParity(positions, (at) =>
    panelsOf(2 * (Math.floor(n / 4) + 1), at.length, (row, x) => {
      const turn = (row >> 1) * (at[x] as number);
      return row % 2 === 0 ? cosineOfTurn(turn, n) : -sineOfTurn(turn, n);
    }),
  );
}

/** Rows (u, re|im) below u = n / 2, columns (re|im, y): the same of a complex signal. */
export function alongForward(n: number, positions: Positions): Matrices {
  return byParity(positions, (at) =>
    panelsOf(n, 2 * at.length, (row, column) => {
      const turn = (row >> 1) * (at[column % at.length] as number);
      const [toImaginary, fromImaginary] = [row % 2 === 1, column >= at.length];
      if (toImaginary === fromImaginary) return cosineOfTurn(turn, n);
      return fromImaginary ? sineOfTurn(turn, n) : -sineOfTurn(turn, n);
    }),
  );
}

/**
 * Rows (y, re|im), columns (re|im, u) below u = n / 2: a complex signal, n times too large, from the sums (even positions) and
 * differences (odd ones) of opposite frequencies.
 */
export function alongInverse(n: number, positions: Positions): Matrices {
  return byParity(positions, (at) =>
    panelsOf(2 * at.length, n, (row, column) => {
      const turn = (at[row >> 1] as number) * (column % (n / 2));
      const [toImaginary, fromImaginary] = [row % 2 === 1, column >= n / 2];
      if (toImaginary === fromImaginary) return cosineOfTurn(turn, n);
      return fromImaginary ? -sineOfTurn(turn, n) : sineOfTurn(turn, n);
    }),
  );
}

/**
 * Rows x, columns (v, re|im) up to v = n / 4: a real signal from half its spectrum, folded once more.
 *
 * @param scale 1 / (n n'), of both axes
 */
export function acrossInverse(n: number, positions: Positions, scale: number): Matrices {
  return byParity(positions, (at) =>
    panelsOf(at.length, 2 * (Math.floor(n / 4) + 1), (x, column) => {
      const v = column >> 1;
      const turn = v * (at[x] as number);
      // Each frequency stands for its conjugate, too; 0 and n / 2 have none, and n / 4 is folded onto itself.
      const weight = v === 0 || 4 * v === n ? scale : 2 * scale;
      return weight * (column % 2 === 0 ? cosineOfTurn(turn, n) : -sineOfTurn(turn, n));
    }),
  );
}

function byParity({ length, offset, distance }: Positions, make: (at: readonly number[]) => Float32Array): Matrices {
  const all = Array.from({ length }, (_, index) => offset + distance * index);
  return { even: make(all.filter((at) => at % 2 === 0)), odd: make(all.filter((at) => at % 2 === 1)) };
}

function panelsOf(rows: number, columns: number, entry: (row: number, column: number) => number): Float32Array {
  const panels = new Float32Array(Math.ceil(rows / TILE_ROWS) * columns * TILE_ROWS);
  for (let row = 0; row < rows; row++) {
    const start = Math.floor(row / TILE_ROWS) * columns * TILE_ROWS + (row % TILE_ROWS);
    for (let column = 0; column < columns; column++) panels[start + column * TILE_ROWS] = entry(row, column);
  }
  return panels;
}
