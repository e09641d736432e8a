import * as layers from '@tensorflow/tfjs-layers';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Tf } from '../../src/backends/tfjs.js';
import { startTunedWasm, type TunedWasm } from '../../src/backends/wasm/tuned.js';
import { LAYER_ROWS, type LayerRow } from './layer-rows.js';
import { relativeError } from './numbers.js';
import { testTable } from './table.js';
import { trainLayer, type Trained } from './trained-layer.js';
import '@tensorflow/tfjs-backend-cpu';

const TOLERANCE = 2e-6;
/** Differences in float32, and the kinks of a ReLU. */
const DIFFERENCES = 2e-2;

/** Other names of layers in the table, as tfjs has them. */
const ALIASES = {
  averagePooling1d: ['avgPool1d', 'avgPooling1d'],
  averagePooling2d: ['avgPool2d', 'avgPooling2d'],
  averagePooling3d: ['avgPool3d', 'avgPooling3d'],
  globalMaxPooling1d: ['globalMaxPool1d'],
  globalMaxPooling2d: ['globalMaxPool2d'],
  maxPooling1d: ['maxPool1d'],
  maxPooling2d: ['maxPool2d'],
};
/** What is no layer by itself: base classes, the function `input`, and a cell that only its layer can apply. */
const OTHERS = ['Layer', 'RNN', 'RNNCell', 'input', 'convLstm2dCell'];

test('every layer of tfjs-layers is in the table', () => {
  const known = [...LAYER_ROWS.map(({ name }) => name), ...Object.values(ALIASES).flat(), ...OTHERS];
  expect(Object.keys(layers.layers).filter((name) => !known.includes(name))).toEqual([]);
});

/** The oracle's, by row. */
const oracles = new Map<LayerRow, Promise<Trained | string>>();
function oracleOf(tf: Tf, row: LayerRow): Promise<Trained | string> {
  const known = oracles.get(row) ?? attempt(tf, 'cpu', row);
  oracles.set(row, known);
  return known;
}

/** What comes out, or what the layer says instead. */
async function attempt(tf: Tf, backend: string, row: LayerRow): Promise<Trained | string> {
  try {
    return await trainLayer(tf, layers, backend, row);
  } catch (error) {
    return (error as Error).message;
  }
}

function largestError(found: readonly Float32Array[], wanted: readonly Float32Array[]): number {
  return Math.max(0, ...wanted.map((values, index) => relativeError(found[index] ?? new Float32Array(), values)));
}

/** Empty where it is right, or tfjs refuses it in the same words on both backends. */
interface Verdict {
  readonly forward: string;
  readonly training: string;
}

/** Holds a layer on wasm to the oracle, and its gradients to differences. */
async function judge(tf: Tf, row: LayerRow): Promise<Verdict> {
  const [wanted, found] = [await oracleOf(tf, row), await attempt(tf, 'wasm', row)];
  if (typeof wanted === 'string' || typeof found === 'string') {
    const isRefused = [wanted, found].every((said) => typeof said === 'string' && row.refused?.test(said));
    return isRefused ? { forward: '', training: '' } : { forward: messageOf(found), training: messageOf(found) };
  }
  const forward = largestError([found.output], [wanted.output]) <= TOLERANCE ? '' : 'wrong';
  if (row.refused !== undefined) {
    const isRefused = [wanted, found].every(({ failure }) => failure !== undefined && row.refused?.test(failure));
    return { forward, training: isRefused ? '' : messageOf(found) };
  }
  if (found.failure !== undefined) return { forward, training: messageOf(found) };
  const agrees =
    row.mistaken !== undefined ||
    (largestError(found.gradients, wanted.gradients) <= TOLERANCE &&
      largestError(found.weights, wanted.weights) <= TOLERANCE);
  return { forward, training: agrees && found.gradientError < DIFFERENCES ? '' : 'wrong' };
}

/** In a word: the kernel that is missing, or that it is something else. */
function messageOf(found: Trained | string): string {
  const said = typeof found === 'string' ? found : (found.failure ?? 'not refused');
  const kernel = /Kernel '(\w+)' not registered/.exec(said)?.[1];
  return kernel === undefined ? said : `no ${kernel}`;
}

/** What came out, by kernels and row. */
const verdicts = new Map<string, Map<LayerRow, Verdict>>();

describe.for(['module', 'xnnpack', 'stock'] as const)('%s', (kernels) => {
  let tuned: TunedWasm;
  let tf: Tf;
  const of = new Map<LayerRow, Verdict>();
  beforeAll(async () => {
    verdicts.set(kernels, of);
    tuned = await startTunedWasm({ kernels: kernels === 'xnnpack' ? 'xnnpack' : 'module' });
    if (kernels === 'stock') await tuned.stop();
    ({ tf } = tuned);
  });
  afterAll(() => tuned.stop());

  const sample = kernels === 'module' ? 4 : 0;
  testTable(
    LAYER_ROWS.map((row) => [`${row.name}: ${row.variant}`, row] as const),
    { every: sample },
    '%s',
    async ([, row]) => {
      const verdict = await judge(tf, row);
      of.set(row, verdict);
      if (kernels !== 'stock') expect(verdict).toEqual({ forward: '', training: '' });
    },
  );

  test('those that were not tried above, for the table', { tags: 'slow' }, async () => {
    for (const row of LAYER_ROWS) if (!of.has(row)) of.set(row, await judge(tf, row));
  });

  test('what is said to be a mistake of the pure-JavaScript gradient is one', { tags: 'slow' }, async () => {
    for (const row of LAYER_ROWS.filter(({ mistaken }) => mistaken !== undefined)) {
      const oracle = (await oracleOf(tf, row)) as Trained;
      expect(oracle.failure !== undefined || !(oracle.gradientError < DIFFERENCES), `${row.name}: ${row.variant}`).toBe(
        true,
      );
    }
  });
});

test('results/wasm/layers.csv has them all', { tags: 'slow' }, async () => {
  const names = [...new Set(LAYER_ROWS.map(({ name }) => name))];
  const lines = names.map((name) => {
    const rows = LAYER_ROWS.filter((row) => row.name === name);
    const cell = (kernels: string, part: keyof Verdict) =>
      summary(rows, (row) => verdicts.get(kernels)?.get(row)?.[part] ?? '');
    const refused = rows.filter((row) => row.refused !== undefined).map(({ variant }) => variant);
    const ours = [...new Set([cell('module', 'training'), cell('xnnpack', 'training')])].join('; ');
    return [
      [name, ...((ALIASES as Record<string, string[]>)[name] ?? [])].join(' '),
      rows.map(({ variant }) => variant).join('; '),
      cell('stock', 'forward'),
      cell('stock', 'training'),
      refused.length > 0 ? `${ours}, but tfjs refuses: ${refused.join('; ')}` : ours,
    ];
  });
  const header = ['layer', 'tried', 'stock forward', 'stock trained', 'ours'];
  const quoted = (text: string) => (/[",]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text);
  const table = [header, ...lines].map((cells) => `${cells.map(quoted).join(',')}\n`).join('');
  await expect(table).toMatchFileSnapshot('../../results/wasm/layers.csv');
});

/** `ok`, or what is wrong with which variants. */
function summary(rows: readonly LayerRow[], of: (row: LayerRow) => string): string {
  const faults = new Map<string, string[]>();
  for (const row of rows) if (of(row) !== '') faults.set(of(row), [...(faults.get(of(row)) ?? []), row.variant]);
  const all = [...faults].map(([fault, variants]) =>
    variants.length === rows.length ? fault : `${fault}: ${variants.join('; ')}`,
  );
  return all.join('. ') || 'ok';
}
