import { markdownTable } from '../report/markdown-table.js';
import type { BenchmarkName, Contestant } from './contestant.js';
import { GOALS, type Goal } from './goals.js';
import { REST_SECONDS, type WorkloadResult } from './measure.js';
import {
  idleCpuSeconds,
  kernelShares,
  imagesPerSecond,
  outsideKernels,
  processorsUsed,
  resultOf,
  speedRatio,
  spread,
  sum,
  type Measured,
  type Spread,
} from './statistics.js';

/** Where and when a benchmark ran. */
export interface Setting {
  readonly benchmark: BenchmarkName;
  /** ISO 8601. */
  readonly date: string;
  /** How to run it again. */
  readonly command: string;
  /** `undefined` outside a checkout. */
  readonly commit: string | undefined;
  readonly cpu: string;
  readonly cores: number;
  readonly node: string;
  /** Of the last minute before the start; processes that wanted to run. */
  readonly load: number;
}

/** Above this load average before the start, somebody else was computing. */
const BUSY_LOAD = 0.5;

/** One thread that got less of a processor than this had to share it. */
const OWN_PROCESSOR = 0.9;

/** Kernels that a row of the table of kernels names. */
const LISTED_KERNELS = 5;

/** The whole result as Markdown: goals, speeds, ratios, time outside kernels, and what could not be measured. */
export function renderMarkdown(setting: Setting, workloads: readonly WorkloadResult[]): string {
  const contestants = contestantsOf(workloads);
  return [
    describeSetting(setting),
    describeSoftware(workloads, contestants),
    goalTable(GOALS[setting.benchmark], workloads),
    section('Training images a second', speedTable(workloads, contestants)),
    section('How many times as fast', ratioTable(workloads, contestants)),
    section('Time of a step outside kernels and batch preparation, ms', outsideTable(workloads, contestants)),
    section('Where the time goes', kernelTable(workloads)),
    section('Processors kept busy', processorTable(workloads, contestants)),
    section('Warnings', warnings(setting, workloads)),
    section('Not measured', failures(workloads)),
  ]
    .filter((part) => part !== '')
    .join('\n\n');
}

function section(title: string, body: string): string {
  return body === '' ? '' : `### ${title}\n\n${body}`;
}

function describeSetting({ date, command, commit, cpu, cores, node, load }: Setting): string {
  return (
    `\`${command}\`, ${date}${commit === undefined ? '' : `, commit ${commit}`}. ${cpu}, ${cores} cores, Node ${node}; ` +
    `load average before the start ${load.toFixed(2)}.`
  );
}

function describeSoftware(workloads: readonly WorkloadResult[], contestants: readonly Contestant[]): string {
  return contestants
    .flatMap(({ name }) => {
      const software = workloads
        .map((workload) => resultOf(workload, name)?.software)
        .find((found) => found !== undefined);
      return software === undefined ? [] : [`- \`${name}\`: ${software}`];
    })
    .join('\n');
}

function goalTable(goals: readonly Goal[], workloads: readonly WorkloadResult[]): string {
  const rows = goals.flatMap((goal) => {
    const values = spread(workloads.flatMap(goal.values));
    if (values === undefined) return [];
    const { lowest, highest } = values;
    const range = [...new Set([number(lowest), number(highest)])].join(' to ');
    const measured = `${range}${goal.unit === 'ms' ? ' ms' : ''}`;
    return [[goal.title, measured, describeGoal(goal), isReached(goal, values) ? 'yes' : 'no']];
  });
  if (rows.length === 0) return '';
  return markdownTable(['', 'medians of all workloads', 'goal', 'reached by all'], rows, ['left', 'right', 'right']);
}

function describeGoal({ atLeast, atMost, unit }: Goal): string {
  return `${atLeast === undefined ? '<=' : '>='} ${atLeast ?? atMost ?? ''}${unit === 'ms' ? ' ms' : ''}`;
}

function isReached({ atLeast = -Infinity, atMost = Infinity }: Goal, { lowest, highest }: Spread): boolean {
  return lowest >= atLeast && highest <= atMost;
}

function speedTable(workloads: readonly WorkloadResult[], contestants: readonly Contestant[]): string {
  return table(
    workloads,
    contestants.map(({ name }) => name),
    (workload, name) => {
      const blocks = resultOf(workload, name)?.blocks ?? [];
      return spread(blocks.map((block) => imagesPerSecond(block, workload.workload.batch)));
    },
  );
}

function ratioTable(workloads: readonly WorkloadResult[], contestants: readonly Contestant[]): string {
  const pairs = comparisons(contestants);
  const byTitle = new Map(pairs.map(([name, other]) => [`${name} / ${other}`, [name, other] as const]));
  return table(workloads, [...byTitle.keys()], (workload, title) =>
    speedRatio(workload, ...(byTitle.get(title) as readonly [string, string])),
  );
}

/** Pairs worth a ratio: wasm to stock, cpu and wasm to PyTorch with as many threads, more threads to one. */
export function comparisons(contestants: readonly Contestant[]): readonly (readonly [string, string])[] {
  const names = contestants.map(({ name }) => name);
  const on = (...backends: string[]) => contestants.filter(({ backend }) => backends.includes(backend));
  const pairs = [
    ...on('wasm').map(({ name }) => [name, 'wasm-stock'] as const),
    ...on('cpu', 'wasm').map(({ name, threads }) => [name, `torch-${threads}`] as const),
    ...contestants.filter(({ threads }) => threads > 1).map(({ name, backend }) => [name, `${backend}-1`] as const),
  ];
  return pairs.filter(([, other]) => names.includes(other));
}

function outsideTable(workloads: readonly WorkloadResult[], contestants: readonly Contestant[]): string {
  return table(
    workloads,
    contestants.map(({ name }) => name),
    (workload, name) => {
      const traced = resultOf(workload, name)?.traced;
      return traced && outsideKernels(traced);
    },
  );
}

/** A row for each contestant that was traced: the kernels that take most of its time. */
function kernelTable(workloads: readonly WorkloadResult[]): string {
  const rows = workloads.flatMap((workload) =>
    workload.results.flatMap((result) => {
      if (result.outcome === 'failed' || result.traced === undefined) return [];
      const shares = kernelShares(result.traced);
      const outside = 1 - sum(shares.map(([, share]) => share));
      const largest = shares.slice(0, LISTED_KERNELS).map(([name, share]) => `${name} ${percent(share)}`);
      const { experiment, batch } = workload.workload;
      return [[experiment, String(batch), result.contestant.name, percent(outside), largest.join(', ')]];
    }),
  );
  if (rows.length === 0) return '';
  return markdownTable(['', 'batch', '', 'outside kernels', 'kernels'], rows, ['left', 'right', 'left', 'right']);
}

function percent(share: number): string {
  return `${Math.round(share * 100)}%`;
}

function processorTable(workloads: readonly WorkloadResult[], contestants: readonly Contestant[]): string {
  return table(
    workloads,
    contestants.map(({ name }) => name),
    (workload, name) => {
      const result = resultOf(workload, name);
      return result && processorsUsed(result);
    },
  );
}

/** A row a workload, a column a name; rows and columns without any value are left out. */
function table(
  workloads: readonly WorkloadResult[],
  names: readonly string[],
  valueOf: (workload: WorkloadResult, name: string) => Spread | number | undefined,
): string {
  const used = names.filter((name) => workloads.some((workload) => valueOf(workload, name) !== undefined));
  const rows = workloads
    .filter((workload) => used.some((name) => valueOf(workload, name) !== undefined))
    .map((workload) => [
      workload.workload.experiment,
      String(workload.workload.batch),
      ...used.map((name) => cell(valueOf(workload, name))),
    ]);
  if (rows.length === 0) return '';
  return markdownTable(['', 'batch', ...used], rows, ['left', ...used.map(() => 'right' as const), 'right']);
}

function cell(value: Spread | number | undefined): string {
  if (value === undefined) return '–';
  if (typeof value === 'number') return number(value);
  return `${number(value.median)} (${number(value.lowest)}–${number(value.highest)})`;
}

/** Three significant digits, whole numbers above. */
function number(value: number): string {
  return value >= 100 ? Math.round(value).toLocaleString('en-US') : value.toPrecision(3);
}

function warnings({ load }: Setting, workloads: readonly WorkloadResult[]): string {
  const busy = load > BUSY_LOAD ? [`- The machine was busy before the start (load average ${load.toFixed(2)}).`] : [];
  const restless = workloads.flatMap((workload) =>
    measuredOf(workload)
      .filter((result) => idleCpuSeconds(result) > REST_SECONDS * result.contestant.threads)
      .map(
        (result) =>
          `- ${title(workload)}: ${result.contestant.name} went on computing after its blocks, for ${number(idleCpuSeconds(result))} s of processor time each.`,
      ),
  );
  const shared = workloads.flatMap((workload) =>
    measuredOf(workload)
      .filter((result) => result.contestant.threads === 1 && processorsUsed(result) < OWN_PROCESSOR)
      .map(
        (result) =>
          `- ${title(workload)}: ${result.contestant.name} had only ${number(processorsUsed(result))} of a processor; others were computing.`,
      ),
  );
  return [...busy, ...restless, ...shared].join('\n');
}

function measuredOf({ results }: WorkloadResult): readonly Measured[] {
  return results.filter((result) => result.outcome === 'measured');
}

function failures(workloads: readonly WorkloadResult[]): string {
  return workloads
    .flatMap((workload) =>
      workload.results.flatMap((result) =>
        result.outcome === 'failed'
          ? [`- ${title(workload)}: \`${result.contestant.name}\`: ${result.reason.replace(/\s+/g, ' ')}`]
          : [],
      ),
    )
    .join('\n');
}

function title({ workload }: WorkloadResult): string {
  return `${workload.experiment}, batch ${workload.batch}`;
}

function contestantsOf(workloads: readonly WorkloadResult[]): readonly Contestant[] {
  const all = workloads.flatMap(({ results }) => results.map(({ contestant }) => contestant));
  return [...new Map(all.map((contestant) => [contestant.name, contestant])).values()];
}
