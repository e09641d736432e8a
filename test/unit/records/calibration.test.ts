import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Calibration } from '../../../src/core/calibration.js';
import { machineFacts } from '../../../src/core/machine.js';
import { calibrationPath, readCalibration, writeCalibration } from '../../../src/records/calibration.js';
import { ENVIRONMENT } from '../../fixtures/records/build.js';

const machine = { ...machineFacts(ENVIRONMENT), backend: 'wasm' };
const CALIBRATION: Calibration = {
  ...{ schemaVersion: 1, calibratedAt: '2026-01-02T03:04:05.000Z', cnnbench: '0.1.0', machine },
  ...{ backend: 'wasm', experiment: 'mlp-1', profile: 'quick' },
  runs: [
    { label: 'A', imagesPerSecond: 1000 },
    { label: 'B', imagesPerSecond: 1010 },
  ],
};

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'cnnbench-'));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

describe('a calibration', () => {
  test('is nothing before there is one', async () => {
    expect(await readCalibration(folder, { ...machine, cores: '64' })).toBeUndefined();
  });

  test('is kept for its machine and backend, whatever the order of the facts', async () => {
    const path = await writeCalibration(folder, CALIBRATION);
    expect(path).toBe(calibrationPath(folder, machine));
    const reordered = Object.fromEntries(Object.entries(machine).toReversed());
    expect(await readCalibration(folder, reordered)).toEqual(CALIBRATION);
    expect(await readCalibration(folder, { ...machine, backend: 'cpu' })).toBeUndefined();
  });

  test('is replaced by the next one', async () => {
    const later = { ...CALIBRATION, calibratedAt: '2026-02-02T03:04:05.000Z' };
    await writeCalibration(folder, later);
    expect(await readCalibration(folder, machine)).toEqual(later);
  });

  test.each([
    ['damaged', '{"schemaVersion": 1,'],
    ['of another version', JSON.stringify({ ...CALIBRATION, schemaVersion: 2 })],
    ['without runs', JSON.stringify({ ...CALIBRATION, runs: [] })],
    [
      'of an impossible speed',
      JSON.stringify({ ...CALIBRATION, runs: CALIBRATION.runs.map((run) => ({ ...run, imagesPerSecond: 0 })) }),
    ],
    ['of another machine', JSON.stringify({ ...CALIBRATION, machine: { ...machine, cores: '64' } })],
  ])('that is %s is refused', async (_, text) => {
    await writeCalibration(folder, CALIBRATION);
    await writeFile(calibrationPath(folder, machine), text);
    await expect(readCalibration(folder, machine)).rejects.toMatchObject({ code: 'E_RECORD_INVALID' });
  });

  test('cannot be written where a file stands in the way of its folder', async () => {
    const blocked = join(folder, 'file');
    await writeFile(blocked, '');
    await expect(writeCalibration(blocked, CALIBRATION)).rejects.toMatchObject({ code: 'E_WRITE' });
    expect(await readFile(blocked, 'utf8')).toBe('');
  });
});
