/**
 * Products of spectra, frequency by frequency. The sums of assembly/complex-tile.ts are made as the operands are packed.
 * Four frequencies of a real tensor are real: one product each.
 */
import { backwardTile, correlationTile, forwardTile } from './complex-tile';
import { panelsOf, partBytes } from './spectrum';
import { TILE_COLUMNS, TILE_ROWS } from './tile';

/** Three spectra with the same frequencies, laid out as in assembly/spectrum.ts. */
@unmanaged
export class SpectralArguments {
  a: usize;
  b: usize;
  c: usize;
  /** Room for rows in A, B and C. */
  aRoom: i32;
  bRoom: i32;
  cRoom: i32;
  /** Channels of A, of B, of C. */
  aChannels: i32;
  bChannels: i32;
  cChannels: i32;
  frequencies: i32;
  /** Half the height of the circle. */
  middle: i32;
  /** 1: a gradient's product, with B transposed and not conjugated. */
  backward: i32;
  /** 1: add to C. */
  accumulate: i32;
  /** Rows that a correlation sums over. */
  rows: i32;
}

/** The first and the last of the columns v = 0 and v = wide / 2. */
@inline
function isReal(p: SpectralArguments, frequency: i32): bool {
  const last = p.frequencies - 1;
  return frequency == 0 || frequency == p.middle || frequency == last - p.middle || frequency == last;
}

/** a + b to `sum`, b - a to `difference`. */
@inline
function sumAndDifference(a: v128, b: v128, sum: usize, difference: usize): void {
  v128.store(sum, f32x4.add(a, b));
  v128.store(difference, f32x4.sub(b, a));
}

/** The sums a + a' of one frequency. */
function addParts(re: usize, im: usize, bytes: usize, target: usize): void {
  for (const end = re + bytes; re < end; re += 16) {
    v128.store(target, f32x4.add(v128.load(re), v128.load(im)));
    im += 16;
    target += 16;
  }
}

/** b + b' and b' - b of a panel. */
function packSums(re: usize, im: usize, bytes: usize, sums: usize, differences: usize): void {
  for (const end = re + bytes; re < end; re += 16) {
    sumAndDifference(v128.load(re), v128.load(im), sums, differences);
    im += 16;
    sums += 16;
    differences += 16;
  }
}

/** Four rows of four numbers, PANEL_ROW apart, turned. */
@inline
function turn(from: usize, to: usize): void {
  const r0 = v128.load(from);
  const r1 = v128.load(from, 32);
  const r2 = v128.load(from, 64);
  const r3 = v128.load(from, 96);
  const low01 = i32x4.shuffle(r0, r1, 0, 4, 1, 5);
  const low23 = i32x4.shuffle(r2, r3, 0, 4, 1, 5);
  const high01 = i32x4.shuffle(r0, r1, 2, 6, 3, 7);
  const high23 = i32x4.shuffle(r2, r3, 2, 6, 3, 7);
  v128.store(to, i64x2.shuffle(low01, low23, 0, 2));
  v128.store(to, i64x2.shuffle(low01, low23, 1, 3), 32);
  v128.store(to, i64x2.shuffle(high01, high23, 0, 2), 64);
  v128.store(to, i64x2.shuffle(high01, high23, 1, 3), 96);
}

/** Eight rows (input channels) of all panels of a filter's spectrum, turned: [filter][8]. */
function turnPanels(from: usize, panels: i32, panelStep: usize, to: usize): void {
  for (let panel = 0; panel < panels; panel++) {
    turn(from, to);
    turn(from + 128, to + 16);
    turn(from + 16, to + 128);
    turn(from + 144, to + 144);
    from += panelStep;
    to += 256;
  }
}

/**
 * Task: one frequency of C[row, j] = sum over i of A[row, i] conj(B[i, j]) or, backward, of A[row, i] B[j, i]. B is the
 * spectrum of a filter.
 *
 * @param scratch for 128 bytes, the sums of A, and four panels of B
 */
export function spectralProduct(p: SpectralArguments, frequency: i32, scratch: usize): void {
  const backward = p.backward == 1;
  const aPanel = (<usize>p.aRoom) << 5;
  const bPanel = (<usize>p.bRoom) << 5;
  const cPanel = (<usize>p.cRoom) << 5;
  const aBytes = <usize>panelsOf(p.aChannels) * aPanel;
  const aPart = partBytes(p.aChannels, p.aRoom);
  const bPanels = panelsOf(p.bChannels);
  const bPart = partBytes(p.bChannels, p.bRoom);
  const cPanels = panelsOf(p.cChannels);
  const cPart = partBytes(p.cChannels, p.cRoom);
  const are = p.a + 2 * <usize>frequency * aPart;
  const bre = p.b + 2 * <usize>frequency * bPart;
  const cre = p.c + 2 * <usize>frequency * cPart;
  const real = isReal(p, frequency);
  const bytes = p.aChannels << 2;
  // Panels of B, of as many rows as A has channels.
  const packed = <usize>(panelsOf(p.aChannels) * TILE_COLUMNS) << 5;
  const aSums = scratch + 128;
  const sums = aSums + aBytes;
  const differences = sums + packed;
  const turnedRe = differences + packed;
  const turnedIm = turnedRe + packed;
  addParts(are, are + aPart, aBytes, aSums);

  for (let panel = 0; panel < cPanels; panel++) {
    let re = bre + <usize>panel * bPanel;
    let im = re + bPart;
    if (backward) {
      const from = bre + <usize>panel * 256;
      turnPanels(from, bPanels, bPanel, turnedRe);
      turnPanels(from + bPart, bPanels, bPanel, turnedIm);
      re = turnedRe;
      im = turnedIm;
    }
    packSums(re, im, packed, sums, differences);
    for (let row: usize = 0; row < aPanel; row += 128) {
      const a = are + row;
      const c = cre + <usize>panel * cPanel + row;
      const skip = aPanel - 32;
      if (backward) {
        backwardTile(aSums + row, a + aPart, a, bytes, skip, re, sums, differences, real, c, c + cPart, scratch);
      } else {
        forwardTile(aSums + row, a + aPart, a, bytes, skip, re, differences, sums, real, c, c + cPart, scratch);
      }
    }
  }
}

/**
 * Task: one frequency of C[i, j] (+)= sum over rows of A[row, i] conj(B[row, j]). C has A's channels as rows, B's panels.
 *
 * @param scratch for 128 bytes, the sums of A, and two panels of B
 */
export function spectralCorrelation(p: SpectralArguments, frequency: i32, scratch: usize): void {
  const aPanel = (<usize>p.aRoom) << 5;
  const bPanel = (<usize>p.bRoom) << 5;
  const cPanel = (<usize>p.cRoom) << 5;
  const aBytes = <usize>panelsOf(p.aChannels) * aPanel;
  const aPart = partBytes(p.aChannels, p.aRoom);
  const bPanels = panelsOf(p.bChannels);
  const bPart = partBytes(p.bChannels, p.bRoom);
  const cPart = partBytes(p.cChannels, p.cRoom);
  const are = p.a + 2 * <usize>frequency * aPart;
  const bre = p.b + 2 * <usize>frequency * bPart;
  const cre = p.c + 2 * <usize>frequency * cPart;
  const accumulate = p.accumulate == 1;
  const real = isReal(p, frequency);
  const bytes = p.rows << 5;
  const aSums = scratch + 128;
  const sums = aSums + aBytes;
  const differences = sums + bPanel;
  addParts(are, are + aPart, aBytes, aSums);

  for (let panel = 0; panel < bPanels; panel++) {
    const b = bre + <usize>panel * bPanel;
    packSums(b, b + bPart, bPanel, sums, differences);
    let c = cre + <usize>panel * cPanel;
    for (let i = 0; i < p.aChannels; i += TILE_ROWS) {
      const offset = <usize>(i >> 3) * aPanel + ((<usize>(i & 7)) << 2);
      const a = are + offset;
      correlationTile(aSums + offset, a + aPart, a, bytes, b, differences, sums, real, c, c + cPart, accumulate, scratch);
      c += 128;
    }
  }
}
