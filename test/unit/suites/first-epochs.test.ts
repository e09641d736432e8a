import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { readRecords } from '../../../src/records/store.js';
import { percent } from '../../../src/stats/wording.js';

const ROOT = join(import.meta.dirname, '../../..');

interface Reference {
  readonly experiments: readonly {
    readonly recipe: { readonly id: string; readonly epochs: number };
    readonly runs: readonly { readonly curves: { readonly accuracy: readonly number[] } }[];
  }[];
}

/** Of one seed each, after every epoch. */
const pytorch = new Map(
  (
    JSON.parse(readFileSync(join(ROOT, 'reference/pytorch/results/full-cnn-first-epochs.json'), 'utf8')) as Reference
  ).experiments.map(({ recipe, runs }) => [recipe.id, runs.flatMap(({ curves }) => curves.accuracy)]),
);

test('docs/results.md has the first epochs of the CNNs as PyTorch and the records have them', async () => {
  const page = readFileSync(join(ROOT, 'docs/results.md'), 'utf8');
  const records = await readRecords(join(ROOT, 'results/published/cnn-first-epochs-wasm'));
  const wasm = new Map(
    records.map((record) => {
      if (record.outcome !== 'completed' || record.result.kind !== 'training') throw new Error(record.outcome);
      const { cell, result } = record;
      return [cell.experiment.replace(/@.*/, ''), result.curve.map(({ testAccuracy }) => testAccuracy)];
    }),
  );
  expect([...wasm.keys()].sort()).toEqual([...pytorch.keys()].sort());
  for (const [id, accuracies] of pytorch) {
    for (const [index, accuracy] of accuracies.entries()) {
      const own = wasm.get(id)?.[index];
      expect(page).toContain(
        `| ${id} | ${index + 1} | ${percent(accuracy)} | ${own === undefined ? '–' : percent(own)} |`,
      );
    }
  }
});
