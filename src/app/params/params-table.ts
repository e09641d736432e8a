import type { LayerSummary, ModelSummary } from '../../model/summary.js';
import { digits, number, text } from '../../report/cells.js';
import { csvTable } from '../../report/csv.js';
import { table, type Block, type Cell, type ColumnOf } from '../../report/document.js';
import { treeOf, type TreeNode } from './tree.js';

export const PARAMS_FORMATS = ['table', 'markdown', 'json', 'csv'] as const;

/** Bytes of a float32. */
const VALUE_BYTES = 4;

/** A line of the table: a layer, a block with the sums over its layers, or the sums over all. */
interface Line {
  readonly depth: number;
  readonly label: string;
  readonly layer?: LayerSummary;
  readonly sums?: Sums;
  /** Whether these are sums over what is below. */
  readonly inside?: boolean;
  /** Values, where it has an output. */
  readonly activations?: number;
}

interface Sums {
  readonly parameters: number;
  readonly biases: number;
  readonly macs: number;
}

const COLUMNS: readonly ColumnOf<Line>[] = [
  { head: 'layer', cell: ({ label }) => text(label) },
  { head: 'kind', cell: ({ layer, sums }) => text(layer?.kind ?? (sums === undefined ? 'identity' : '')) },
  { head: 'kernel', cell: ({ layer }) => text(layer === undefined ? '' : kernelText(layer)) },
  { head: 'output', cell: ({ layer }) => text(layer?.outputShape.join(' x ') ?? '') },
  { head: 'parameters', align: 'right', cell: (line) => sumCell(line, 'parameters') },
  { head: 'of which biases', align: 'right', cell: (line) => sumCell(line, 'biases') },
  { head: 'MACs', align: 'right', cell: (line) => sumCell(line, 'macs') },
  {
    head: 'MiB',
    align: 'right',
    cell: ({ activations }) =>
      activations === undefined ? text('') : digits(activations * VALUE_BYTES, mebibytes(activations), 'bytes'),
  },
];

/** The layers as a tree with totals, and what the columns mean. */
export function layerTable({ layers, totals }: ModelSummary): readonly Block[] {
  const lines: readonly Line[] = [
    ...treeOf(layers).flatMap((node) => linesOf(node, 0)),
    { depth: 0, label: 'total', sums: totals, activations: totals.activations },
  ];
  return table(COLUMNS, lines, { footnotes: notes({ layers, totals }), rowOf: ({ depth }) => ({ depth }) });
}

/** One line a layer with its whole path and exact numbers, for spreadsheets; no totals. */
export function paramsCsv({ layers }: ModelSummary): string {
  const head = 'name,kind,kernel,stride,input,output,weights,biases,parameters,non_trainable,macs,activations,bytes';
  const rows = layers.map((layer) => [
    ...[layer.name, layer.kind, layer.window?.size.join('x'), layer.window?.stride.join('x')],
    ...[layer.inputShape.join('x'), layer.outputShape.join('x')],
    ...[layer.weights, layer.biases, layer.weights + layer.biases, layer.nonTrainable],
    ...[layer.macs, layer.activations, layer.activations * VALUE_BYTES],
  ]);
  return csvTable(head.split(','), rows, '\n').trimEnd();
}

function notes({ layers, totals }: Pick<ModelSummary, 'layers' | 'totals'>): readonly string[] {
  return [
    `float32: parameters ${mebibytes(totals.parameters)} MiB, activations of one example ${mebibytes(totals.activations)} MiB (forward pass, without the input)`,
    ...(layers.some(({ name }) => name.includes('/')) ? ['in brackets: sums over the layers of a block'] : []),
    ...(totals.nonTrainable > 0
      ? [
          `not counted: ${totals.nonTrainable.toLocaleString('en-US')} running means and variances of normalisations, which are not trained`,
        ]
      : []),
  ];
}

function linesOf(node: TreeNode, depth: number): readonly Line[] {
  const { label, layer, inside, children } = node;
  const own = layer && { parameters: layer.weights + layer.biases, biases: layer.biases, macs: layer.macs };
  const sums = inside ?? own;
  return [
    {
      ...{ depth, label, inside: inside !== undefined },
      ...(layer && { layer, activations: layer.activations }),
      ...(sums && { sums }),
    },
    ...children.flatMap((child) => linesOf(child, depth + 1)),
  ];
}

function sumCell({ sums, inside = false }: Line, what: keyof Sums): Cell {
  if (sums === undefined) return text('');
  const cell = number(sums[what], what);
  return inside ? { ...cell, text: `(${cell.text})` } : cell;
}

/** `7x7/2`: kernel and stride; a stride of 1 is left out. */
function kernelText({ window }: LayerSummary): string {
  if (window === undefined) return '';
  const { size, stride } = window;
  if (stride[0] === 1 && stride[1] === 1) return size.join('x');
  return `${size.join('x')}/${stride[0] === stride[1] ? stride[0] : stride.join('x')}`;
}

function mebibytes(values: number): string {
  return ((values * VALUE_BYTES) / 2 ** 20).toFixed(2);
}
