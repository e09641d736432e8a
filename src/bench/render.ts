import { ABSENT, digits, text } from '../report/cells.js';
import {
  list,
  paragraph,
  section,
  table,
  type Block,
  type Cell,
  type ColumnOf,
  type Text,
} from '../report/document.js';
import { renderBlocks } from '../report/markdown/render.js';
import { on } from '../report/sections/columns.js';
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
  const blocks = [
    describeSetting(setting),
    ...list(describeSoftware(workloads, contestants)),
    ...goalTable(GOALS[setting.benchmark], workloads),
    ...section('Training images a second', speedTable(workloads, contestants)),
    ...section('How many times as fast', ratioTable(workloads, contestants)),
    ...section('Where the time goes', kernelTable(workloads)),
    ...section('Of what a thread can compute in registers', limitTable(setting, workloads)),
    ...section('Warnings', list(warnings(setting, workloads))),
    ...section('Not measured', list(failures(workloads))),
  ];
  return renderBlocks(blocks, 3).join('\n\n');
}

/** What a page shows of it: the goals and the speeds. The rest is in the file of `--markdown`. */
export function renderBlock(setting: Setting, workloads: readonly WorkloadResult[]): string {
  const blocks = [
    describeSetting(setting),
    ...goalTable(GOALS[setting.benchmark], workloads),
    ...section('Training images a second', speedTable(workloads, contestantsOf(workloads))),
    ...section('Warnings', list(warnings(setting, workloads))),
    ...section('Not measured', list(failures(workloads))),
  ];
  return renderBlocks(blocks, 3).join('\n\n');
}

function describeSetting({ date, command, commit, cpu, cores, node, load, limit }: Setting): Block {
  const made = `, ${date}${commit === undefined ? '' : `, commit ${commit}`}. ${cpu}, ${cores} cores, Node ${node}; `;
  const speed =
    limit === undefined
      ? ''
      : ` A thread multiplies and adds at ${limit.toFixed(1)} GFLOP/s in registers of WebAssembly.`;
  return paragraph([
    { text: command, style: 'code' },
    `${made}load average before the start ${load.toFixed(2)}.${speed}`,
  ]);
}

function describeSoftware(workloads: readonly WorkloadResult[], contestants: readonly Contestant[]): readonly Text[] {
  return contestants.flatMap(({ name }): readonly Text[] => {
    const software = workloads
      .map((workload) => resultOf(workload, name)?.software)
      .find((found) => found !== undefined);
    return software === undefined ? [] : [[{ text: name, style: 'code' }, `: ${software}`]];
  });
}

function goalTable(goals: readonly Goal[], workloads: readonly WorkloadResult[]): readonly Block[] {
  const rows = goals.flatMap((goal) => {
    const values = spread(workloads.flatMap(goal.values));
    return values === undefined ? [] : [{ goal, values }];
  });
  type Row = (typeof rows)[number];
  const columns: readonly ColumnOf<Row>[] = [
    { head: '', cell: ({ goal }) => text(goal.title) },
    {
      head: 'medians of all workloads',
      align: 'right',
      cell: ({ goal, values: { lowest, highest } }) => {
        const range = [...new Set([number(lowest), number(highest)])].join(' to ');
        return text(`${range}${goal.unit === 'ms' ? ' ms' : ''}`);
      },
    },
    { head: 'goal', align: 'right', cell: ({ goal }) => text(describeGoal(goal)) },
    { head: 'reached by all', cell: ({ goal, values }) => text(isReached(goal, values) ? 'yes' : 'no') },
  ];
  return table(columns, rows);
}

function describeGoal({ atLeast, atMost, unit }: Goal): string {
  return `${atLeast === undefined ? '<=' : '>='} ${atLeast ?? atMost ?? ''}${unit === 'ms' ? ' ms' : ''}`;
}

function isReached({ atLeast = -Infinity, atMost = Infinity }: Goal, { lowest, highest }: Spread): boolean {
  return lowest >= atLeast && highest <= atMost;
}

function speedTable(workloads: readonly WorkloadResult[], contestants: readonly Contestant[]): readonly Block[] {
  return valueTable(
    workloads,
    contestants.map(({ name }) => name),
    (workload, name) => {
      const blocks = resultOf(workload, name)?.blocks ?? [];
      return spread(blocks.map((block) => imagesPerSecond(block, workload.workload.batch)))?.median;
    },
  );
}

function ratioTable(workloads: readonly WorkloadResult[], contestants: readonly Contestant[]): readonly Block[] {
  const pairs = comparisons(contestants);
  const byTitle = new Map(pairs.map(([name, other]) => [`${name} / ${other}`, [name, other] as const]));
  return valueTable(workloads, [...byTitle.keys()], (workload, title) =>
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

const WORKLOAD_COLUMNS: readonly ColumnOf<WorkloadResult>[] = [
  { head: '', cell: ({ workload }) => text(workload.experiment) },
  { head: 'batch', align: 'right', cell: ({ workload }) => text(String(workload.batch)) },
];

/** A measurement of a workload. */
interface Part {
  readonly workload: WorkloadResult;
  readonly result: Measured;
}

const PART_COLUMNS: readonly ColumnOf<Part>[] = [
  ...WORKLOAD_COLUMNS.map((column) => on(column, ({ workload }: Part) => workload)),
  { head: '', cell: ({ result }) => text(result.contestant.name) },
];

/** A row a workload: the kernels that take most of the time of the first contestant that was traced. */
function kernelTable(workloads: readonly WorkloadResult[]): readonly Block[] {
  const rows = workloads.flatMap((workload) => {
    const result = measuredOf(workload).find(({ traced }) => traced !== undefined);
    return result?.traced === undefined ? [] : [{ workload, result, shares: kernelShares(result.traced) }];
  });
  const columns: readonly ColumnOf<(typeof rows)[number]>[] = [
    ...PART_COLUMNS,
    {
      head: 'outside kernels',
      align: 'right',
      cell: ({ shares }) => text(percent(1 - sum(shares.map(([, share]) => share)))),
    },
    {
      head: 'kernels',
      cell: ({ shares }) => {
        const largest = shares.slice(0, LISTED_KERNELS).map(([name, share]) => `${name} ${percent(share)}`);
        return text(largest.join(', '));
      },
    },
  ];
  return table(columns, rows);
}

/** A row for each MLP on one thread: its products, and the whole step, as shares of the limit. */
function limitTable({ limit }: Setting, workloads: readonly WorkloadResult[]): readonly Block[] {
  if (limit === undefined) return [];
  const rows = workloads.flatMap((workload) =>
    measuredOf(workload).flatMap((result) => {
      const speed = result.contestant.threads === 1 ? productSpeed(workload, result) : undefined;
      return speed === undefined ? [] : [{ workload, result, speed }];
    }),
  );
  const share = (gflops: number) => text(`${number(gflops)} GFLOP/s, ${percent(gflops / limit)}`);
  const columns: readonly ColumnOf<(typeof rows)[number]>[] = [
    ...PART_COLUMNS,
    { head: 'products', align: 'right', cell: ({ speed }) => share(speed.products) },
    { head: 'whole step', align: 'right', cell: ({ speed }) => share(speed.step) },
  ];
  return table(columns, rows);
}

function percent(share: number): string {
  return `${Math.round(share * 100)}%`;
}

/** A row a workload, a column a name; rows and columns without any value are left out. */
function valueTable(
  workloads: readonly WorkloadResult[],
  names: readonly string[],
  valueOf: (workload: WorkloadResult, name: string) => Spread | number | undefined,
): readonly Block[] {
  const columns: readonly ColumnOf<WorkloadResult>[] = [
    ...WORKLOAD_COLUMNS,
    ...names.map((name): ColumnOf<WorkloadResult> => ({
      ...{ head: name, align: 'right', optional: true },
      cell: (workload) => {
        const value = valueOf(workload, name);
        return value === undefined ? ABSENT : valueCell(value);
      },
    })),
  ];
  const measured = workloads.filter((workload) => names.some((name) => valueOf(workload, name) !== undefined));
  return table(columns, measured);
}

function valueCell(value: Spread | number): Cell {
  if (typeof value === 'number') return digits(value, number(value));
  const { lowest, median, highest } = value;
  return digits(median, `${number(median)} (${number(lowest)}\u2013${number(highest)})`);
}

/** Three significant digits, whole numbers above. */
function number(value: number): string {
  return value >= 100 ? Math.round(value).toLocaleString('en-US') : value.toPrecision(3);
}

function warnings({ load }: Setting, workloads: readonly WorkloadResult[]): readonly string[] {
  const busy = load > BUSY_LOAD ? [`The machine was busy before the start (load average ${load.toFixed(2)}).`] : [];
  const restless = workloads.flatMap((workload) =>
    measuredOf(workload)
      .filter((result) => idleCpuSeconds(result) > REST_SECONDS * result.contestant.threads)
      .map(
        (result) =>
          `${title(workload)}: ${result.contestant.name} went on computing after its blocks, for ${number(idleCpuSeconds(result))} s of processor time each.`,
      ),
  );
  const shared = workloads.flatMap((workload) =>
    measuredOf(workload)
      .filter((result) => result.contestant.threads === 1 && processorsUsed(result) < OWN_PROCESSOR)
      .map(
        (result) =>
          `${title(workload)}: ${result.contestant.name} had only ${number(processorsUsed(result))} of a processor; others were computing.`,
      ),
  );
  return [...busy, ...restless, ...shared];
}

function measuredOf({ results }: WorkloadResult): readonly Measured[] {
  return results.filter((result) => result.outcome === 'measured');
}

function failures(workloads: readonly WorkloadResult[]): readonly Text[] {
  return workloads.flatMap((workload) =>
    workload.results.flatMap((result): readonly Text[] =>
      result.outcome === 'failed'
        ? [[`${title(workload)}: `, { text: result.contestant.name, style: 'code' }, `: ${result.reason}`]]
        : [],
    ),
  );
}

function title({ workload }: WorkloadResult): string {
  return `${workload.experiment}, batch ${workload.batch}`;
}

function contestantsOf(workloads: readonly WorkloadResult[]): readonly Contestant[] {
  const all = workloads.flatMap(({ results }) => results.map(({ contestant }) => contestant));
  return [...new Map(all.map((contestant) => [contestant.name, contestant])).values()];
}
