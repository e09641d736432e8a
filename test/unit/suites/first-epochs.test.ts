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
function accuraciesIn(name: string): ReadonlyMap<string, readonly number[]> {
  const text = readFileSync(join(ROOT, `reference/pytorch/results/${name}.json`), 'utf8');
  const { experiments } = JSON.parse(text) as Reference;
  return new Map(experiments.map(({ recipe, runs }) => [recipe.id, runs[0]?.curves.accuracy ?? []]));
}

const PAGE = readFileSync(join(ROOT, 'docs/results.md'), 'utf8');

const pytorch = accuraciesIn('full-cnn-first-epochs');

test('docs/results.md has the CNNs on a GPU as the files have them', () => {
  const [heldOut, tested] = [accuraciesIn('validation-gpu'), accuraciesIn('full-cnn-gpu')];
  const rows = [...PAGE.matchAll(/^\| (cnn-\d) \| (\d+) \| (\S+) \| (\S+) \|$/gm)].filter(
    ([, , epoch]) => Number(epoch) >= 50,
  );
  expect(rows).toHaveLength(10);
  for (const [, id = '', epoch, ...cells] of rows) {
    const at = (curve: readonly number[] | undefined) => curve?.[Number(epoch) - 1];
    const shown = [at(heldOut.get(id)), at(tested.get(id))].map((it) => (it === undefined ? '–' : percent(it)));
    expect(cells).toEqual(shown);
  }
});

test('docs/results.md has the first epochs of the CNNs as PyTorch and the records have them', async () => {
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
      expect(PAGE).toContain(
        `| ${id} | ${index + 1} | ${percent(accuracy)} | ${own === undefined ? '–' : percent(own)} |`,
      );
    }
  }
});
