import { CnnbenchError } from '../../core/errors.js';
import { machineKey } from '../../core/machine.js';
import { readCalibration } from '../../records/calibration.js';
import { compareSides, type Comparison } from '../../stats/compare/compare-sides.js';
import { matchSides, type Cause, type Matched } from '../../stats/compare/match.js';
import { sideOfRecords, sideOfSummary, type Side } from '../../stats/compare/side.js';
import { relativeNoise } from '../../stats/compare/speed-rule.js';
import type { KnownNoise } from '../../stats/compare/speed.js';
import { recordsOrSummary } from '../summarize-runs.js';

export interface CompareOptions {
  /** Differences that are accepted. */
  readonly ignore: readonly Cause[];
  /** Below it are the calibrations. */
  readonly cacheDir: string;
}

/**
 * Compares what two paths hold, as `report` takes them: the folder of a run, a record, or a `summary.json`.
 *
 * @throws CnnbenchError E_RECORD_NOT_FOUND, E_RECORD_INVALID, E_NOT_COMPARABLE
 */
export async function compareRuns(pathA: string, pathB: string, options: CompareOptions): Promise<Comparison> {
  const [a, b] = await Promise.all([readSide(pathA), readSide(pathB)]);
  const matched = matchSides(a.cells, b.cells);
  refuse(a, b, matched, options.ignore);
  const noises = await readNoises(matched, options.cacheDir);
  return compareSides(a, b, matched, (machine) => noises.get(machineKey(machine)));
}

async function readSide(path: string): Promise<Side> {
  const found = await recordsOrSummary(path);
  return 'cells' in found ? sideOfSummary(path, found) : sideOfRecords(path, found.records);
}

function refuse(a: Side, b: Side, { pairs }: Matched, ignore: readonly Cause[]): void {
  if (pairs.length === 0) {
    throw new CnnbenchError(
      'E_NOT_COMPARABLE',
      `${a.name} and ${b.name} have no trained experiment on the same backend in common`,
      '"cnnbench report" shows what each contains.',
    );
  }
  const refused = pairs.flatMap(({ a: group, differences }) =>
    differences
      .filter(({ cause }) => !ignore.includes(cause))
      .map(({ cause, detail }) => ({
        cause,
        words: `${cause} of ${group.experiment} on ${group.backend}, ${group.profile} (${detail})`,
      })),
  );
  const [first] = refused;
  if (first === undefined) return;
  const causes = [...new Set(refused.map(({ cause }) => cause))];
  const others = refused.length === 1 ? '' : `, and ${refused.length - 1} more`;
  throw new CnnbenchError(
    'E_NOT_COMPARABLE',
    `${a.name} and ${b.name} are not comparable: ${first.words}${others}`,
    `Compare like with like, or accept the difference: ${causes.map((cause) => `--ignore ${cause}`).join(' ')}`,
  );
}

/** The calibrations of all machines that occur, by their keys. */
async function readNoises({ pairs }: Matched, cacheDir: string): Promise<ReadonlyMap<string, KnownNoise>> {
  const cells = pairs.flatMap(({ a, b }) => [...a.cells, ...b.cells]);
  const machines = new Map(cells.flatMap(({ machine }) => (machine ? [[machineKey(machine), machine] as const] : [])));
  const noises = new Map<string, KnownNoise>();
  for (const [key, machine] of machines) {
    const calibration = await readCalibration(cacheDir, machine);
    const noise = relativeNoise(calibration?.runs.map(({ imagesPerSecond }) => imagesPerSecond) ?? []);
    if (calibration && noise !== undefined) noises.set(key, { noise, calibratedAt: calibration.calibratedAt });
  }
  return noises;
}
