import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { calibrate, type CalibrateOptions } from '../../../../src/app/calibrate/calibrate.js';
import { calibrationDocument } from '../../../../src/app/calibrate/calibration-text.js';
import type { BackendDescription, TrainingResult } from '../../../../src/core/record.js';
import { readCalibration } from '../../../../src/records/calibration.js';
import type { CellEnd, CellJob } from '../../../../src/runner/parent/executor.js';
import { renderDocument } from '../../../../src/report/render.js';
import { completedTraining } from '../../../fixtures/records/build.js';
import { LEDGER } from '../../../fixtures/ledger.js';

const BACKEND: BackendDescription = {
  ...{ name: 'wasm', version: '4.22.0', device: 'script', threads: 1, variant: 'SIMD', ownKernels: [] },
};

let cacheDir: string;
beforeEach(async () => {
  cacheDir = await mkdtemp(join(tmpdir(), 'cnnbench-'));
});
afterEach(() => rm(cacheDir, { recursive: true, force: true }));

/** Runs with an executor that gives one speed after the other, or an end of its own. */
function calibrated(speeds: readonly (number | CellEnd)[], { perSide = 7, ...more }: Partial<CalibrateOptions> = {}) {
  const jobs: CellJob[] = [];
  let printed = '';
  const result = calibrate({
    ...{ experiment: LEDGER.training('mlp-1'), profile: 'quick', backend: 'wasm', software: false, perSide },
    ...{ timeoutMs: 1000, sources: new Map(), cacheDir, signal: new AbortController().signal },
    stream: { write: (text: string) => (printed += text) },
    async execute(job) {
      const next = speeds[jobs.length % speeds.length] ?? 1;
      jobs.push(job);
      return typeof next === 'number' ? { outcome: 'completed', backend: BACKEND, result: timed(next) } : next;
    },
    ...more,
  });
  return { result, jobs, printed: () => printed };
}

function timed(imagesPerSecond: number, more: { blocks?: number; seconds?: number } = {}): TrainingResult {
  const record = completedTraining({ experiment: 'mlp-1', accuracy: 0.8, imagesPerSecond });
  if (record.outcome !== 'completed' || record.result.kind !== 'training') throw new TypeError('no training');
  return { ...record.result, throughput: { ...record.result.throughput!, ...more } };
}

describe('calibrate', () => {
  test('runs the same cell in fresh processes, in the order ABBA', async () => {
    const { result, jobs, printed } = calibrated([1000, 1010, 1020, 990]);
    const { calibration } = await result;
    expect(new Set(jobs.map(({ cell }) => JSON.stringify(cell)))).toEqual(
      new Set([JSON.stringify({ experiment: 'mlp-1', backend: 'wasm', seed: 1, profile: 'quick' })]),
    );
    expect(calibration.runs.map(({ label }) => label).join('')).toBe('ABBAABBAABBAAB');
    expect(calibration.runs.slice(0, 4).map(({ imagesPerSecond }) => imagesPerSecond)).toEqual([1000, 1010, 1020, 990]);
    expect(printed()).toContain('[14/14] mlp-1 wasm seed 1');
  });

  test.each([7, 8, 9])('gives %d processes to each side', async (perSide) => {
    const { runs } = (await calibrated([1000], { perSide }).result).calibration;
    expect(['A', 'B'].map((side) => runs.filter(({ label }) => label === side).length)).toEqual([perSide, perSide]);
  });

  test('keeps what compare finds by the facts of the machine', async () => {
    const { calibration, path } = await calibrated([1000, 1010]).result;
    expect(await readCalibration(cacheDir, calibration.machine)).toEqual(calibration);
    expect(path.startsWith(cacheDir)).toBe(true);
    expect(calibration.machine).toMatchObject({ backend: 'wasm', threads: '1', variant: 'SIMD' });
  });

  test('says what it found', async () => {
    // Median 1005; deviations of 5 (eight times) and 15 (six times): 1.4826 x 5 / 1005.
    const found = await calibrated([1000, 1010, 1020, 990]).result;
    const { text } = renderDocument(calibrationDocument(found), 'terminal');
    expect(text).toContain('A 1,000, B 1,010, B 1,020, A 990');
    expect(text).toMatch(/^noise +0\.74%: /m);
    expect(text).toMatch(/^finds +a slow-down of 1\d% four times in five, with 7 processes per side$/m);
    expect(text).toMatch(/QUIET: changes of speed count from 10\.00% on\.\n$/);
  });

  test.each<[string, CellEnd, string]>([
    ['crashes', { outcome: 'crashed', reason: 'out of memory' }, 'crashed: out of memory'],
    ['is too short', { outcome: 'completed', result: timed(1000, { seconds: 2.9 }) }, '20 blocks and 2.9 s'],
    ['has too few steps', { outcome: 'completed', result: timed(1000, { blocks: 9 }) }, '9 blocks and 12.5 s'],
  ])('ends at the first process that %s, and keeps nothing', async (_, end, words) => {
    const { result, jobs } = calibrated([1000, { ...end, backend: BACKEND }]);
    await expect(result).rejects.toMatchObject({ code: 'E_NO_SPEED', message: expect.stringContaining(words) });
    expect(jobs).toHaveLength(2);
    expect(await readdir(cacheDir)).toEqual([]);
  });
});
