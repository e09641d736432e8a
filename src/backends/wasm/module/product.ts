import type { KernelModule } from './kernel-module.js';

/** Columns of a panel of B; rows and columns of one task; scratch memory: as in assembly/product.ts. */
const TILE_COLUMNS = 8;
const TASK_ROWS = 64;
const TASK_COLUMNS = 256;
const SCRATCH = TASK_ROWS * 256 * 4 + 256;

/** A matrix on the heap, row-major, perhaps to be read transposed. */
export interface Matrix {
  readonly address: number;
  /** As the product sees it, after transposition. */
  readonly rows: number;
  readonly columns: number;
  readonly transposed: boolean;
}

/** C [rows of A, columns of B] = A B. */
export function multiply(module: KernelModule, a: Matrix, b: Matrix, c: number): void {
  const left = steps(a);
  module.withMemory([panelBytes(b.rows, b.columns)], (panels) => {
    pack(module, b, panels);
    module.run(
      'product',
      { a: a.address, aRowStep: left.row, aStep: left.column, b: panels, c, m: a.rows, n: b.columns, k: a.columns },
      Math.ceil(a.rows / TASK_ROWS) * Math.ceil(b.columns / TASK_COLUMNS),
      SCRATCH,
    );
  });
}

/** Bytes of a matrix in panels of eight columns. */
export function panelBytes(rows: number, columns: number): number {
  return 4 * rows * panelCount(columns) * TILE_COLUMNS;
}

export function panelCount(columns: number): number {
  return Math.ceil(columns / TILE_COLUMNS);
}

/** Copies a matrix into panels of eight columns, the last one filled up with zeros. */
export function pack(module: KernelModule, matrix: Matrix, target: number): void {
  const { row, column } = steps(matrix);
  const { address: source, rows, columns } = matrix;
  module.run('packPanel', { source, rowStep: row, columnStep: column, rows, columns, target }, panelCount(columns));
}

/** Bytes between two rows, and between two columns. */
function steps({ rows, columns, transposed }: Matrix): { row: number; column: number } {
  return transposed ? { row: 4, column: 4 * rows } : { row: 4 * columns, column: 4 };
}
