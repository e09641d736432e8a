import { machineFactsInWords } from '../../core/machine.js';
import { text } from '../../report/cells.js';
import { paragraph, table, type Document } from '../../report/document.js';
import { speedInWords } from '../../report/words.js';
import type { SpeedDifference } from '../../stats/compare/speed-rule.js';
import { percent } from '../../stats/wording.js';
import type { Calibrated } from './calibrate.js';

/** What a calibration found: the speeds in order, the noise, and what it means for comparisons. */
export function calibrationDocument({ calibration, result }: Calibrated): Document {
  const { runs, experiment, backend, profile, machine } = calibration;
  const { noise, threshold, difference, interval, drift, smallestChange } = result;
  const perSide = runs.filter(({ label }) => label === 'A').length;
  const rows = [
    ['speed', `${speedInWords(result.imagesPerSecond)} images/s, median of ${runs.length} processes`],
    ['noise', `${percent(noise)}: median absolute deviation of the processes, scaled to a standard deviation`],
    [
      'B over A',
      `${difference.ratio.toFixed(3)}, 95% interval ${interval.low.toFixed(3)} to ${interval.high.toFixed(3)}, ${pInWords(difference)}`,
    ],
    ['drift', `second half over first half ${drift.ratio.toFixed(3)}, ${pInWords(drift)}`],
    ['counts from', countsInWords(threshold)],
    ['finds', foundInWords(smallestChange, perSide)],
  ] as const;
  const columns = [
    { head: 'A/A', cell: ([name]: (typeof rows)[number]) => text(name) },
    { head: `${perSide} processes per side`, cell: ([, words]: (typeof rows)[number]) => text(words) },
  ];
  return {
    title: `${experiment} on ${backend}, ${profile}: ${machineFactsInWords(machine)}`,
    blocks: [
      paragraph(runs.map(({ label, imagesPerSecond }) => `${label} ${speedInWords(imagesPerSecond)}`).join(', ')),
      ...table(columns, rows),
    ],
    result: [`${result.verdict.toUpperCase()}: ${result.reason}.`],
  };
}

function countsInWords(threshold: number): string {
  if (threshold >= 1) return 'nothing: three times the noise exceeds the speed itself';
  return `${percent(threshold)} or more; smaller changes of speed are ignored on this machine`;
}

function foundInWords(smallestChange: number | undefined, perSide: number): string {
  return smallestChange === undefined
    ? `no slow-down below 90% is detected four times in five, with ${perSide} processes per side`
    : `a slow-down of ${(100 * smallestChange).toFixed(0)}% four times in five, with ${perSide} processes per side`;
}

function pInWords({ test }: SpeedDifference): string {
  return `p = ${test.p.toPrecision(2)}`;
}
