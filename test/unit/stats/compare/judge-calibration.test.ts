import { describe, expect, test } from 'vitest';
import { randomStream, type RandomStream } from '../../../../src/core/random.js';
import { judgeCalibration, type CalibrationRun } from '../../../../src/stats/compare/judge-calibration.js';
import { judgeSpeeds } from '../../../../src/stats/compare/speed-rule.js';

const stream = (seed = 1) => randomStream('test/calibrate', seed, 'resample');

/** Sixteen processes in the order ABBA, with these speeds. */
function runsOf(speedAt: (index: number) => number): CalibrationRun[] {
  return Array.from({ length: 16 }, (_, index) => ({
    label: (['A', 'B', 'B', 'A'] as const)[index % 4] as 'A' | 'B',
    imagesPerSecond: speedAt(index),
  }));
}

/** Standard normal: Box and Muller (1958). */
const normal = (draw: RandomStream) => Math.sqrt(-2 * Math.log(1 - draw())) * Math.cos(2 * Math.PI * draw());

describe('judgeCalibration', () => {
  test('needs a run of each label', () => {
    expect(() => judgeCalibration([], stream())).toThrow(RangeError);
    expect(() => judgeCalibration([{ label: 'A', imagesPerSecond: 1 }], stream())).toThrow(RangeError);
  });

  test('of identical speeds finds no noise, and that changes above a tenth would be found', () => {
    const result = judgeCalibration(
      runsOf(() => 1000),
      stream(),
    );
    expect(result).toMatchObject({ noise: 0, threshold: 0.1, verdict: 'quiet', interval: { low: 1, high: 1 } });
    expect(result.smallestChange).toBe(0.11);
  });

  test('says the same of the same runs', () => {
    const runs = runsOf((index) => 1000 + ((index * 37) % 50));
    expect(judgeCalibration(runs, stream())).toEqual(judgeCalibration(runs, stream()));
  });

  test('raises the threshold to three times the noise', () => {
    const draw = stream(2);
    const result = judgeCalibration(
      runsOf(() => 1000 * (1 + 0.05 * normal(draw))),
      stream(),
    );
    expect(result.threshold).toBeCloseTo(3 * result.noise, 12);
    expect(result.verdict).toBe('noisy');
    expect(result.smallestChange).toBeGreaterThan(result.threshold);
  });

  test('calls a machine unfit whose equal processes vary by more than a tenth', () => {
    const result = judgeCalibration(
      runsOf((index) => 1000 + 60 * ((index * 7) % 16)),
      stream(),
    );
    expect(result).toMatchObject({ verdict: 'unfit', drift: { verdict: 'no difference shown' } });
    expect(result.reason).toContain('equal processes vary by');
  });

  test('sees a machine that slows down, and that ABBA keeps it from the labels', () => {
    const result = judgeCalibration(
      runsOf((index) => 1000 - 20 * index),
      stream(),
    );
    expect(result).toMatchObject({ verdict: 'unfit', drift: { verdict: 'slower' } });
    expect(result.difference.ratio).toBe(1);
    expect(result.reason).toMatch(/the second half of the processes is 17\.\d\d% slower/);
  });

  test('takes speeds that follow the labels for noise', () => {
    const result = judgeCalibration(
      runsOf((index) => (index % 4 === 0 || index % 4 === 3 ? 1000 + index : 880 + index)),
      stream(),
    );
    expect(result).toMatchObject({ verdict: 'noisy', difference: { verdict: 'no difference shown' } });
  });

  test('the smallest change is found about four times in five by fresh processes of that noise', () => {
    const draw = stream(3);
    const speed = () => 1000 * (1 + 0.02 * normal(draw));
    const { smallestChange = NaN, threshold } = judgeCalibration(runsOf(speed), stream());
    const side = (factor: number) => Array.from({ length: 8 }, () => factor * speed());
    const trials = 400;
    let found = 0;
    for (let trial = 0; trial < trials; trial++) {
      if (judgeSpeeds(side(1), side(1 - smallestChange), threshold)?.verdict === 'slower') found++;
    }
    // Sixteen speeds tell their own spread to about a fifth, so the power is near four fifths, and no nearer.
    expect(found / trials).toBeGreaterThan(0.6);
    expect(found / trials).toBeLessThan(0.98);
  });
});
