import { shardInWords } from '../core/shard.js';
import type { Summary, SummaryCell, Verdict } from '../core/summary.js';
import { intervalName, spendOver } from '../stats/judge/looks.js';
import { buildsInWords } from '../stats/gate/population.js';

/** How the reports call things. Every value may hold untrusted text; escaping is the renderer's job. */

/** A sign for people who skim, never the only carrier of the meaning. */
export const VERDICT_SIGNS: Readonly<Record<Verdict, string>> = {
  reproduced: '\u2713',
  'not reproduced': '\u2717',
  inconclusive: '?',
  erratum: '!',
  'not run': '\u00b7',
};

/** A number that was measured may still not be judged: on a shorter profile, or on a stand-in. */
export function verdictInWords(verdict: Verdict): string {
  return verdict === 'not run' ? 'not judged' : verdict;
}

export type SummaryDataset = NonNullable<SummaryCell['dataset']>;

/** What a data set is that is not its official files; nothing for one that is. */
export function provenanceInWords({ provenance }: Pick<SummaryDataset, 'provenance'>): string | undefined {
  return PROVENANCES[provenance];
}

const PROVENANCES: Readonly<Record<SummaryDataset['provenance'], string | undefined>> = {
  official: undefined,
  deck: undefined,
  'known-variant': 'known variant',
  unknown: 'unknown data',
  'stand-in': 'STAND-IN',
};

/** `CIFAR-10`, `CIFAR-10 (STAND-IN)`: what is not the official data set says so wherever its name stands. */
export function dataLabel(dataset: Pick<SummaryDataset, 'name' | 'title' | 'provenance'>): string {
  const { name, title = name } = dataset;
  const what = provenanceInWords(dataset);
  return what === undefined ? title : `${title} (${what})`;
}

/** `CIFAR-10 (known variant): 20 of ...`: what is special about the data sets that these cells were trained on, each once. */
export function datasetNotes(cells: readonly SummaryCell[]): readonly string[] {
  const trained = cells.filter(({ testAccuracy }) => testAccuracy !== undefined);
  const notes = trained.flatMap(({ dataset }) =>
    dataset?.note === undefined ? [] : `${dataLabel(dataset)}: ${dataset.note}.`,
  );
  return [...new Set(notes)];
}

/** With thousands separators, and as many decimals as it takes up to three. */
export function numberInWords(value: number): string {
  return value.toLocaleString('en-US', { maximumFractionDigits: 3 });
}

/** Images a second: three significant digits say all that a speed of this kind is good for. */
export function speedInWords(imagesPerSecond: number): string {
  return imagesPerSecond.toLocaleString('en-US', { maximumSignificantDigits: 3 });
}

/** What a reader has to know before the tables, a sentence or two each: what part of a run it is, and what is special about it. */
export function notesInWords(summary: Summary): readonly string[] {
  const { run, cells, backends } = summary;
  const notes = [partInWords(run), fmaInWords(cells), softwareInWords(backends), looksInWords(run)];
  return [...notes, machinesInWords(summary), mixedBuildsInWords(summary), outdatedInWords(cells)].filter(
    (note) => note !== undefined,
  );
}

/** What a reader has to know of a run with --wasm-fma; nothing of one without. */
function fmaInWords(cells: readonly SummaryCell[]): string | undefined {
  return cells.some(({ fma }) => fma)
    ? 'Run with --wasm-fma: on wasm the last bits of a result depend on the machine.'
    : undefined;
}

/** What a reader has to know of a run with --until-decided; nothing of one with a fixed number of seeds. */
function looksInWords({ looks }: Summary['run']): string | undefined {
  if (looks === undefined) return undefined;
  const levels = spendOver(looks).map((look) => `${look.seeds} (${intervalName(look)})`);
  return `Seeds were added until decided, and judged at ${levels.join(', ')} seeds only: the error of one judgement is spent over these looks.`;
}

/** What a reader has to know of a part of a run; nothing of a whole one. */
function partInWords({ shard, plannedCells }: Summary['run']): string | undefined {
  if (shard === undefined) return undefined;
  const part = `This is ${shardInWords(shard)}: ${plannedCells} of the ${cellsInWords(shard.cellsOfPlan)} of the plan.`;
  return `${part} What is judged over seeds waits until "cnnbench merge" has put the shards together.`;
}

/** What a reader has to know where the cells come from several machines; nothing where they come from one. */
function machinesInWords({ machines }: Summary): string | undefined {
  if (machines === undefined) return undefined;
  return `The cells come from ${machines.length} machines: each has speeds of its own, which are not to be compared.`;
}

/** What a reader has to know where several builds made the cells; nothing where one did. */
function mixedBuildsInWords({ builds }: Summary): string | undefined {
  if (builds === undefined) return undefined;
  return `The cells were made by ${builds.length} builds of cnnbench: ${buildsInWords(builds)}. Seeds of several programs are no sample.`;
}

/** What a reader has to know where the recipe of cells is not that of this version; nothing where all are. */
function outdatedInWords(cells: readonly SummaryCell[]): string | undefined {
  const { length } = cells.filter(({ outdated }) => outdated !== undefined);
  if (length === 0) return undefined;
  const [are, their, them] = length === 1 ? ['is', 'its', 'it'] : ['are', 'their', 'them'];
  return `${cellsInWords(length)} ${are} of another version of ${their} recipe, and not judged: run ${them} again.`;
}

/** `webgpu (software)`, `wasm (machine 2)`: a speed says where it stands what it is a speed of. */
export function backendInWords({
  backend,
  software,
  machine,
}: {
  readonly backend: string;
  readonly software: boolean;
  readonly machine?: number | undefined;
}): string {
  const notes = [...(software ? ['software'] : []), ...(machine === undefined ? [] : [`machine ${machine}`])];
  return notes.length === 0 ? backend : `${backend} (${notes.join(', ')})`;
}

/** `4.22.0, libtensorflow 2.18.1`: the version of the tfjs package, and what computes below it. */
export function versionInWords({ version, library }: Summary['backends'][number]): string {
  return library === undefined ? version : `${version}, ${library}`;
}

/** `nvidia-h200, NVIDIA: 550.54.15`: what computes, its driver, and whether a processor plays it. */
export function deviceInWords({ device, driver, software }: Summary['backends'][number]): string {
  const named = driver === undefined ? device : `${device}, ${driver}`;
  return software ? `${named} (software)` : named;
}

/** What a reader has to know where a processor played a GPU; nothing where none did. */
function softwareInWords(backends: Summary['backends']): string | undefined {
  const played = backends.filter(({ software }) => software);
  const names = [...new Set(played.map(({ name, device, driver }) => `${name} (${driver ?? device})`))];
  return names.length === 0
    ? undefined
    : `Software: a processor plays the GPU of ${names.join(', ')}. Results count, speeds say nothing of a GPU.`;
}

/** `1 cell`, `31 cells`. */
export function cellsInWords(count: number): string {
  return `${count} ${count === 1 ? 'cell' : 'cells'}`;
}

/** `45 s`, `12 min 5 s`, `2 h 3 min`. */
export function durationInWords(seconds: number): string {
  const whole = Math.round(seconds);
  if (whole < 60) return `${whole} s`;
  if (whole < 3600) return `${Math.floor(whole / 60)} min ${whole % 60} s`;
  return `${Math.floor(whole / 3600)} h ${Math.floor((whole % 3600) / 60)} min`;
}

/** `1-3, 7` for 1, 2, 3, 7. */
export function seedsInWords(seeds: readonly number[]): string {
  const ranges: [first: number, last: number][] = [];
  for (const seed of [...seeds].sort((a, b) => a - b)) {
    const current = ranges.at(-1);
    if (current !== undefined && seed <= current[1] + 1) current[1] = seed;
    else ranges.push([seed, seed]);
  }
  return ranges.map(([first, last]) => (first === last ? `${first}` : `${first}-${last}`)).join(', ');
}
