import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { summarizeJson, SUPPORTED } from '../../../../src/model/json/summarize-json.js';

interface KerasModel {
  readonly parameters: number;
  readonly nonTrainable: number;
  /** Of the first output. */
  readonly output: readonly number[];
  readonly model: object;
}

/** What reference/keras/write_models.py wrote: models as Keras 3 saves them, with its own counts. */
const { models } = JSON.parse(readFileSync(new URL('../../../fixtures/keras-3.json', import.meta.url), 'utf8')) as {
  readonly models: Readonly<Record<string, KerasModel>>;
};

test.each(Object.entries(models))('%s has the count and the output that Keras 3 gives it', (_, keras) => {
  const { totals, layers, output } = summarizeJson(JSON.stringify(keras.model));
  expect(totals).toMatchObject({ parameters: keras.parameters, nonTrainable: keras.nonTrainable });
  expect(output).toEqual(keras.output);
  expect(new Set(layers.map(({ name }) => name)).size).toBe(layers.length);
});

test('docs/params.md lists the classes that can be counted, and no others', () => {
  const page = readFileSync(new URL('../../../../docs/params.md', import.meta.url), 'utf8');
  const table = page.slice(page.indexOf('| kind | classes |')).split('\n\n')[0] ?? '';
  const listed = table.match(/\b[A-Z]\w+\b/g) ?? [];
  expect([...listed].sort()).toEqual([...SUPPORTED].sort());
});
