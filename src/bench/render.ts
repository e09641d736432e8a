import { markdownTable } from '../report/markdown-table.js';
import { PYTORCH, PYTORCH_ON_CUDA, type BenchmarkName, type Contestant } from './contestant.js';
import { GOALS, type Goal } from './goals.js';
import { REST_SECONDS, type WorkloadResult } from './measure.js';
import {
  idleCpuSeconds,
  kernelShares,
  imagesPerSecond,
  processorsUsed,
  productSpeed,
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
  /** GFLOP/s of a thread that multiplies and adds in registers: `machineLimit`. Absent where nothing computes in WebAssembly. */
  readonly limit?: number | undefined;
  /** Of the last minute before the start; processes that wanted to run. */
  readonly load: number;
}

/** Above this load average before the start, somebody else was computing. */
const BUSY_LOAD = 0.5;

/** One thread that got less of a processor than this had to share it. */
const OWN_PROCESSOR = 0.9;

/** Kernels that a row of the table of kernels names. */
const LISTED_KERNELS = 5;

/** What a reader needs of a result, as Markdown: goals, speeds, ratios, and what could not be measured. `--json` has the rest. */
export function renderMarkdown(setting: Setting, workloads: readonly WorkloadResult[]): string {
  const contestants = contestantsOf(workloads);
  return [
    describeSetting(setting),
    describeSoftware(workloads, contestants),
    goalTable(GOALS[setting.benchmark], workloads),
    section('Training images a second', speedTable(workloads, contestants)),
    section('How many times as fast', ratioTable(workloads, contestants)),
    section('Where the time goes', kernelTable(workloads)),
    section('Of what a thread can compute in registers', limitTable(setting, workloads)),
    section('Warnings', warnings(setting, workloads)),
    section('Not measured', failures(workloads)),
  ]
    .filter((part) => part !== '')
    .join('\n\n');
}

/** What a page shows of it: the goals and the speeds. The rest is in the file of `--markdown`. */
export function renderBlock(setting: Setting, workloads: readonly WorkloadResult[]): string {
  return [
    describeSetting(setting),
    goalTable(GOALS[setting.benchmark], workloads),
    section('Training images a second', speedTable(workloads, contestantsOf(workloads))),
    section('Warnings', warnings(setting, workloads)),
    section('Not measured', failures(workloads)),
  ]
    .filter((part) => part !== '')
    .join('\n\n');
}

function section(title: string, body: string): string {
  return body === '' ? '' : `### ${title}\n\n${body}`;
}

function describeSetting({ date, command, commit, cpu, cores, node, load, limit }: Setting): string {
  return (
    `\`${command}\`, ${date}${commit === undefined ? '' : `, commit ${commit}`}. ${cpu}, ${cores} cores, Node ${node}; ` +
    `load average before the start ${load.toFixed(2)}.` +
    (limit === undefined
      ? ''
      : ` A thread multiplies and adds at ${limit.toFixed(1)} GFLOP/s in registers of WebAssembly.`)
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
      return spread(blocks.map((block) => imagesPerSecond(block, workload.workload.batch)))?.median;
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

/** Pairs worth a ratio: wasm to stock, cpu and wasm to each PyTorch with as many threads, GPU to GPU, more threads to one. */
export function comparisons(contestants: readonly Contestant[]): readonly (readonly [string, string])[] {
  const on = (...backends: string[]) => contestants.filter(({ backend }) => backends.includes(backend));
  const pairs = (
    from: readonly Contestant[],
    to: readonly Contestant[],
    fits: (a: Contestant, b: Contestant) => boolean,
  ) => from.flatMap((a) => to.filter((b) => fits(a, b)).map((b) => [a.name, b.name] as const));
  return [
    ...pairs(on('wasm'), on('wasm-stock'), (_, { threads }) => threads === 1),
    ...pairs(on('cpu', 'wasm'), on(PYTORCH), (a, b) => a.threads === b.threads),
    ...pairs(on('webgpu', 'gpu'), on(PYTORCH_ON_CUDA), () => true),
    ...pairs(
      contestants,
      contestants,
      (a, b) => a.threads > 1 && b.threads === 1 && a.backend === b.backend && a.fma === b.fma && a.python === b.python,
    ),
  ];
}

/** A row a workload: the kernels that take most of the time of the first contestant that was traced. */
function kernelTable(workloads: readonly WorkloadResult[]): string {
  const rows = workloads.flatMap((workload) => {
    const first = measuredOf(workload).find(({ traced }) => traced !== undefined);
    if (first?.traced === undefined) return [];
    const shares = kernelShares(first.traced);
    const outside = 1 - sum(shares.map(([, share]) => share));
    const largest = shares.slice(0, LISTED_KERNELS).map(([name, share]) => `${name} ${percent(share)}`);
    const { experiment, batch } = workload.workload;
    return [[experiment, String(batch), first.contestant.name, percent(outside), largest.join(', ')]];
  });
  if (rows.length === 0) return '';
  return markdownTable(['', 'batch', '', 'outside kernels', 'kernels'], rows, ['left', 'right', 'left', 'right']);
}

/** A row for each MLP on one thread: its products, and the whole step, as shares of the limit. */
function limitTable({ limit }: Setting, workloads: readonly WorkloadResult[]): string {
  if (limit === undefined) return '';
  const rows = workloads.flatMap((workload) =>
    measuredOf(workload).flatMap((result) => {
      const speed = result.contestant.threads === 1 ? productSpeed(workload, result) : undefined;
      if (speed === undefined) return [];
      const { experiment, batch } = workload.workload;
      const share = (gflops: number) => `${number(gflops)} GFLOP/s, ${percent(gflops / limit)}`;
      return [[experiment, String(batch), result.contestant.name, share(speed.products), share(speed.step)]];
    }),
  );
  if (rows.length === 0) return '';
  return markdownTable(['', 'batch', '', 'products', 'whole step'], rows, ['left', 'right', 'left', 'right', 'right']);
}

function percent(share: number): string {
  return `${Math.round(share * 100)}%`;
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
