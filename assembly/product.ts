/** Matrix products, after Goto and van de Geijn, "Anatomy of High-Performance Matrix Multiplication" (2008). */
import { PANEL_ROW, putPart, TILE_COLUMNS, TILE_ROWS, tileOfColumns, tileOfRuns } from './tile';

/** Numbers of K that are multiplied before the next rows are taken: a panel of B, 8 KiB, stays in the first-level cache. */
const DEPTH = 256;
/** Rows of C in one task; their part of A, 64 KiB, stays in the second-level cache. */
const ROWS = 64;
/** Panels of B in one task. */
const PANELS = 32;

@unmanaged
export class PackArguments {
  source: usize;
  /** Bytes between two k, and between two columns. */
  rowStep: usize;
  columnStep: usize;
  rows: i32;
  columns: i32;
  target: usize;
}

/** Task: one panel. Packs B [rows, columns] as panels of 8 columns, [panel][row][8], the last one filled with zeros. */
export function packPanel(p: PackArguments, panel: i32): void {
  const first = panel * TILE_COLUMNS;
  const columns = min(TILE_COLUMNS, p.columns - first);
  const step = p.rowStep;
  let source = p.source + <usize>first * p.columnStep;
  let target = p.target + <usize>panel * <usize>p.rows * PANEL_ROW;
  if (columns == TILE_COLUMNS && p.columnStep == 4) {
    for (let row = 0; row < p.rows; row++) {
      v128.store(target, v128.load(source));
      v128.store(target, v128.load(source, 16), 16);
      source += step;
      target += PANEL_ROW;
    }
    return;
  }
  if (columns == TILE_COLUMNS && step == 4) {
    const whole = p.rows & ~3;
    for (let row = 0; row < whole; row += 4) {
      turn(source, p.columnStep, target);
      turn(source + 4 * p.columnStep, p.columnStep, target + 16);
      source += 16;
      target += 4 * PANEL_ROW;
    }
    packSlowly(source, 4, p.columnStep, p.rows - whole, columns, target);
    return;
  }
  packSlowly(source, step, p.columnStep, p.rows, columns, target);
}

/** Four columns of four numbers each, `step` apart, to four rows of a panel. */
@inline
function turn(source: usize, step: usize, target: usize): void {
  const c0 = v128.load(source);
  const c1 = v128.load(source + step);
  const c2 = v128.load(source + 2 * step);
  const c3 = v128.load(source + 3 * step);
  const low01 = i32x4.shuffle(c0, c1, 0, 4, 1, 5);
  const low23 = i32x4.shuffle(c2, c3, 0, 4, 1, 5);
  const high01 = i32x4.shuffle(c0, c1, 2, 6, 3, 7);
  const high23 = i32x4.shuffle(c2, c3, 2, 6, 3, 7);
  v128.store(target, i64x2.shuffle(low01, low23, 0, 2));
  v128.store(target + PANEL_ROW, i64x2.shuffle(low01, low23, 1, 3));
  v128.store(target + 2 * PANEL_ROW, i64x2.shuffle(high01, high23, 0, 2));
  v128.store(target + 3 * PANEL_ROW, i64x2.shuffle(high01, high23, 1, 3));
}

function packSlowly(source: usize, step: usize, columnStep: usize, rows: i32, columns: i32, target: usize): void {
  for (let row = 0; row < rows; row++) {
    let from = source;
    for (let column = 0; column < TILE_COLUMNS; column++) {
      store<f32>(target, column < columns ? load<f32>(from) : 0);
      from += columnStep;
      target += 4;
    }
    source += step;
  }
}

@unmanaged
export class ProductArguments {
  a: usize;
  /** Bytes between two rows of A, and between two k; one of them is 4. */
  aRowStep: usize;
  aStep: usize;
  /** B in panels. */
  b: usize;
  c: usize;
  m: i32;
  n: i32;
  k: i32;
}

/** Bytes that `product` needs beside its operands. */
export const PRODUCT_SCRATCH = ROWS * DEPTH * 4 + 256;

/** Task: 64 rows by 256 columns of C = A B. A is packed where its rows are not contiguous. */
export function product(p: ProductArguments, task: i32, scratch: usize): void {
  const across = (p.n + PANELS * TILE_COLUMNS - 1) / (PANELS * TILE_COLUMNS);
  const firstRow = (task / across) * ROWS;
  const rows = min(ROWS, p.m - firstRow);
  const firstPanel = (task % across) * PANELS;
  const panels = min(PANELS, (p.n + TILE_COLUMNS - 1) / TILE_COLUMNS - firstPanel);
  const tile = scratch + ROWS * DEPTH * 4;
  const noOffset = tile + 128;
  store<i32>(noOffset, 0);
  const cStep = (<usize>p.n) << 2;
  const packs = p.aStep != 4;

  for (let start = 0; start < p.k; start += DEPTH) {
    const depth = min(DEPTH, p.k - start);
    const a = p.a + <usize>firstRow * p.aRowStep + <usize>start * p.aStep;
    if (packs) packRows(a, p.aRowStep, p.aStep, rows, depth, scratch);
    for (let panel = firstPanel; panel < firstPanel + panels; panel++) {
      const b = p.b + (<usize>panel * <usize>p.k + <usize>start) * PANEL_ROW;
      const column = panel * TILE_COLUMNS;
      const columns = min(TILE_COLUMNS, p.n - column);
      for (let row = 0; row < rows; row += TILE_ROWS) {
        const height = min(TILE_ROWS, rows - row);
        const whole = height == TILE_ROWS && columns == TILE_COLUMNS;
        const c0 = p.c + <usize>(firstRow + row) * cStep + ((<usize>column) << 2);
        const step = whole ? cStep : PANEL_ROW;
        const t = whole ? c0 : tile;
        const accumulate = whole && start > 0;
        if (packs) {
          const from = scratch + <usize>row * <usize>depth * 4;
          tileOfColumns(from, 16, b, PANEL_ROW, depth, t, t + step, t + 2 * step, t + 3 * step, accumulate);
        } else {
          const a0 = a + <usize>row * p.aRowStep;
          const a1 = height > 1 ? a0 + p.aRowStep : a0;
          const a2 = height > 2 ? a1 + p.aRowStep : a0;
          const a3 = height > 3 ? a2 + p.aRowStep : a0;
          tileOfRuns(a0, a1, a2, a3, noOffset, 1, depth, b, t, t + step, t + 2 * step, t + 3 * step, accumulate);
        }
        if (!whole) putPart(tile, height, columns, c0, c0 + cStep, c0 + 2 * cStep, c0 + 3 * cStep, start > 0);
      }
    }
  }
}

/** Packs rows of A as panels of four, [panel][k][4], the last one filled with zeros. */
function packRows(a: usize, rowStep: usize, step: usize, rows: i32, depth: i32, target: usize): void {
  for (let row = 0; row < rows; row += TILE_ROWS) {
    let from = a + <usize>row * rowStep;
    if (rowStep == 4 && rows - row >= TILE_ROWS) {
      for (let k = 0; k < depth; k++) {
        v128.store(target, v128.load(from));
        from += step;
        target += 16;
      }
      continue;
    }
    for (let k = 0; k < depth; k++) {
      for (let r = 0; r < TILE_ROWS; r++) {
        store<f32>(target, row + r < rows ? load<f32>(from + <usize>r * rowStep) : 0);
        target += 4;
      }
      from += step;
    }
  }
}
