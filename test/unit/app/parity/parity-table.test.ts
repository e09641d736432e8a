import { describe, expect, test } from 'vitest';
import { parityDocument, summarizeParity } from '../../../../src/app/parity/parity-table.js';
import type { BackendName } from '../../../../src/core/cell.js';
import { compare } from '../../../../src/parity/difference.js';
import { EXACT } from '../../../../src/parity/bounds.js';
import { renderDocument } from '../../../../src/report/render.js';
import type { RungResult } from '../../../../src/parity/ladder.js';

function result(backend: BackendName, rung: RungResult['rung'], loss: number): RungResult {
  const tensor = (value: number) => ({ name: 'losses', shape: [1], values: Float32Array.of(value) });
  const comparison = compare('losses', tensor(loss), tensor(1), EXACT);
  const steps = rung === 'golden' ? { steps: 1, narrow: true as const } : {};
  const outcome = comparison.agrees ? 'agrees' : 'diverges';
  return { backend, rung, experiment: 'cnn-2', ...steps, outcome, comparisons: [comparison] };
}

const table = (backend: BackendName, ...results: readonly RungResult[]) =>
  renderDocument(
    parityDocument({ backends: [summarizeParity(backend, undefined, results)], seed: 1, data: [] }),
    'terminal',
    {
      width: 400,
    },
  )
    .text.split('\n\n')[0]
    ?.split('\n') ?? [];

describe('the table of a backend', () => {
  test('says what it was held against, and how many steps were replayed', () => {
    const lines = table('wasm', result('wasm', 'steps', 1), result('wasm', 'golden', 1));
    expect(lines[0]).toBe('wasm against js and PyTorch');
    expect(lines.at(-2)).toMatch(/^golden +cnn-2 \(narrow twin\), 1 step +1 .* agrees$/);
    expect(lines.at(-1)).toBe('wasm agrees with js and PyTorch on 2 comparisons');
    expect(table('wasm', result('wasm', 'golden', 1)).at(-1)).toBe('wasm agrees with PyTorch on 1 comparison');
    expect(table('wasm', result('wasm', 'steps', 1)).at(-1)).toBe('wasm agrees with js on 1 comparison');
  });

  test('names an oracle that disagrees with PyTorch as such, and a backend as a backend', () => {
    const lines = table('js', result('js', 'golden', 1.5));
    expect(lines[0]).toBe('js, the oracle, against PyTorch');
    expect(lines.at(-1)).toMatch(
      /^js, the oracle, disagrees with PyTorch: golden: losses of cnn-2 \(narrow twin\), 1 step:/,
    );
    expect(table('wasm', result('wasm', 'golden', 1.5)).at(-1)).toMatch(/^wasm: FIRST divergence: golden: losses of /);
  });
});
