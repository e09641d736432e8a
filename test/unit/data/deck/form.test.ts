import { expect, test } from 'vitest';
import { deckDataSchema } from '../../../../src/core/deck-data.js';
import { formOfDeckData } from '../../../../src/data/deck/form.js';

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
