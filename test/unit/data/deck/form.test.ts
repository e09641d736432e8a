import { expect, test } from 'vitest';
import { deckDataSchema } from '../../../../src/core/deck-data.js';
import { CATALOG } from '../../../../src/data/catalog.js';
import { deckDataset } from '../../../../src/data/catalog-entry.js';
import { countsIn, formOfDeckData } from '../../../../src/data/deck/form.js';
import { estimateSeconds } from '../../../../src/plan/estimate.js';
import { LEDGER } from '../../../fixtures/ledger.js';

const form = (source: object, change: object = {}) =>
  formOfDeckData(deckDataSchema.parse({ name: 'd', title: 'D', scale: { divide: 1 }, source, ...change }));
const folder = { format: 'image-folder', train: 'a', test: 'b' };

test.each([
  [
    { format: 'built-in', set: 'mnist' },
    {},
    { imageShape: [28, 28, 1], classes: 10, counts: { train: 60_000, test: 10_000 } },
  ],
  [
    { format: 'built-in', set: 'cifar-100', labels: 'coarse' },
    { prepare: { channels: 1, pad: [1, 1, 1, 1] } },
    { imageShape: [34, 34, 1], classes: 20, counts: { train: 50_000, test: 10_000 } },
  ],
  [{ format: 'built-in', set: 'imagenet' }, {}, {}],
  [folder, {}, {}],
  [folder, { classes: 7, prepare: { resize: [32, 40] } }, { classes: 7 }],
  [
    folder,
    { classes: ['a', 'b'], prepare: { channels: 3, resize: [32, 40] } },
    { classes: 2, imageShape: [32, 40, 3] },
  ],
  [{ format: 'cifar-10', train: ['a'], test: ['b'] }, {}, { imageShape: [32, 32, 3] }],
  [
    { format: 'csv', header: true, label: 'first', shape: [8, 9, 1], train: ['a'], test: ['b'] },
    { prepare: { pad: [0, 1, 2, 3] } },
    { imageShape: [9, 14, 1] },
  ],
])('%j %j is known to be %j before a file is read', (source, change, known) => {
  expect(form(source, change)).toEqual(known);
});

test('the plan of a run knows the sizes of a deck of its own', () => {
  const data = deckDataSchema.parse({
    ...{ name: 'ml101.digits', title: 'D', scale: { divide: 1 } },
    source: { format: 'built-in', set: 'mnist' },
  });
  const countsOf = countsIn([CATALOG['cifar-10'], deckDataset(data, '/nowhere')]);
  expect(countsOf('ml101.digits')).toEqual({ train: 60_000, test: 10_000 });
  expect(countsOf('cifar-10')).toBeUndefined();
  const experiment = { kind: 'data', id: 'd', title: 'd', suite: 'data', dataset: 'ml101.digits' } as const;
  const training = { ...LEDGER.training('mlp-1'), dataset: 'ml101.digits' };
  const small = () => ({ train: 100, test: 10 });
  expect(estimateSeconds(training, 'wasm', 'full', false, small)).toBeLessThan(
    estimateSeconds(training, 'wasm', 'full', false, countsOf),
  );
  expect(estimateSeconds(experiment, 'wasm', 'full', false, countsOf)).toBeGreaterThan(0);
});
