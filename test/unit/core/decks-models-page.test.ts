import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { LOSSES } from '../../../src/core/experiment.js';
import { NAMED_INITIALISATIONS } from '../../../src/core/initialisation.js';
import { singleLayerSchema } from '../../../src/core/model.js';
import { optimizerSchema, scheduleSchema } from '../../../src/core/optimizer.js';

const page = readFileSync(new URL('../../../docs/decks-models.md', import.meta.url), 'utf8');

test('docs/decks-models.md has every layer, optimizer, schedule, loss and initialisation', () => {
  const words = [
    ...singleLayerSchema.options.flatMap(({ shape: { kind } }) =>
      'options' in kind ? kind.options : [...kind.values],
    ),
    ...optimizerSchema.options.flatMap(({ shape }) => [...shape.name.values]),
    ...scheduleSchema.options.flatMap(({ shape }) => [...shape.kind.values]),
    ...LOSSES,
    ...NAMED_INITIALISATIONS,
  ];
  // The global poolings of sequences stand as "both with `1d`".
  const missing = words.filter((word) => !page.includes(`\`${word}\``) && !/^global-.*1d$/.test(word));
  expect(missing).toEqual([]);
});
