import type { BackendName } from '../core/cell.js';
import type { TrainingExperiment } from '../core/experiment.js';
import type { GoldenTrajectory } from '../core/golden-trajectory.js';
import type { NamedTensor } from '../core/safetensors.js';
import type { ModelSpec } from '../core/model.js';
import {
  accuracyBound,
  changeBound,
  forwardBounds,
  gradientBounds,
  lossBound,
  STEP_LOSSES,
  type Bound,
} from './bounds.js';
import { compare, type Comparison } from './difference.js';
import { compareGolden, type ReferenceSteps } from './golden.js';
import { nameOf, type OpProblem } from './problem.js';
import {
  batchName,
  layerOf,
  LOSS,
  LOSSES,
  tensorName,
  type Compute,
  type Computed,
  type Rung,
  type TrainingTask,
} from './task.js';

/** The oracle: float32 arithmetic, one operation after the other. */
export const ORACLE: BackendName = 'js';

/** What the rungs above the first one compute. */
export interface Subject {
  readonly experiment: TrainingExperiment;
  /** The experiment's, or its narrow twin. */
  readonly model: ModelSpec;
  readonly narrow: boolean;
}

/** How one rung ended on one backend. */
export interface RungResult {
  readonly backend: BackendName;
  readonly rung: Rung;
  /** The experiment; absent on the first rung. */
  readonly experiment?: string;
  /** Whether the narrow twin stands for its model. */
  readonly narrow?: true;
  /** Of a golden trajectory, how many of its steps were replayed. */
  readonly steps?: number;
  readonly outcome: 'agrees' | 'diverges' | 'crashed' | 'unsupported' | 'skipped';
  /** Why nothing, or not everything, was compared. */
  readonly reason?: string;
  /** In the order of computation. */
  readonly comparisons: readonly Comparison[];
}

/** Test accuracy, 0 to 1, or why there is none. */
export type Accuracy =
  | { readonly accuracy: number; readonly testImages: number }
  | { readonly outcome: 'crashed' | 'unsupported' | 'skipped'; readonly reason: string };

export interface LadderOptions {
  readonly backends: readonly BackendName[];
  readonly problems: readonly OpProblem[];
  readonly subjects: readonly Subject[];
  /** Golden trajectories, of these experiments among others. */
  readonly trajectories: readonly GoldenTrajectory[];
  readonly rungs: readonly Rung[];
  readonly seed: number;
  /** Whether to go on after a rung that diverged. */
  readonly keepGoing: boolean;
  /** Experiments that are computed at the same time. */
  readonly jobs: number;
  readonly compute: Compute;
  /** @param trajectory id of a golden trajectory */
  readonly readReference: (trajectory: string) => Promise<ReferenceSteps>;
  readonly accuracyOf: (backend: BackendName, subject: Subject) => Promise<Accuracy>;
  readonly observer: LadderObserver;
}

export interface LadderObserver {
  /** @param what `ops`, or the experiment */
  onStage(backend: BackendName, what: string, stage: string): void;
  onRung(result: RungResult): void;
}

/** Optimizer steps of the fourth rung. */
const STEPS = 10;

/** Examples of the batch; fewer with convolutions, of which the oracle computes a handful of images a second. */
function batchSizeOf({ layers }: ModelSpec): number {
  return layers.some(({ kind }) => kind === 'conv2d') ? 4 : 32;
}

/**
 * Compares each backend with the oracle, rung by rung: ops first, then each experiment from its first layer to its accuracy. A backend stops
 * at the rung that diverges, unless it is to keep going: all above it would say the same less precisely. The oracle is
 * compared on the rung `golden`, too.
 *
 * @returns results by backend, the oracle first unless it is one of them, then experiment, then rung
 */
export async function compareWithOracle(options: LadderOptions): Promise<RungResult[]> {
  const { backends, subjects, jobs } = options;
  const ops = await compareOps(options);
  const stopped = new Set(ops.filter(isStop(options)).map(({ backend }) => backend));
  const trained = await inParallel(subjects, jobs, (subject) => compareExperiment(options, subject, stopped));
  return [...anchored(options), ...backends].flatMap((name) =>
    [...ops, ...trained.flat()].filter(({ backend }) => backend === name),
  );
}

/** The oracle, where nobody named it and it is held against PyTorch. */
function anchored({ backends, rungs }: LadderOptions): BackendName[] {
  return rungs.includes('golden') && !backends.includes(ORACLE) ? [ORACLE] : [];
}

/** The first comparison that diverges, of the first rung that does. */
export function firstDivergence(
  results: readonly RungResult[],
): { readonly result: RungResult; readonly comparison: Comparison } | undefined {
  for (const result of results) {
    const comparison = result.comparisons.find(({ agrees }) => !agrees);
    if (comparison !== undefined) return { result, comparison };
  }
  return undefined;
}

async function compareOps(options: LadderOptions): Promise<RungResult[]> {
  const { rungs, seed, problems, compute, observer } = options;
  if (!rungs.includes('ops')) return [];
  const computeOn = (backend: BackendName) =>
    compute(backend, { kind: 'ops', seed }, (stage) => observer.onStage(backend, 'ops', stage));
  const oracle = await computeOn(ORACLE);
  const results: RungResult[] = [];
  for (const backend of options.backends) {
    const computed = 'crashed' in oracle ? { crashed: `${ORACLE}: ${oracle.crashed}` } : await computeOn(backend);
    const judged =
      'crashed' in oracle || 'crashed' in computed
        ? crashed('crashed' in computed ? computed.crashed : '')
        : judgeOps(problems, computed, oracle);
    const result = { backend, rung: 'ops' as const, ...judged };
    observer.onRung(result);
    results.push(result);
  }
  return results;
}

function judgeOps(problems: readonly OpProblem[], computed: Computed, oracle: Computed): Judged {
  const [actual, expected] = [tensorsByName(computed), tensorsByName(oracle)];
  const failures = new Map(computed.failures.map((failure) => [failure.subject, failure]));
  const comparisons = problems.flatMap((problem): Comparison[] => {
    const name = nameOf(problem);
    const failure = failures.get(name);
    if (failure?.missingKernel !== undefined) return [];
    const reference = expected.get(name);
    if (reference === undefined) return [undone(name, problem.bound, 'the oracle could not compute it')];
    if (failure !== undefined) return [undone(name, problem.bound, failure.reason)];
    return [compare(name, actual.get(name), reference, problem.bound)];
  });
  const missing = missingIn(computed);
  const reason = missing.length > 0 ? { reason: lacks(missing) } : {};
  return { outcome: outcomeOf(comparisons), ...reason, comparisons };
}

function undone(subject: string, { measure, limit, reason: boundReason }: Bound, reason: string): Comparison {
  return { subject, reason, measure, bound: limit, boundReason, agrees: false };
}

async function compareExperiment(
  options: LadderOptions,
  subject: Subject,
  stopped: ReadonlySet<BackendName>,
): Promise<RungResult[]> {
  const { experiment, model, narrow } = subject;
  const { rungs, seed, compute, accuracyOf, observer } = options;
  const task: TrainingTask = {
    ...{ kind: 'training', experiment: { ...experiment, model }, seed },
    ...{ batchSize: batchSizeOf(model), steps: rungs.includes('steps') ? STEPS : 0 },
  };
  const computeOn = (backend: BackendName, batches?: readonly number[][]) =>
    compute(backend, { ...task, ...(batches && { batches }) }, (stage) =>
      observer.onStage(backend, experiment.id, stage),
    );
  const oracle = {
    computed: once(() => computeOn(ORACLE)),
    accuracy: once(() => accuracyOf(ORACLE, subject)),
  };

  const compareOn = async (backend: BackendName, wanted: readonly ExperimentRung[]): Promise<RungResult[]> => {
    const computed = once(async () => computeOn(backend, batchesOf(await oracle.computed())));
    const accuracy = once(() => accuracyOf(backend, subject));
    const results: RungResult[] = [];
    for (const { rung, trajectory } of wanted) {
      const stop = stopped.has(backend) ? 'ops' : results.find(isStop(options))?.rung;
      const judged =
        stop !== undefined
          ? skipped(`the rung ${stop} failed; --keep-going continues`)
          : trajectory !== undefined
            ? await judgeGolden(options, backend, trajectory)
            : rung === 'accuracy'
              ? await judgeAccuracy(oracle.accuracy, accuracy)
              : await judgeTraining(rung, model, oracle.computed, computed);
      const isTwin = trajectory?.narrow ?? (narrow && rung !== 'accuracy');
      const twin = isTwin ? { narrow: true as const } : {};
      const result = { backend, rung, experiment: experiment.id, ...twin, ...judged };
      observer.onRung(result);
      results.push(result);
    }
    return results;
  };
  const wanted = rungsOf(experiment, options);
  const golden = wanted.filter(({ rung }) => rung === 'golden');
  const results: RungResult[] = [];
  for (const backend of anchored(options)) results.push(...(await compareOn(backend, golden)));
  for (const backend of options.backends) results.push(...(await compareOn(backend, wanted)));
  return results;
}

/** A rung of an experiment; `golden` is one for each trajectory that PyTorch took of it. */
interface ExperimentRung {
  readonly rung: Rung;
  readonly trajectory?: GoldenTrajectory;
}

function rungsOf({ id }: TrainingExperiment, { rungs, ...options }: LadderOptions): ExperimentRung[] {
  const trajectories = options.trajectories.filter(({ of }) => of === id);
  return rungs
    .filter((rung) => rung !== 'ops')
    .flatMap((rung): ExperimentRung[] =>
      rung === 'golden' ? trajectories.map((trajectory) => ({ rung, trajectory })) : [{ rung }],
    );
}

type Judged = Pick<RungResult, 'outcome' | 'reason' | 'comparisons' | 'steps'>;
type Lazy<T> = () => Promise<T>;
type ComputedOrNot = Awaited<ReturnType<Compute>>;

async function judgeTraining(
  rung: Rung,
  model: ModelSpec,
  oracle: Lazy<ComputedOrNot>,
  computed: Lazy<ComputedOrNot>,
): Promise<Judged> {
  const expected = await oracle();
  if ('crashed' in expected) return crashed(`${ORACLE}: ${expected.crashed}`);
  const actual = await computed();
  if ('crashed' in actual) return crashed(actual.crashed);
  const missing = missingIn(actual);
  if (missing.length > 0) return unsupported(missing);
  const tensors = tensorsByName(actual);
  const prefix = tensorName(rung, '');
  const boundOf = boundsOf(rung, model, batchesOf(expected)[0]?.length ?? 1);
  const comparisons = expected.tensors
    .filter(({ name }) => name.startsWith(prefix))
    .map((tensor) => {
      const subject = tensor.name.slice(prefix.length);
      return compare(subject, tensors.get(tensor.name), tensor, boundOf(subject));
    });
  return { outcome: outcomeOf(comparisons), comparisons };
}

/** Bounds of the tensors of a rung, by what they are: a layer's output, a layer's kernel or bias, losses. */
function boundsOf(rung: Rung, model: ModelSpec, batch: number): (subject: string) => Bound {
  const layers = rung === 'forward' ? forwardBounds(model) : gradientBounds(model, batch);
  return (subject) => {
    if (subject === LOSS) return lossBound(model, batch);
    if (subject === LOSSES) return STEP_LOSSES;
    const bound = layers.get(layerOf(subject));
    if (bound === undefined) throw new Error(`${model.id} has no layer for ${subject}`);
    return rung === 'steps' ? changeBound(bound) : bound;
  };
}

async function judgeGolden(
  { compute, readReference, observer }: LadderOptions,
  backend: BackendName,
  trajectory: GoldenTrajectory,
): Promise<Judged> {
  const { id } = trajectory.experiment;
  const steps = trajectory.stepsOn?.[backend] ?? trajectory.steps;
  if (steps === 0) return skipped(`it would take ${backend} many minutes; the narrow twin is replayed`);
  const reference = await readReference(id);
  const computed = await compute(backend, { kind: 'golden', trajectory, steps }, (stage) =>
    observer.onStage(backend, `golden ${id}`, stage),
  );
  if ('crashed' in computed) return crashed(computed.crashed);
  const missing = missingIn(computed);
  if (missing.length > 0) return unsupported(missing);
  const comparisons = compareGolden(tensorsByName(computed), reference, steps);
  return { outcome: outcomeOf(comparisons), comparisons, steps };
}

async function judgeAccuracy(oracle: Lazy<Accuracy>, accuracy: Lazy<Accuracy>): Promise<Judged> {
  const expected = await oracle();
  if ('outcome' in expected) {
    return { outcome: expected.outcome, reason: `${ORACLE}: ${expected.reason}`, comparisons: [] };
  }
  const actual = await accuracy();
  if ('outcome' in actual) return { ...actual, comparisons: [] };
  const tensor = (value: number): NamedTensor => ({ name: 'accuracy', shape: [], values: Float32Array.of(value) });
  const comparison = compare(
    'test accuracy',
    tensor(actual.accuracy),
    tensor(expected.accuracy),
    accuracyBound(expected.accuracy, expected.testImages),
  );
  return { outcome: outcomeOf([comparison]), comparisons: [comparison] };
}

function crashed(reason: string): Judged {
  return { outcome: 'crashed', reason, comparisons: [] };
}

function skipped(reason: string): Judged {
  return { outcome: 'skipped', reason, comparisons: [] };
}

function unsupported(kernels: readonly string[]): Judged {
  return { outcome: 'unsupported', reason: lacks(kernels), comparisons: [] };
}

function missingIn({ failures }: Computed): string[] {
  return failures.flatMap(({ missingKernel }) => missingKernel ?? []);
}

function lacks(kernels: readonly string[]): string {
  return `there is no kernel ${[...new Set(kernels)].join(', ')}`;
}

function outcomeOf(comparisons: readonly Comparison[]): 'agrees' | 'diverges' {
  return comparisons.every(({ agrees }) => agrees) ? 'agrees' : 'diverges';
}

function isStop({ keepGoing }: LadderOptions): (result: RungResult) => boolean {
  return ({ outcome }) => !keepGoing && (outcome === 'diverges' || outcome === 'crashed');
}

function tensorsByName({ tensors }: Computed): ReadonlyMap<string, NamedTensor> {
  return new Map(tensors.map((tensor) => [tensor.name, tensor]));
}

/** The batches that the oracle chose. */
function batchesOf(computed: ComputedOrNot): number[][] {
  if ('crashed' in computed) return [];
  const tensors = tensorsByName(computed);
  const batches: number[][] = [];
  for (let tensor; (tensor = tensors.get(batchName(batches.length))) !== undefined;) batches.push([...tensor.values]);
  return batches;
}

function once<T>(make: () => Promise<T>): Lazy<T> {
  let made: Promise<T> | undefined;
  return () => (made ??= make());
}

/** Results in the order of the items, at most `jobs` at a time. */
async function inParallel<Item, Result>(
  items: readonly Item[],
  jobs: number,
  work: (item: Item) => Promise<Result>,
): Promise<Result[]> {
  const results = new Map<number, Result>();
  const queue = items.entries();
  const worker = async () => {
    for (const [index, item] of queue) results.set(index, await work(item));
  };
  await Promise.all(Array.from({ length: Math.max(1, jobs) }, worker));
  return items.map((_, index) => results.get(index) as Result);
}
