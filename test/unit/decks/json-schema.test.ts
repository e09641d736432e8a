import { expect, test } from 'vitest';
import { parse } from 'yaml';
import { z } from 'zod';
import { deckJsonSchema } from '../../../src/decks/json-schema.js';
import { complaints, deckText, MODEL } from './deck.js';

const schema = z.fromJSONSchema(deckJsonSchema() as Parameters<typeof z.fromJSONSchema>[0]);
const accepts = (text: string) => schema.safeParse(parse(text)).success;

test('schema/deck-1.json is the schema that decks are validated by', async () => {
  await expect(`${JSON.stringify(deckJsonSchema(), undefined, 2)}\n`).toMatchFileSnapshot(
    '../../../schema/deck-1.json',
  );
});

const claim = (rest: string) => deckText({ claims: `  - { id: n, place: p, printed: "1", ${rest} }` });
const RIGHT = [
  deckText({}),
  deckText({ more: 'x-mine: { a: 1 }' }),
  claim('count: { model: mlp, layer: dense1, what: weights }'),
  claim('tolerance: { from: "1", to: "200K", reason: a plot }, count: { model: mlp, what: parameters }'),
  deckText({ models: `{ mlp: ${MODEL}, two: { input: [3], layers: [{ add: [[{ dense: 3 }, relu], []] }] } }` }),
];
const WRONG = [
  claim('count: { model: mlp, what: params }'),
  claim('counts: { model: mlp, what: parameters }'),
  claim('lower: a'),
  deckText({ models: '{ mlp: { input: [3], layers: [{ dense: ten }] } }' }),
  deckText({ models: '{ mlp: { input: [3], layers: [denss] } }' }),
  deckText({ more: 'mine: 1' }),
  'schemaVersion: 2',
];

test.each(RIGHT.map((text, index) => [index + 1, text]))(
  'an editor takes right deck %d, as the reader does',
  async (_, text) => {
    expect([accepts(text), await complaints(text)]).toEqual([true, 'none']);
  },
);

test.each(WRONG.map((text, index) => [index + 1, text]))(
  'an editor marks wrong deck %d, as the reader does',
  async (_, text) => {
    expect(accepts(text)).toBe(false);
    expect(await complaints(text)).toContain('E_DECK_FIELD');
  },
);
