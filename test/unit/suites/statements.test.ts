import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { claimsPage, statements } from '../../../scripts/write-claims.js';
import { LEDGER } from '../../fixtures/ledger.js';

/** Folder of the decks' extracted texts, each named after its deck. They are not ours to publish, so a checkout has none. */
const TEXTS = process.env['CNNBENCH_DECK_TEXTS'];
const ROWS = statements();

test('every statement of the decks has a claim, a note or a reason, and every claim and note a statement', () => {
  const named = ROWS.flatMap(({ claims }) => claims);
  const ids = LEDGER.claims.map(({ id }) => id);
  expect({
    unknown: named.filter((id) => !ids.includes(id)),
    unnamed: ids.filter((id) => !named.includes(id)),
  }).toEqual({
    unknown: [],
    unnamed: [],
  });
  const notes = (LEDGER.notes ?? []).map(({ id }) => id);
  const noted = new Set(ROWS.flatMap(({ note }) => (note === '' ? [] : [note])));
  expect([...noted].sort()).toEqual(notes.toSorted());
  for (const row of ROWS) {
    expect(LEDGER.decks.map(({ id }) => id)).toContain(row.deck);
    expect([row.place, row.printed]).not.toContain('');
    for (const id of row.claims) expect(id.startsWith(`${row.deck}/`)).toBe(true);
    // A reason says why there is neither claim nor note.
    expect([row, (row.claims.length > 0 || row.note !== '') !== (row.reason !== '')]).toEqual([row, true]);
  }
});

test('no statement is listed twice', () => {
  const keys = ROWS.map(({ deck, place, printed }) => [deck, place, printed].join('\t'));
  expect(keys.filter((key, index) => keys.indexOf(key) !== index)).toEqual([]);
});

test('docs/claims.md counts them', () => {
  const page = readFileSync(new URL('../../../docs/claims.md', import.meta.url), 'utf8');
  expect(page).toBe(claimsPage(page, LEDGER));
});

test.runIf(TEXTS !== undefined)('each is printed in its deck', () => {
  const files = readdirSync(TEXTS!);
  const texts = new Map(
    LEDGER.decks.map(({ id }) => {
      const file = files.find((name) => name.startsWith(id));
      return [id, readFileSync(join(TEXTS!, file!), 'utf8').replaceAll(/\s+/g, ' ')];
    }),
  );
  const absent = ROWS.filter(({ deck, printed }) => {
    let from = 0;
    return !printed.split(' … ').every((part) => {
      const found = (texts.get(deck) ?? '').indexOf(part, from);
      from = found + part.length;
      return found >= 0;
    });
  });
  expect(absent).toEqual([]);
});
