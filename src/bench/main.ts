/** `npm run bench:wasm` and `bench:backends`: puts a benchmark together. docs/performance.md says what is measured and how to read it. */
import { execFileSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { loadavg } from 'node:os';
import { setTimeout } from 'node:timers/promises';
import { isDeepStrictEqual, parseArgs } from 'node:util';
import { CnnbenchError, messageOf } from '../core/errors.js';
import { captureEnvironment } from '../records/environment.js';
import { fillBlocks, findBlocks, markerLines } from '../report/blocks.js';
import {
  BENCHMARKS,
  commandOf,
  isPytorch,
  DEFAULT_PYTHON,
  parseContestant,
  type Benchmark,
  type BenchmarkName,
  type Workload,
} from './contestant.js';

import { machineLimit } from './limit.js';
import { measureWorkload, REST_SECONDS, type WorkloadResult } from './measure.js';
import { labelled, withPythons } from './pythons.js';
import { renderBlock, renderMarkdown, type Setting } from './render.js';
import { readSaved, writeSaved } from './saved.js';
import { startContestant } from './start-contestant.js';

const helpOf = (
  name: BenchmarkName,
  { title, contestants, workloads }: Benchmark,
) => `${title} docs/performance.md explains it.

  npm run bench:${name} -- [options]

  --only ID,ID             experiments (default: ${experimentsOf(workloads).join(',')})
  --batch N,N              batch sizes (default: 64,256, and 1024 for the MLPs)
  --contestants NAME,NAME  default: ${contestants.join(',')}
  --blocks N               measured blocks of each contestant (default: 5)
  --block-seconds S        least length of a block (default: 0.5); it has at least two steps, or one of 4 s
  --quick                  mlp-2 at 64 and 256 and cnn-1 at 64 in blocks of 0.25 s: about two minutes
  --minutes M              start no further workload after M minutes (default: 30); what is left out is said
  --python FILE            that has PyTorch (default: ${DEFAULT_PYTHON}); several times, to compare with several
  --markdown FILE          also write the result to this file
  --into FILE              write goals and speeds between the markers of a page
  --json FILE              every step of every block
  --continue               leave out what --json FILE has already: one workload at a time, on a machine with others
`;

const QUICK: readonly Workload[] = [
  { experiment: 'mlp-2', batch: 64 },
  { experiment: 'mlp-2', batch: 256 },
  { experiment: 'cnn-1', batch: 64 },
];

/** A block of a CNN can be one long step otherwise. */
const LEAST_STEPS = 2;

const OPTIONS = {
  benchmark: { type: 'string', default: 'wasm' },
  only: { type: 'string' },
  batch: { type: 'string' },
  contestants: { type: 'string' },
  blocks: { type: 'string', default: '5' },
  'block-seconds': { type: 'string' },
  quick: { type: 'boolean', default: false },
  minutes: { type: 'string', default: '30' },
  python: { type: 'string', multiple: true },
  markdown: { type: 'string' },
  into: { type: 'string' },
  json: { type: 'string' },
  continue: { type: 'boolean', default: false },
  help: { type: 'boolean', default: false },
} as const;

function parseOptions() {
  try {
    return parseArgs({ options: OPTIONS }).values;
  } catch (error) {
    throw new CnnbenchError('E_USAGE', messageOf(error), 'See --help.', { cause: error });
  }
}

/** What the command is called by, and where a result goes, changes nothing of it. */
const NOT_SAID = ['--benchmark', '--continue', '--into', '--json', '--markdown', '--minutes'];

async function main(): Promise<void> {
  const values = parseOptions();
  const name = benchmarkNamed(values.benchmark);
  const benchmark = BENCHMARKS[name];
  if (values.help) return void process.stdout.write(helpOf(name, benchmark));
  const contestants = withPythons(
    (values.contestants?.split(',') ?? benchmark.contestants).map(parseContestant),
    labelled(values.python ?? [DEFAULT_PYTHON]),
  );
  const workloads = values.quick
    ? QUICK
    : select(benchmark.workloads, values.only?.split(','), values.batch?.split(','));
  const seconds = positive('--block-seconds', values['block-seconds'] ?? (values.quick ? '0.25' : '0.5'));
  const options = {
    blocks: Math.ceil(positive('--blocks', values.blocks)),
    block: { steps: LEAST_STEPS, seconds },
  };
  const end = performance.now() + positive('--minutes', values.minutes) * 60_000;
  if (values.into !== undefined) refuseWithoutBlock(values.into, name);

  const saved = values.continue && values.json !== undefined ? readSaved(values.json) : undefined;
  const setting = saved?.setting ?? (await describeSetting(name));
  const results: WorkloadResult[] = [];
  for (const workload of workloads) {
    const known = saved?.workloads.find((result) => isDeepStrictEqual(result.workload, workload));
    const measure = () =>
      measureWorkload(
        workload,
        contestants,
        { ...options, rest: () => setTimeout(REST_SECONDS * 1000), traced: (contestant) => !isPytorch(contestant) },
        (contestant) => startContestant(commandOf(contestant, workload)),
        (line) => process.stderr.write(`${line}\n`),
      );
    results.push(known ?? (performance.now() > end ? leaveOut(workload, contestants) : await measure()));
    if (values.json !== undefined) writeSaved(values.json, { schemaVersion: 1, setting, options, workloads: results });
  }
  const markdown = renderMarkdown(setting, results);
  process.stdout.write(`${markdown}\n`);
  if (values.markdown !== undefined) writeFileSync(values.markdown, `${markdown}\n`);
  if (values.into !== undefined) {
    const page = readFileSync(values.into, 'utf8');
    writeFileSync(
      values.into,
      fillBlocks(page, values.into, (block) => (block === blockOf(name) ? renderBlock(setting, results) : undefined)),
    );
  }
}

const blockOf = (name: BenchmarkName) => `bench-${name}` as const;

/** Before a quarter of an hour of measuring, not after it. */
function refuseWithoutBlock(path: string, name: BenchmarkName): void {
  if (findBlocks(readFileSync(path, 'utf8'), path).some((block) => block.name === blockOf(name))) return;
  const remedy = `Write where the result belongs:\n${markerLines(blockOf(name))}`;
  throw new CnnbenchError('E_USAGE', `${path} does not have the two markers of the result`, remedy);
}

function benchmarkNamed(name: string): BenchmarkName {
  const names = Object.keys(BENCHMARKS) as BenchmarkName[];
  const found = names.find((each) => each === name);
  if (found !== undefined) return found;
  const known = names.join(', ');
  throw new CnnbenchError('E_USAGE', `there is no benchmark "${name}"`, `Choose from ${known}.`);
}

function experimentsOf(workloads: readonly Workload[]): readonly string[] {
  return [...new Set(workloads.map(({ experiment }) => experiment))];
}

/** A batch that nothing is measured at by default may be asked for. */
function select(
  workloads: readonly Workload[],
  only: readonly string[] | undefined,
  batches: readonly string[] | undefined,
): readonly Workload[] {
  if (only === undefined && batches === undefined) return workloads;
  const experiments = only ?? experimentsOf(workloads);
  return experiments.flatMap((experiment) => {
    const byDefault = workloads.filter((workload) => workload.experiment === experiment);
    if (byDefault.length === 0) {
      const known = experimentsOf(workloads).join(', ');
      throw new CnnbenchError('E_UNKNOWN_EXPERIMENT', `"${experiment}" is not measured`, `Choose from ${known}.`);
    }
    if (batches === undefined) return byDefault;
    return batches.map((batch) => ({ experiment, batch: Math.ceil(positive('--batch', batch)) }));
  });
}

function leaveOut(workload: Workload, contestants: readonly ReturnType<typeof parseContestant>[]): WorkloadResult {
  const reason = 'out of time; allow more with --minutes';
  return { workload, results: contestants.map((contestant) => ({ contestant, outcome: 'failed', reason })) };
}

function positive(flag: string, text: string): number {
  const value = Number(text);
  if (value > 0 && Number.isFinite(value)) return value;
  throw new CnnbenchError('E_USAGE', `${flag} ${text} is not a positive number`, 'See --help.');
}

async function describeSetting(benchmark: BenchmarkName): Promise<Setting> {
  const { cpu, cores, node } = captureEnvironment();
  const given = process.argv.slice(2);
  const flags = given.filter(
    (word, index) => !NOT_SAID.some((flag) => word.startsWith(flag) || given[index - 1] === flag),
  );
  const words = [`npm run bench:${benchmark}`, ...(flags.length > 0 ? ['--', ...flags] : [])];
  const date = new Date().toISOString().slice(0, 10);
  return {
    benchmark,
    date,
    command: words.join(' '),
    commit: currentCommit(),
    cpu,
    cores,
    node,
    limit: benchmark === 'webgpu' ? undefined : await machineLimit(() => performance.now()),
    load: loadavg()[0] as number,
  };
}

function currentCommit(): string | undefined {
  try {
    const git = (...args: string[]) =>
      execFileSync('git', args, { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] }).trim();
    return `${git('rev-parse', '--short', 'HEAD')}${git('status', '--porcelain') === '' ? '' : ' with changes'}`;
  } catch {
    return undefined;
  }
}

try {
  await main();
} catch (error) {
  const known = error instanceof CnnbenchError;
  process.stderr.write(`error: ${known ? `${error.message}. ${error.remedy}` : messageOf(error)}\n`);
  process.exitCode = known ? error.exitCode : 70;
}
