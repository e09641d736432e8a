/**
 * Convolutions by discrete Fourier transform. Spectra are kept as [frequency][re, im][panel of 8 channels][row][8], where a row
 * is an image or, in a filter's spectrum, an input channel; frequency = u (columns div 2 + 1) + v. A transform is a product with a small
 * matrix along each axis, so that any size will do, and padding, dilation and cropping are rows or columns left out of the matrix.
 */
import {
  columnsOfSpectrumDifference,
  columnsOfSpectrumSum,
  PANEL_ROW,
  rowsOfSpectrumDifference,
  rowsOfSpectrumSum,
  TILE_ROWS,
  tileOfColumns,
} from './tile';

/** Rows (images) that a transform takes together: each frequency is then written in pieces of 256 bytes. */
const GROUP = 8;

/** Between a tensor [row, height, width, channels], in any order of the first three axes, and its spectrum. */
@unmanaged
export class TransformArguments {
  tensor: usize;
  /** Bytes between two rows, two lines, two columns of the tensor. Channels are contiguous. */
  rowStep: usize;
  lineStep: usize;
  columnStep: usize;
  spectrum: usize;
  /** Rows to transform, and rows that the spectrum has room for, a multiple of 4. */
  rows: i32;
  room: i32;
  /** Panels of 8 channels. */
  panels: i32;
  height: i32;
  width: i32;
  /** Lengths of the circle, even. */
  tall: i32;
  wide: i32;
  /** Where the first line (column) lies on the circle, and how far apart two are. */
  lineOffset: i32;
  lineDistance: i32;
  columnOffset: i32;
  columnDistance: i32;
  /** Matrices in panels of four rows, [panel][k][4], for even and odd positions. */
  acrossEven: usize;
  acrossOdd: usize;
  alongEven: usize;
  alongOdd: usize;
}

@inline
function groupsOf(p: TransformArguments): i32 {
  return (p.rows + GROUP - 1) / GROUP;
}

/** First index at an even (parity 0) or odd position. */
@inline
function firstAt(parity: i32, offset: i32, distance: i32): i32 {
  return (distance & 1) == 1 ? (offset ^ parity) & 1 : 0;
}

/** Indices below `length` at even (parity 0) or odd positions; they are `stride` apart. */
@inline
function countAt(parity: i32, length: i32, offset: i32, distance: i32): i32 {
  if ((distance & 1) == 1) return (length - firstAt(parity, offset, distance) + 1) >> 1;
  return (offset & 1) == parity ? length : 0;
}

@inline
function strideOf(distance: i32): i32 {
  return (distance & 1) == 1 ? 2 : 1;
}

/**
 * A radix-2 butterfly of two tiles, kept densely at `even` and 128 bytes behind it: the sum of row r goes to s_r, the
 * difference to d_r, conjugated if asked for (odd rows are imaginary parts).
 */
@inline
function butterfly(
  even: usize,
  s0: usize,
  s1: usize,
  s2: usize,
  s3: usize,
  d0: usize,
  d1: usize,
  d2: usize,
  d3: usize,
  conjugate: bool,
): void {
  for (let half: usize = 0; half < 32; half += 16) {
    let e = v128.load(even + half);
    let o = v128.load(even + half, 128);
    v128.store(s0 + half, f32x4.add(e, o));
    v128.store(d0 + half, f32x4.sub(e, o));
    e = v128.load(even + half, 32);
    o = v128.load(even + half, 160);
    v128.store(s1 + half, f32x4.add(e, o));
    v128.store(d1 + half, conjugate ? f32x4.sub(o, e) : f32x4.sub(e, o));
    e = v128.load(even + half, 64);
    o = v128.load(even + half, 192);
    v128.store(s2 + half, f32x4.add(e, o));
    v128.store(d2 + half, f32x4.sub(e, o));
    e = v128.load(even + half, 96);
    o = v128.load(even + half, 224);
    v128.store(s3 + half, f32x4.add(e, o));
    v128.store(d3 + half, conjugate ? f32x4.sub(o, e) : f32x4.sub(e, o));
  }
}

@inline
function tile(a: usize, b: usize, step: usize, k: i32, c: usize): void {
  tileOfColumns(a, 16, b, step, k, c, c + 32, c + 64, c + 96, false);
}

/**
 * Task: 8 rows of one panel to their spectrum, decimated in time: even and odd positions are transformed apart, each to half
 * of the frequencies, and a butterfly gives the whole. Across: rows (v, re|im) up to v = wide / 4, columns x. Along: rows
 * (u, re|im) below u = tall / 2, columns (re|im, y).
 */
export function spectrumOf(p: TransformArguments, task: i32, scratch: usize): void {
  const groups = groupsOf(p);
  const panel = task / groups;
  const first = (task % groups) * GROUP;
  const count = min(GROUP, p.rows - first);
  const tiles = scratch;
  const dummy = scratch + 256;
  const half = scratch + 512;
  const tensor = p.tensor + <usize>first * p.rowStep + <usize>panel * PANEL_ROW;
  const line = <usize>count * PANEL_ROW;
  // half[v][even y, odd y][re, im][y][row][8]
  const plane = ((<usize>p.height) << 1) * line;
  const last = p.wide >> 1;
  const quarter = p.wide >> 2;

  const columnStep = <usize>strideOf(p.columnDistance) * p.columnStep;
  const evenWidth = countAt(0, p.width, p.columnOffset, p.columnDistance);
  const oddWidth = p.width - evenWidth;
  const evenColumns = <usize>firstAt(0, p.columnOffset, p.columnDistance) * p.columnStep;
  const oddColumns = <usize>firstAt(1, p.columnOffset, p.columnDistance) * p.columnStep;
  const evenHeight = countAt(0, p.height, p.lineOffset, p.lineDistance);
  const oddHeight = p.height - evenHeight;
  const lineStride = strideOf(p.lineDistance);
  const odd = <usize>(2 * evenHeight) * line;

  for (let parity = 0; parity < 2; parity++) {
    const lines = parity == 0 ? evenHeight : oddHeight;
    const im = <usize>lines * line;
    for (let y = 0; y < lines; y++) {
      const at = firstAt(parity, p.lineOffset, p.lineDistance) + y * lineStride;
      for (let row = 0; row < count; row++) {
        const b = tensor + <usize>row * p.rowStep + <usize>at * p.lineStep;
        const c = half + (parity == 0 ? 0 : odd) + <usize>y * line + <usize>row * PANEL_ROW;
        let even = p.acrossEven;
        let other = p.acrossOdd;
        for (let v = 0; v <= quarter; v += 2) {
          tile(even, b + evenColumns, columnStep, evenWidth, tiles);
          tile(other, b + oddColumns, columnStep, oddWidth, tiles + 128);
          const s0 = c + <usize>v * plane;
          const d0 = c + <usize>(last - v) * plane;
          const second = v < quarter;
          const s2 = second ? s0 + plane : dummy;
          const d2 = second ? d0 - plane : dummy;
          const s3 = second ? s2 + im : dummy;
          const d3 = second ? d2 + im : dummy;
          butterfly(tiles, s0, s0 + im, s2, s3, d0, d0 + im, d2, d3, true);
          even += <usize>evenWidth * 16;
          other += <usize>oddWidth * 16;
        }
      }
    }
  }

  const partStep = <usize>p.panels * <usize>p.room * PANEL_ROW;
  const vStep = partStep << 1;
  const uStep = <usize>(last + 1) * vStep;
  const spectrum = p.spectrum + (<usize>panel * <usize>p.room + <usize>first) * PANEL_ROW;
  const middle = p.tall >> 1;
  const across = <usize>middle * uStep;
  for (let v = 0; v <= last; v++) {
    const b = half + <usize>v * plane;
    let even = p.alongEven;
    let other = p.alongOdd;
    for (let u = 0; u < middle; u += 2) {
      const c = spectrum + <usize>u * uStep + <usize>v * vStep;
      const second = u + 1 < middle;
      for (let row = 0; row < count; row++) {
        const offset = <usize>row * PANEL_ROW;
        tile(even, b + offset, line, 2 * evenHeight, tiles);
        tile(other, b + odd + offset, line, 2 * oddHeight, tiles + 128);
        const s0 = c + offset;
        const d0 = s0 + across;
        const s2 = second ? s0 + uStep : dummy;
        const d2 = second ? d0 + uStep : dummy;
        const s3 = second ? s2 + partStep : dummy;
        const d3 = second ? d2 + partStep : dummy;
        butterfly(tiles, s0, s0 + partStep, s2, s3, d0, d0 + partStep, d2, d3, false);
      }
      even += <usize>evenHeight * 32;
      other += <usize>oddHeight * 32;
    }
  }
}

/**
 * Task: the spectrum of 8 rows of one panel back to the tensor, decimated in frequency: sums of opposite frequencies give the
 * even positions, differences the odd ones. Along: rows (y, re|im), columns (re|im, u) below u = tall / 2. Across: rows x,
 * columns (v, re|im) up to v = wide / 4.
 */
export function tensorOf(p: TransformArguments, task: i32, scratch: usize): void {
  const groups = groupsOf(p);
  const panel = task / groups;
  const first = (task % groups) * GROUP;
  const count = min(GROUP, p.rows - first);
  const dummy = scratch;
  const line = <usize>count * PANEL_ROW;
  const last = p.wide >> 1;
  const quarter = p.wide >> 2;
  const middle = p.tall >> 1;
  const sums = scratch + 256;
  const differences = sums + ((<usize>middle) << 1) * line;
  // half[y][v][re, im][row][8]
  const half = differences + ((<usize>middle) << 1) * line;
  const halfRow = (<usize>(last + 1) << 1) * line;
  const folded = half + <usize>p.height * halfRow;
  const partStep = <usize>p.panels * <usize>p.room * PANEL_ROW;
  const vStep = partStep << 1;
  const uStep = <usize>(last + 1) * vStep;
  const across = <usize>middle * uStep;
  const spectrum = p.spectrum + (<usize>panel * <usize>p.room + <usize>first) * PANEL_ROW;
  const lineStride = strideOf(p.lineDistance);

  for (let v = 0; v <= last; v++) {
    let to: usize = 0;
    for (let part = 0; part < 2; part++) {
      let from = spectrum + <usize>v * vStep + <usize>part * partStep;
      for (let u = 0; u < middle; u++) {
        for (let i: usize = 0; i < line; i += 16) {
          const low = v128.load(from + i);
          const high = v128.load(from + across + i);
          v128.store(sums + to + i, f32x4.add(low, high));
          v128.store(differences + to + i, f32x4.sub(low, high));
        }
        to += line;
        from += uStep;
      }
    }
    for (let parity = 0; parity < 2; parity++) {
      const lines = countAt(parity, p.height, p.lineOffset, p.lineDistance);
      const start = firstAt(parity, p.lineOffset, p.lineDistance);
      const b = parity == 0 ? sums : differences;
      let a = parity == 0 ? p.alongEven : p.alongOdd;
      for (let y = 0; y < lines; y += 2) {
        const c = half + <usize>(start + y * lineStride) * halfRow + ((<usize>v) << 1) * line;
        const second = y + 1 < lines;
        for (let row = 0; row < count; row++) {
          const c0 = c + <usize>row * PANEL_ROW;
          const c2 = second ? c0 + <usize>lineStride * halfRow : dummy;
          const c3 = second ? c2 + line : dummy;
          tileOfColumns(a, 16, b + <usize>row * PANEL_ROW, line, 2 * middle, c0, c0 + line, c2, c3, false);
        }
        a += <usize>middle * 32;
      }
    }
  }

  const tensor = p.tensor + <usize>first * p.rowStep + <usize>panel * PANEL_ROW;
  const depth = 2 * (quarter + 1);
  const foldedOdd = folded + <usize>depth * line;
  const columnStride = strideOf(p.columnDistance);
  const step = <usize>columnStride * p.columnStep;
  for (let y = 0; y < p.height; y++) {
    fold(half + <usize>y * halfRow, last, quarter, line, folded, foldedOdd);
    for (let parity = 0; parity < 2; parity++) {
      const columns = countAt(parity, p.width, p.columnOffset, p.columnDistance);
      const start = firstAt(parity, p.columnOffset, p.columnDistance);
      const b = parity == 0 ? folded : foldedOdd;
      for (let row = 0; row < count; row++) {
        const c = tensor + <usize>row * p.rowStep + <usize>y * p.lineStep + <usize>start * p.columnStep;
        let a = parity == 0 ? p.acrossEven : p.acrossOdd;
        for (let x = 0; x < columns; x += TILE_ROWS) {
          const c0 = c + <usize>x * step;
          const c1 = x + 1 < columns ? c0 + step : dummy;
          const c2 = x + 2 < columns ? c0 + 2 * step : dummy;
          const c3 = x + 3 < columns ? c0 + 3 * step : dummy;
          tileOfColumns(a, 16, b + <usize>row * PANEL_ROW, line, depth, c0, c1, c2, c3, false);
          a += <usize>depth * 16;
        }
      }
    }
  }
}

/**
 * Half a spectrum [v][re, im] to what its even and its odd positions need of it: v and wide / 2 - v differ there only in signs.
 */
@inline
function fold(half: usize, last: i32, quarter: i32, line: usize, even: usize, odd: usize): void {
  for (let v = 0; v <= quarter; v++) {
    const near = half + ((<usize>v) << 1) * line;
    const far = half + ((<usize>(last - v)) << 1) * line;
    const to = ((<usize>v) << 1) * line;
    for (let i: usize = 0; i < line; i += 16) {
      const nearRe = v128.load(near + i);
      const nearIm = v128.load(near + line + i);
      const farRe = v128.load(far + i);
      const farIm = v128.load(far + line + i);
      v128.store(even + to + i, f32x4.add(nearRe, farRe));
      v128.store(even + to + line + i, f32x4.sub(nearIm, farIm));
      v128.store(odd + to + i, f32x4.sub(nearRe, farRe));
      v128.store(odd + to + line + i, f32x4.add(nearIm, farIm));
    }
  }
}

/** Three spectra with the same frequencies. */
@unmanaged
export class SpectralArguments {
  a: usize;
  b: usize;
  c: usize;
  /** Room for rows in A, B and C. */
  aRoom: i32;
  bRoom: i32;
  cRoom: i32;
  /** Panels of A and of B. */
  aPanels: i32;
  bPanels: i32;
  /** 1: multiply with the conjugate of B. */
  conjugate: i32;
  /** 1: add to C. */
  accumulate: i32;
  /** Rows that a correlation sums over. */
  rows: i32;
}

/** Task: one frequency of C[row, j] = sum over i of A[row, i] B[i, j], or of A conj(B). C has A's rows and B's panels. */
export function spectralProduct(p: SpectralArguments, frequency: i32): void {
  const aPanel = (<usize>p.aRoom) << 5;
  const bPanel = (<usize>p.bRoom) << 5;
  const cPanel = (<usize>p.cRoom) << 5;
  const aPart = <usize>p.aPanels * aPanel;
  const bPart = <usize>p.bPanels * bPanel;
  const cPart = <usize>p.bPanels * cPanel;
  const are = p.a + 2 * <usize>frequency * aPart;
  const bre = p.b + 2 * <usize>frequency * bPart;
  const cre = p.c + 2 * <usize>frequency * cPart;
  const rows = (<usize>p.aRoom) << 5;
  const conjugate = p.conjugate == 1;
  for (let panel = 0; panel < p.bPanels; panel++) {
    const b = bre + <usize>panel * bPanel;
    const c = cre + <usize>panel * cPanel;
    for (let row: usize = 0; row < rows; row += 128) {
      const a = are + row;
      const re = c + row;
      const im = re + cPart;
      if (conjugate) {
        rowsOfSpectrumSum(a, b, a + aPart, b + bPart, p.aPanels, aPanel, re);
        rowsOfSpectrumDifference(a + aPart, b, a, b + bPart, p.aPanels, aPanel, im);
      } else {
        rowsOfSpectrumDifference(a, b, a + aPart, b + bPart, p.aPanels, aPanel, re);
        rowsOfSpectrumSum(a + aPart, b, a, b + bPart, p.aPanels, aPanel, im);
      }
    }
  }
}

/** Task: one frequency of C[i, j] (+)= sum over rows of A[row, i] conj(B[row, j]). C has A's channels as rows, B's panels. */
export function spectralCorrelation(p: SpectralArguments, frequency: i32): void {
  const aPanel = (<usize>p.aRoom) << 5;
  const bPanel = (<usize>p.bRoom) << 5;
  const cPanel = (<usize>p.cRoom) << 5;
  const aPart = <usize>p.aPanels * aPanel;
  const bPart = <usize>p.bPanels * bPanel;
  const cPart = <usize>p.bPanels * cPanel;
  const are = p.a + 2 * <usize>frequency * aPart;
  const bre = p.b + 2 * <usize>frequency * bPart;
  const cre = p.c + 2 * <usize>frequency * cPart;
  const accumulate = p.accumulate == 1;
  for (let panel = 0; panel < p.bPanels; panel++) {
    const b = bre + <usize>panel * bPanel;
    let re = cre + <usize>panel * cPanel;
    for (let i = 0; i < p.aPanels; i++) {
      for (let part: usize = 0; part < 32; part += 16) {
        const a = are + <usize>i * aPanel + part;
        const im = re + cPart;
        columnsOfSpectrumSum(a, b, a + aPart, b + bPart, p.rows, re, accumulate);
        columnsOfSpectrumDifference(a + aPart, b, a, b + bPart, p.rows, im, accumulate);
        re += 128;
      }
    }
  }
}
