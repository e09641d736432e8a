import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import { cellId } from '../../../src/core/cell.js';
import { summarySchema } from '../../../src/core/summary.js';
import { readRecords } from '../../../src/records/store.js';
import { recipeDigest } from '../../../src/ledger/recipe.js';
import { LEDGER } from '../../fixtures/ledger.js';

const PUBLISHED = fileURLToPath(new URL('../../../results/published/', import.meta.url));
const runs = existsSync(PUBLISHED) ? readdirSync(PUBLISHED).filter((name) => !name.includes('.')) : [];

describe.each(runs)('the published run %s', (name) => {
  const folder = join(PUBLISHED, name);

  test('has valid records, made by the recipes of this version', async () => {
    const records = await readRecords(folder);
    expect(records.length).toBeGreaterThan(0);
    for (const { cell, recipeSha256 } of records) {
      expect(recipeSha256).toBe(recipeDigest(LEDGER.experiment(cell.experiment), cell.profile));
    }
  });

  test('has a summary that leaves no record out, and judges claims by ids that this version has', async () => {
    const summary = summarySchema.parse(JSON.parse(readFileSync(join(folder, 'summary.json'), 'utf8')));
    const records = await readRecords(folder);
    expect(summary.cells).toHaveLength(records.length);
    const ids = new Set(LEDGER.claims.map(({ id }) => id));
    expect(summary.claims.map(({ id }) => id).filter((id) => !ids.has(id))).toEqual([]);
    const files = readdirSync(join(folder, 'records'));
    expect(records.map(({ cell }) => `${cellId(cell)}.json`).sort()).toEqual(files.sort());
  });
});
