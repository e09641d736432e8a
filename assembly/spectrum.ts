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
  /** Frequencies along the height, and along the width (half of them: the tensor is real). */
  vertical: i32;
  horizontal: i32;
  /** Matrices in panels of four rows, [panel][k][4]. */
  acrossMatrix: usize;
  alongMatrix: usize;
}

@inline
function groupsOf(p: TransformArguments): i32 {
  return (p.rows + GROUP - 1) / GROUP;
}

/**
 * Task: 8 rows of one panel to their spectrum. `acrossMatrix` has rows (v, re|im) and columns x; `alongMatrix` rows (u, re|im) and
 * columns (re|im, y).
 */
export function spectrumOf(p: TransformArguments, task: i32, scratch: usize): void {
  const groups = groupsOf(p);
  const panel = task / groups;
  const first = (task % groups) * GROUP;
  const count = min(GROUP, p.rows - first);
  const dummy = scratch;
  const half = scratch + 256;
  const tensor = p.tensor + <usize>first * p.rowStep + <usize>panel * PANEL_ROW;
  const line = <usize>count * PANEL_ROW;
  const plane = <usize>p.height * line;
  // half[v][re, im][y][row][8]
  const acrossTiles = (2 * p.horizontal + TILE_ROWS - 1) / TILE_ROWS;
  for (let y = 0; y < p.height; y++) {
    for (let row = 0; row < count; row++) {
      const b = tensor + <usize>row * p.rowStep + <usize>y * p.lineStep;
      let c = half + <usize>y * line + <usize>row * PANEL_ROW;
      let a = p.acrossMatrix;
      for (let t = 0; t < acrossTiles; t++) {
        tileOfColumns(a, 16, b, p.columnStep, p.width, c, c + plane, c + 2 * plane, c + 3 * plane, false);
        c += 4 * plane;
        a += <usize>p.width * 16;
      }
    }
  }

  const partStep = <usize>p.panels * <usize>p.room * PANEL_ROW;
  const vStep = partStep << 1;
  const uStep = <usize>p.horizontal * vStep;
  const spectrum = p.spectrum + (<usize>panel * <usize>p.room + <usize>first) * PANEL_ROW;
  const depth = 2 * p.height;
  for (let v = 0; v < p.horizontal; v++) {
    const b = half + <usize>v * 2 * plane;
    let a = p.alongMatrix;
    for (let u = 0; u < p.vertical; u += 2) {
      const c = spectrum + <usize>u * uStep + <usize>v * vStep;
      const second = u + 1 < p.vertical;
      for (let row = 0; row < count; row++) {
        const offset = <usize>row * PANEL_ROW;
        const c0 = c + offset;
        const c2 = second ? c0 + uStep : dummy;
        tileOfColumns(a, 16, b + offset, line, depth, c0, c0 + partStep, c2, second ? c2 + partStep : dummy, false);
      }
      a += <usize>depth * 16;
    }
  }
}

/**
 * Task: the spectrum of 8 rows of one panel back to the tensor. `alongMatrix` has rows (y, re|im) and columns (re|im, u);
 * `acrossMatrix` rows x and columns (v, re|im).
 */
export function tensorOf(p: TransformArguments, task: i32, scratch: usize): void {
  const groups = groupsOf(p);
  const panel = task / groups;
  const first = (task % groups) * GROUP;
  const count = min(GROUP, p.rows - first);
  const dummy = scratch;
  const line = <usize>count * PANEL_ROW;
  const packed = scratch + 256;
  const depth = 2 * p.vertical;
  const half = packed + <usize>depth * line;
  const halfRow = <usize>p.horizontal * 2 * line;
  const partStep = <usize>p.panels * <usize>p.room * PANEL_ROW;
  const vStep = partStep << 1;
  const uStep = <usize>p.horizontal * vStep;
  const spectrum = p.spectrum + (<usize>panel * <usize>p.room + <usize>first) * PANEL_ROW;

  // half[y][v][re, im][row][8]
  for (let v = 0; v < p.horizontal; v++) {
    let to = packed;
    for (let part = 0; part < 2; part++) {
      let from = spectrum + <usize>v * vStep + <usize>part * partStep;
      for (let u = 0; u < p.vertical; u++) {
        for (let i: usize = 0; i < line; i += 16) v128.store(to + i, v128.load(from + i));
        to += line;
        from += uStep;
      }
    }
    let a = p.alongMatrix;
    for (let y = 0; y < p.height; y += 2) {
      const c = half + <usize>y * halfRow + <usize>v * 2 * line;
      const second = y + 1 < p.height;
      for (let row = 0; row < count; row++) {
        const offset = <usize>row * PANEL_ROW;
        const c0 = c + offset;
        const c2 = second ? c0 + halfRow : dummy;
        tileOfColumns(a, 16, packed + offset, line, depth, c0, c0 + line, c2, second ? c2 + line : dummy, false);
      }
      a += <usize>depth * 16;
    }
  }

  const tensor = p.tensor + <usize>first * p.rowStep + <usize>panel * PANEL_ROW;
  const acrossDepth = 2 * p.horizontal;
  for (let y = 0; y < p.height; y++) {
    for (let row = 0; row < count; row++) {
      const b = half + <usize>y * halfRow + <usize>row * PANEL_ROW;
      const c = tensor + <usize>row * p.rowStep + <usize>y * p.lineStep;
      let a = p.acrossMatrix;
      for (let x = 0; x < p.width; x += TILE_ROWS) {
        const c0 = c + <usize>x * p.columnStep;
        const c1 = x + 1 < p.width ? c0 + p.columnStep : dummy;
        const c2 = x + 2 < p.width ? c0 + 2 * p.columnStep : dummy;
        const c3 = x + 3 < p.width ? c0 + 3 * p.columnStep : dummy;
        tileOfColumns(a, 16, b, line, acrossDepth, c0, c1, c2, c3, false);
        a += <usize>acrossDepth * 16;
      }
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
