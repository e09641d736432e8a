import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import type { CellRecord } from '../../../../src/core/record.js';
import type { BackendName } from '../../../../src/core/cell.js';
import { planCells } from '../../../../src/plan/plan.js';
import { captureEnvironment } from '../../../../src/records/environment.js';
import { writeRecord } from '../../../../src/records/store.js';
import { jobFor } from '../../../../src/runner/parent/resume.js';
import { splitByRecords } from '../../../../src/app/run/split-by-records.js';
import { runCells } from '../../../../src/runner/parent/run-cells.js';
import { temporaryFolder } from '../../../fixtures/temporary-folder.js';
import { LEDGER } from '../../../fixtures/ledger.js';

const planOn = (backend: BackendName) => planCells([LEDGER.experiment('lenet-5')], [backend], [1], 'smoke');
const NO_DATA = new Map();

/** A folder with the record of one architecture, made with or without --wasm-fma. */
async function folderOf(backend: BackendName, fma: boolean): Promise<{ folder: string; record: CellRecord }> {
  const folder = await temporaryFolder();
  await mkdir(join(folder, 'records'));
  const layer = { name: 'd', kind: 'Dense', outputShape: [1], weights: 1, biases: 0 };
  const [record] = await runCells(planOn(backend).cells, {
    execute: async () => ({ outcome: 'completed', result: { kind: 'architecture', parameters: 1, layers: [layer] } }),
    jobFor: jobFor(NO_DATA, { fma, trace: false, timeoutMs: 1000 }),
    environment: captureEnvironment(),
    save: (each) => writeRecord(folder, each),
    observer: {
      onCellStart: () => ({
        onStart: () => undefined,
        onNotice: () => undefined,
        onStep: () => undefined,
        onEpoch: () => undefined,
      }),
      onCellEnd: () => undefined,
    },
    signal: new AbortController().signal,
    now: () => new Date(),
    monotonic: () => performance.now(),
  });
  return { folder, record: record as CellRecord };
}

test('records say --wasm-fma on the backend whose bits it changes only', async () => {
  expect((await folderOf('wasm', true)).record.fma).toBe(true);
  expect((await folderOf('wasm', false)).record).not.toHaveProperty('fma');
  expect((await folderOf('js', true)).record).not.toHaveProperty('fma');
});

describe('a folder with records', () => {
  test.each([
    [true, false],
    [false, true],
  ])('made with fma %s refuses a run with fma %s', async (made, wanted) => {
    const { folder } = await folderOf('wasm', made);
    await expect(splitByRecords(planOn('wasm'), folder, NO_DATA, { fma: wanted })).rejects.toMatchObject({
      code: 'E_OUT_FOREIGN',
      message: expect.stringMatching(/lenet-5\.wasm\.smoke\.seed0\.json was made with(out)? --wasm-fma/),
    });
    const { todo } = await splitByRecords(planOn('js'), folder, NO_DATA, { fma: wanted });
    expect(todo).toHaveLength(1);
  });

  test.each<[BackendName, boolean, boolean]>([
    ['wasm', true, true],
    ['wasm', false, false],
    ['js', false, true],
  ])('of %s, made with fma %s, goes on with fma %s', async (backend, made, wanted) => {
    const { folder } = await folderOf(backend, made);
    const { done } = await splitByRecords(planOn(backend), folder, NO_DATA, { fma: wanted });
    expect(done).toHaveLength(1);
  });
});
