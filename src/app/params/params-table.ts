import type { LayerSummary, ModelSummary } from '../../model/summary.js';
import { markdown } from '../../report/escape.js';
import { markdownTable } from '../../report/markdown-table.js';
import { plainTable } from '../table.js';
import { treeOf, type TreeNode } from './tree.js';

export const PARAMS_FORMATS = ['table', 'markdown', 'json', 'csv'] as const;

/** Bytes of a float32. */
const VALUE_BYTES = 4;

const HEAD = ['layer', 'kind', 'kernel', 'output', 'parameters', 'of which biases', 'MACs', 'MiB'];
/** Columns of numbers. */
const FIRST_NUMBER = 4;
const INDENT = 2;

interface Row {
  readonly depth: number;
  readonly cells: readonly string[];
}

/** The layers as a tree with totals, and what the columns mean. */
export function paramsTable(model: ModelSummary): string {
  const rows = treeRows(model).map(({ depth, cells: [label = '', ...cells] }) => [
    `${' '.repeat(INDENT * depth)}${label}`,
    ...cells,
  ]);
  return [heading(model), '', plainTable(HEAD, rows, HEAD.slice(FIRST_NUMBER)), '', ...notes(model)].join('\n');
}

export function paramsMarkdown(model: ModelSummary): string {
  const rows = treeRows(model).map(({ depth, cells }) =>
    cells.map((cell, column) => `${column === 0 ? '&nbsp;'.repeat(INDENT * depth) : ''}${markdown(cell)}`),
  );
  const alignments = HEAD.map((_, column) => (column >= FIRST_NUMBER ? 'right' : 'left'));
  return [markdown(heading(model)), '', markdownTable(HEAD, rows, alignments), '', ...notes(model)].join('\n');
}

/** One line a layer with its whole path and exact numbers, for spreadsheets; no totals. RFC 4180. */
export function paramsCsv({ layers }: ModelSummary): string {
  const head = 'name,kind,kernel,stride,input,output,weights,biases,parameters,non_trainable,macs,activations,bytes';
  const lines = layers.map((layer) =>
    [
      layer.name,
      layer.kind,
      layer.window?.size.join('x') ?? '',
      layer.window?.stride.join('x') ?? '',
      layer.inputShape.join('x'),
      layer.outputShape.join('x'),
      layer.weights,
      layer.biases,
      layer.weights + layer.biases,
      layer.nonTrainable,
      layer.macs,
      layer.activations,
      layer.activations * VALUE_BYTES,
    ].map(csvCell),
  );
  return [head, ...lines.map((cells) => cells.join(','))].join('\n');
}

/** Quoted where it has to be; a leading apostrophe keeps a spreadsheet from running a name as a formula. */
function csvCell(value: string | number): string {
  const text = typeof value === 'string' && /^[=+\-@]/.test(value) ? `'${value}` : String(value);
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}

function heading({ title, input }: ModelSummary): string {
  return `${title}, input ${input.join(' x ')}`;
}

function notes({ layers, totals }: ModelSummary): string[] {
  const lines = [
    `float32: parameters ${mebibytes(totals.parameters)} MiB, activations of one example ${mebibytes(totals.activations)} MiB (forward pass, without the input)`,
  ];
  if (layers.some(({ name }) => name.includes('/'))) lines.push('in brackets: sums over the layers of a block');
  if (totals.nonTrainable > 0) {
    lines.push(
      `not counted: ${number(totals.nonTrainable)} running means and variances of normalisations, which are not trained`,
    );
  }
  return lines;
}

function treeRows({ layers, totals }: ModelSummary): Row[] {
  const { parameters, biases, macs, activations } = totals;
  const sums = ['total', '', '', '', number(parameters), number(biases), number(macs), mebibytes(activations)];
  return [...treeOf(layers).flatMap((node) => nodeRows(node, 0)), { depth: 0, cells: sums }];
}

function nodeRows(node: TreeNode, depth: number): Row[] {
  return [{ depth, cells: cellsOf(node) }, ...node.children.flatMap((child) => nodeRows(child, depth + 1))];
}

function cellsOf({ label, layer, inside }: TreeNode): string[] {
  if (layer === undefined && inside === undefined) return [label, 'identity', '', '', '', '', '', ''];
  const own = layer && [number(layer.weights + layer.biases), number(layer.biases), number(layer.macs)];
  const below = inside && [inside.parameters, inside.biases, inside.macs].map((value) => `(${number(value)})`);
  return [
    label,
    layer?.kind ?? '',
    layer === undefined ? '' : kernelText(layer),
    layer?.outputShape.join(' x ') ?? '',
    ...(below ?? own ?? []),
    layer === undefined ? '' : mebibytes(layer.activations),
  ];
}

/** `7x7/2`: kernel and stride; a stride of 1 is left out. */
function kernelText({ window }: LayerSummary): string {
  if (window === undefined) return '';
  const { size, stride } = window;
  if (stride[0] === 1 && stride[1] === 1) return size.join('x');
  return `${size.join('x')}/${stride[0] === stride[1] ? stride[0] : stride.join('x')}`;
}

function number(value: number): string {
  return value.toLocaleString('en-US');
}

function mebibytes(values: number): string {
  return ((values * VALUE_BYTES) / 2 ** 20).toFixed(2);
}
