/** Convolutions as matrix products whose left operand is read, or whose result is added, through tables of offsets. */
import { PANEL_ROW, putPart, TILE_COLUMNS, TILE_ROWS, tileOfColumns, tileOfRuns } from './tile';

/** Positions of the output that are taken together. */
const POSITIONS = 64;
/** Numbers of the window that are multiplied before the next positions are taken. */
const DEPTH = 384;
/** Positions that the filter's gradient sums over before the next panel of dy is taken. */
const SUM_DEPTH = 256;
/** Columns of dy that are packed together. */
const SUM_COLUMNS = 256;

/**
 * A convolution without padding (whoever calls has padded x), with the filter read in runs: contiguous pieces of one
 * window in x, each of `length` numbers, at the offsets `runs` from the window's first number.
 */
@unmanaged
export class ConvolutionArguments {
  /** x, or dx: [batch, inHeight, inWidth, channels]. */
  x: usize;
  /** The filter or its transpose, in panels; or dW, [run, length, filters]. */
  filter: usize;
  /** y, or dy: [batch, outHeight, outWidth, filters]. */
  y: usize;
  runs: usize;
  runCount: i32;
  length: i32;
  batch: i32;
  outHeight: i32;
  outWidth: i32;
  filters: i32;
  /** Bytes of one image of x, between two rows of windows, and between two windows of a row. */
  imageStep: usize;
  rowStep: usize;
  columnStep: usize;
}

/** Where the window of an output position starts in x. */
@inline
function windowOf(p: ConvolutionArguments, position: i32): usize {
  const row = position / p.outWidth;
  const image = row / p.outHeight;
  return (
    p.x +
    <usize>image * p.imageStep +
    <usize>(row - image * p.outHeight) * p.rowStep +
    <usize>(position - row * p.outWidth) * p.columnStep
  );
}

export const CONVOLUTION_SCRATCH = SUM_DEPTH * (POSITIONS + SUM_COLUMNS) * 4 + 4 * SUM_DEPTH + 128;

/** Task: 64 positions of y, all filters. */
export function convolve(p: ConvolutionArguments, task: i32, scratch: usize): void {
  const positions = p.batch * p.outHeight * p.outWidth;
  const first = task * POSITIONS;
  const count = min(POSITIONS, positions - first);
  const tile = scratch;
  const windows = scratch + 128;
  // The last tile's missing rows read its last window again.
  for (let i = 0; i < POSITIONS + TILE_ROWS; i++) {
    store<usize>(windows + ((<usize>i) << 2), windowOf(p, min(first + i, positions - 1)));
  }
  const depth = p.runCount * p.length;
  const panels = (p.filters + TILE_COLUMNS - 1) / TILE_COLUMNS;
  const together = max(1, DEPTH / p.length);
  const cStep = (<usize>p.filters) << 2;

  for (let run = 0; run < p.runCount; run += together) {
    const count_ = min(together, p.runCount - run);
    const runs = p.runs + ((<usize>run) << 2);
    for (let panel = 0; panel < panels; panel++) {
      const b = p.filter + (<usize>panel * <usize>depth + <usize>(run * p.length)) * PANEL_ROW;
      const columns = min(TILE_COLUMNS, p.filters - panel * TILE_COLUMNS);
      for (let i = 0; i < count; i += TILE_ROWS) {
        const rows = min(TILE_ROWS, count - i);
        const whole = rows == TILE_ROWS && columns == TILE_COLUMNS;
        const c = p.y + <usize>(first + i) * cStep + <usize>panel * PANEL_ROW;
        const t = whole ? c : tile;
        const step = whole ? cStep : PANEL_ROW;
        const w = windows + ((<usize>i) << 2);
        tileOfRuns(
          load<usize>(w),
          load<usize>(w, 4),
          load<usize>(w, 8),
          load<usize>(w, 12),
          runs,
          count_,
          p.length,
          b,
          t,
          t + step,
          t + 2 * step,
          t + 3 * step,
          whole && run > 0,
        );
        if (!whole) putPart(tile, rows, columns, c, c + cStep, c + 2 * cStep, c + 3 * cStep, run > 0);
      }
    }
  }
}

/** Tasks of `filterGradient` for one run. */
@inline
function blocksOfRun(length: i32): i32 {
  return (length + POSITIONS - 1) / POSITIONS;
}

/** Task: up to 64 rows of one run of dW, all filters, summed over all positions in their order. */
export function filterGradient(p: ConvolutionArguments, task: i32, scratch: usize): void {
  const blocks = blocksOfRun(p.length);
  const run = task / blocks;
  const firstRow = (task % blocks) * POSITIONS;
  const rows = min(POSITIONS, p.length - firstRow);
  const positions = p.batch * p.outHeight * p.outWidth;
  const cStep = (<usize>p.filters) << 2;
  const offset = <usize>load<i32>(p.runs + ((<usize>run) << 2)) + ((<usize>firstRow) << 2);
  const tile = scratch;
  const windows = tile + 128;
  const left = windows + 4 * SUM_DEPTH;
  const right = left + SUM_DEPTH * POSITIONS * 4;

  for (let start = 0; start < positions; start += SUM_DEPTH) {
    const depth = min(SUM_DEPTH, positions - start);
    for (let k = 0; k < depth; k++) store<usize>(windows + ((<usize>k) << 2), windowOf(p, start + k) + offset);
    packWindows(windows, depth, rows, left);
    for (let column = 0; column < p.filters; column += SUM_COLUMNS) {
      const columns = min(SUM_COLUMNS, p.filters - column);
      packGradient(p.y + <usize>start * cStep + ((<usize>column) << 2), cStep, depth, columns, right);
      for (let j = 0; j < columns; j += TILE_COLUMNS) {
        const width = min(TILE_COLUMNS, columns - j);
        const b = right + ((<usize>(j * depth)) << 2);
        for (let row = 0; row < rows; row += TILE_ROWS) {
          const height = min(TILE_ROWS, rows - row);
          const whole = height == TILE_ROWS && width == TILE_COLUMNS;
          const c =
            p.filter + <usize>(run * p.length + firstRow + row) * cStep + ((<usize>(column + j)) << 2);
          const t = whole ? c : tile;
          const step = whole ? cStep : PANEL_ROW;
          const a = left + ((<usize>(row * depth)) << 2);
          tileOfColumns(a, 16, b, PANEL_ROW, depth, t, t + step, t + 2 * step, t + 3 * step, whole && start > 0);
          if (!whole) putPart(tile, height, width, c, c + cStep, c + 2 * cStep, c + 3 * cStep, start > 0);
        }
      }
    }
  }
}

/** [panel of four rows][k][4]. The last panel may hold numbers that follow its rows; they are never written to dW. */
function packWindows(windows: usize, depth: i32, rows: i32, target: usize): void {
  for (let row = 0; row < rows; row += TILE_ROWS) {
    const offset = (<usize>row) << 2;
    if (rows - row >= TILE_ROWS) {
      for (let k = 0; k < depth; k++) {
        v128.store(target, v128.load(load<usize>(windows + ((<usize>k) << 2)) + offset));
        target += 16;
      }
      continue;
    }
    for (let k = 0; k < depth; k++) {
      const from = load<usize>(windows + ((<usize>k) << 2)) + offset;
      for (let r = 0; r < TILE_ROWS; r++) {
        store<f32>(target, row + r < rows ? load<f32>(from + ((<usize>r) << 2)) : 0);
        target += 4;
      }
    }
  }
}

/** [panel of eight columns][k][8], the last one filled with zeros. */
function packGradient(dy: usize, step: usize, depth: i32, columns: i32, target: usize): void {
  for (let column = 0; column < columns; column += TILE_COLUMNS) {
    let from = dy + ((<usize>column) << 2);
    const whole = columns - column >= TILE_COLUMNS;
    for (let k = 0; k < depth; k++) {
      if (whole) {
        v128.store(target, v128.load(from));
        v128.store(target, v128.load(from, 16), 16);
      } else {
        for (let j = 0; j < TILE_COLUMNS; j++) {
          const value: f32 = column + j < columns ? load<f32>(from + ((<usize>j) << 2)) : 0;
          store<f32>(target + ((<usize>j) << 2), value);
        }
      }
      from += step;
      target += PANEL_ROW;
    }
  }
}

/** Task: one image of dx. `filter` holds the transpose of each run, [run][panel of length][filters][8]. */
export function inputGradient(p: ConvolutionArguments, image: i32, scratch: usize): void {
  const positions = p.outHeight * p.outWidth;
  const first = image * positions;
  const cStep = (<usize>p.filters) << 2;
  const panels = (p.length + TILE_COLUMNS - 1) / TILE_COLUMNS;
  const noOffset = scratch + 128;
  store<i32>(noOffset, 0);
  memory.fill(p.x + <usize>image * p.imageStep, 0, p.imageStep);

  for (let run = 0; run < p.runCount; run++) {
    const offset = <usize>load<i32>(p.runs + ((<usize>run) << 2));
    for (let panel = 0; panel < panels; panel++) {
      const b = p.filter + <usize>(run * panels + panel) * cStep * TILE_COLUMNS;
      const columns = min(TILE_COLUMNS, p.length - panel * TILE_COLUMNS);
      for (let i = 0; i < positions; i += TILE_ROWS) {
        const rows = min(TILE_ROWS, positions - i);
        const a = p.y + <usize>(first + i) * cStep;
        tileOfRuns(
          a,
          rows > 1 ? a + cStep : a,
          rows > 2 ? a + 2 * cStep : a,
          rows > 3 ? a + 3 * cStep : a,
          noOffset,
          1,
          p.filters,
          b,
          scratch,
          scratch + 32,
          scratch + 64,
          scratch + 96,
          false,
        );
        // Windows overlap, so the rows are added one after the other.
        for (let row = 0; row < rows; row++) {
          const target = windowOf(p, first + i + row) + offset + <usize>panel * PANEL_ROW;
          const from = scratch + <usize>row * PANEL_ROW;
          if (columns == TILE_COLUMNS) {
            v128.store(target, f32x4.add(v128.load(target), v128.load(from)));
            v128.store(target, f32x4.add(v128.load(target, 16), v128.load(from, 16)), 16);
          } else putPart(from, 1, columns, target, 0, 0, 0, true);
        }
      }
    }
  }
}
