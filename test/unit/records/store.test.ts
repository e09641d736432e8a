import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { SCHEMA_VERSION, type CellRecord } from '../../../src/core/record.js';
import { writeAtomically } from '../../../src/records/atomic.js';
import { captureEnvironment } from '../../../src/records/environment.js';
import { readRecords, recordPath, writeRecord } from '../../../src/records/store.js';

const record: CellRecord = {
  schemaVersion: SCHEMA_VERSION,
  cell: { experiment: 'mlp-1', backend: 'wasm', seed: 1, profile: 'smoke' },
  suite: 'mlp',
  recipeSha256: 'a'.repeat(64),
  startedAt: '2026-01-01T00:00:00.000Z',
  seconds: 1,
  environment: captureEnvironment(),
  outcome: 'crashed',
  reason: 'gone',
};

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'cnnbench-'));
  await mkdir(join(folder, 'records'));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

describe('the store of records', () => {
  test('reads back what it wrote, and leaves no other file', async () => {
    await writeRecord(folder, record);
    expect(await readRecords(folder)).toEqual([record]);
    expect(await readdir(join(folder, 'records'))).toEqual(['mlp-1.wasm.smoke.seed1.json']);
  });

  test('takes no temporary file of a killed run for a record', async () => {
    await writeFile(join(folder, 'records', 'mlp-1.wasm.smoke.seed1.json.4711.tmp'), '{"half');
    expect(await readRecords(folder)).toEqual([]);
  });

  test.each<[string, (text: string) => string, RegExp]>([
    ['cut short', (text) => text.slice(0, 100), /is not a record/],
    ['of another schema version', (text) => text.replace('"schemaVersion": 1', '"schemaVersion": 2'), /schemaVersion/],
    ['with a field that nobody knows', (text) => text.replace('"suite"', '"extra": 1, "suite"'), /extra/],
    ['with a number where a text belongs', (text) => text.replace('"gone"', '7'), /reason/],
    ['of another cell under this name', (text) => text.replace('"seed": 1', '"seed": 2'), /another cell/],
  ])('refuses a record %s', async (_, edit, message) => {
    const path = recordPath(folder, record.cell);
    await writeRecord(folder, record);
    await writeFile(path, edit(await readFile(path, 'utf8')));
    await expect(readRecords(folder)).rejects.toThrow(expect.objectContaining({ code: 'E_RECORD_INVALID' }));
    await expect(readRecords(folder)).rejects.toThrow(message);
  });

  test('a file that cannot be written is one error with a code, and nothing half-written', async () => {
    const path = join(folder, 'records', 'no', 'such', 'folder.json');
    await expect(writeAtomically(path, 'x')).rejects.toThrow(expect.objectContaining({ code: 'E_WRITE', exitCode: 2 }));
    expect(await readdir(join(folder, 'records'))).toEqual([]);
  });
});
