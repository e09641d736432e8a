/**
 * Entry of a cell's child process: the only place besides the commands where everything is put together, and the only
 * one that loads tfjs. Takes one request over its channel, answers with messages of `protocol.ts`, and ends.
 */
import { writeFile } from 'node:fs/promises';
import { setImmediate as nextTurn } from 'node:timers/promises';
import type { ActiveBackend } from '../backends/backend.js';
import { findBackend } from '../backends/registry.js';
import type { Tf } from '../backends/tfjs.js';
import type { Dataset } from '../core/dataset.js';
import { CnnbenchError, messageOf } from '../core/errors.js';
import type {
  ArchitectureExperiment,
  DataExperiment,
  OpsExperiment,
  ProfileSettings,
  TrainingExperiment,
} from '../core/experiment.js';
import type { GoldenTrajectory } from '../core/golden-trajectory.js';
import { encodeSafetensors } from '../core/safetensors.js';
import { countDataset } from '../data/facts.js';
import { loadDataset } from '../data/load.js';
import type { DataSource } from '../data/source.js';
import { drawStandInDataset } from '../data/stand-in.js';
import { measure } from '../ops/measure.js';
import { tfjsPrimitives } from '../ops/tfjs.js';
import { captureEnvironment } from '../records/environment.js';
import { writeAtomically } from '../records/atomic.js';
import { computeTask } from '../parity/compute.js';
import { summarizeThroughput } from '../stats/throughput.js';
import { buildModel, countLayers, countTrainable } from '../train/build.js';
import { describeData, encodeExport, type WeightsExport } from '../train/export.js';
import { weightShapes } from '../train/initialise.js';
import { missingKernels, unregisteredKernel } from '../train/kernels.js';
import { batchSizeOf, train, type TrainingJob } from '../train/train.js';
import { clockKernels, summarizeTrace, type TracedStep } from '../train/trace.js';
import { channelToParent, encodeMessage, readMessages } from './channel.js';
import { earlierWork, openCheckpoints, subjectOf, type Checkpoints } from './checkpoints.js';
import { runFakeCell, runFakeProbe } from './fake.js';
import { volunteerToDie } from './memory.js';
import { measureGigaflops } from './probe.js';
import { proveInstallation } from './proof.js';
import {
  requestSchema,
  type ExportRequest,
  type Message,
  type MissingKernels,
  type ParityRequest,
  type ProbeRequest,
  type ReportedEnd,
  type Request,
  type RunRequest,
} from './protocol.js';

/** Steps that are not timed: the first ones compile and pack. */
const WARMUP_STEPS = 3;

/** Training images among which a batch for the parity ladder is looked for. */
const CANDIDATE_IMAGES = 1024;

/** Least time between two step messages. */
const STEP_MESSAGE_MS = 100;

const channel = channelToParent();

function send(message: Message): Promise<void> {
  return new Promise((resolve, reject) => {
    channel.write(encodeMessage(message), (error) => (error ? reject(error) : resolve()));
  });
}

async function answer(request: Request): Promise<void> {
  if (request.type === 'run' && request.cell.backend === 'fake') {
    return runFakeCell(request.cell, request.experiment, { send, channel });
  }
  if (request.type === 'export') {
    await writeExport(request.exportTo.path, await startToExport(request));
    return send({ type: 'exported' });
  }
  if (request.type === 'prove') {
    return send({ type: 'proved', proof: await proveInstallation(request.packageFolder, request.flavour) });
  }
  if (request.type === 'probe' && request.backend === 'fake') return runFakeProbe({ send, channel });
  const active = await findBackend(request.type === 'run' ? request.cell.backend : request.backend).activate({
    ...(request.threads !== undefined && { threads: request.threads }),
    ...(request.type === 'run' && request.fma !== undefined && { fma: request.fma }),
  });
  await send({ type: 'started', backend: active.description, notices: [...active.notices] });
  if (request.type === 'probe') {
    const gigaflops = await measureGigaflops(active.tf);
    return send({ type: 'probed', gigaflops, missingKernels: missingKernelsBySuite(active.tf, request) });
  }
  if (request.type === 'parity') return climbRung(active, request);
  return send({ type: 'ended', end: await runCell(active, request).catch(unsupportedByBackend(active)) });
}

function missingKernelsBySuite(tf: Tf, { suites }: ProbeRequest): MissingKernels[] {
  return suites.flatMap(({ suite, models }) => {
    const kernels = [...new Set(models.flatMap((model) => missingKernels(tf, model)))];
    return kernels.length > 0 ? [{ suite, kernels }] : [];
  });
}

/** Leaves the tensors of a rung of the parity ladder in a file. */
async function climbRung(active: ActiveBackend, { task, source, out }: ParityRequest): Promise<void> {
  const load = async (): Promise<Dataset> => {
    if (task.kind === 'golden') return imagesOf(task.trajectory);
    if (source === undefined) throw new Error('no data came with the request');
    return loadDataset(source, { trainImages: CANDIDATE_IMAGES, testImages: 1 });
  };
  const { tensors, failures } = await computeTask(active, task, load, (stage) => send({ type: 'computing', stage }));
  await writeFile(out, encodeSafetensors(tensors));
  return send({ type: 'computed', failures: [...failures] });
}

/** A kernel that only turned out to be missing while the cell ran is no crash. */
function unsupportedByBackend({ description }: ActiveBackend): (error: unknown) => ReportedEnd {
  return (error) => {
    const kernel = unregisteredKernel(error);
    if (kernel === undefined) throw error;
    return { outcome: 'unsupported', reason: `${description.name} has no kernel ${kernel}` };
  };
}

async function runCell(active: ActiveBackend, request: RunRequest): Promise<ReportedEnd> {
  const { experiment } = request;
  switch (experiment.kind) {
    case 'ops':
      return runOperations(active, experiment);
    case 'architecture':
      return count(active, experiment);
    case 'data':
      return countData(experiment, request);
    case 'training':
      return runTraining(active, experiment, request);
  }
}

async function runOperations({ tf, layers }: ActiveBackend, { operations }: OpsExperiment): Promise<ReportedEnd> {
  const values = await measure(tfjsPrimitives(tf, layers), operations);
  return { outcome: 'completed', result: { kind: 'ops', values } };
}

async function countData(experiment: DataExperiment, { source }: RunRequest): Promise<ReportedEnd> {
  if (source === undefined) throw new Error(`no data came with the request for ${experiment.id}`);
  return { outcome: 'completed', result: countDataset(await loadDataset(source)) };
}

function count({ layers }: ActiveBackend, experiment: ArchitectureExperiment): ReportedEnd {
  const model = buildModel(layers, experiment.model);
  const result = { kind: 'architecture', parameters: countTrainable(model), layers: countLayers(model) } as const;
  return { outcome: 'completed', result };
}

async function runTraining(
  active: ActiveBackend,
  experiment: TrainingExperiment,
  request: RunRequest,
): Promise<ReportedEnd> {
  const missing = missingKernels(active.tf, experiment.model);
  if (missing.length > 0) {
    const reason = `${request.cell.backend} has no kernel ${missing.join(', ')}, which training ${experiment.id} takes`;
    return { outcome: 'unsupported', reason };
  }
  if (request.source === undefined) throw new Error(`no data came with the request for ${experiment.id}`);
  const settings = experiment.profiles[request.cell.profile];
  const { epochs } = settings;
  const dataset = await loadFor(settings, request.source);
  const clock =
    request.trace === true ? clockKernels(active.tf, () => performance.now(), active.computedMultiplyAdds) : undefined;
  const traced: TracedStep[] = [];
  let lastMessage = -Infinity;
  const batchSize = batchSizeOf(experiment, settings, dataset);
  const job = { experiment, settings, dataset, seed: request.cell.seed };
  const checkpoints = await checkpointsOf(active, request, job, batchSize);
  const earlier = checkpoints?.earlier;
  const stepSeconds = [...(earlier?.stepSeconds ?? [])];
  let steps = 0;
  const outcome = await train(
    active,
    job,
    {
      async onStep({ seconds, preparationSeconds, ...report }) {
        if (++steps > WARMUP_STEPS) stepSeconds.push(seconds);
        if (clock !== undefined) traced.push({ seconds, preparationSeconds, kernels: clock.take() });
        const now = performance.now();
        if (now - lastMessage >= STEP_MESSAGE_MS) {
          lastMessage = now;
          await send({ type: 'step', ...report, epochs, imagesPerSecond: batchSize / seconds });
        }
        await nextTurn();
      },
      async onEpoch(point) {
        // Kernels of the evaluation are not those of a step.
        clock?.take();
        await send({ type: 'epoch', point });
      },
      onRest: async (save) => checkpoints?.offer(save, stepSeconds),
    },
    () => performance.now(),
    earlier?.state,
  );
  const trace = summarizeTrace(traced, WARMUP_STEPS);
  if (trace !== undefined) await send({ type: 'traced', trace });
  if (outcome.outcome === 'diverged') return { ...outcome, curve: [...outcome.curve], dataset: dataset.identity };
  if (request.exportTo !== undefined) {
    const { path, batches } = request.exportTo;
    const { backend, profile } = request.cell;
    const description = { backend, profile, epochs: String(epochs), ...describeData(dataset.identity) };
    await writeExport(path, {
      ...job,
      trained: { weights: outcome.weights, description },
      ...(batches > 0 && { batches: { dataset, batchSize, steps: batches } }),
    });
  }
  const throughput = clock === undefined ? summarizeThroughput(stepSeconds, batchSize, WARMUP_STEPS) : undefined;
  return {
    outcome: 'completed',
    result: {
      kind: 'training',
      dataset: dataset.identity,
      trainImages: dataset.train.count,
      testImages: dataset.test.count,
      batchSize,
      epochs,
      testAccuracy: outcome.testAccuracy,
      curve: [...outcome.curve],
      ...(outcome.symptoms.length > 0 && { symptoms: [...outcome.symptoms] }),
      ...(throughput && { throughput }),
      parameters: outcome.parameters,
      orderSha256: outcome.orderSha256,
      initialWeightsSha256: outcome.initialWeightsSha256,
      weightsSha256: outcome.weightsSha256,
    },
  };
}

/** Of a request that asks for them. Says so where the training goes on from one. */
async function checkpointsOf(
  { description }: ActiveBackend,
  request: RunRequest,
  { experiment, settings: { epochs }, dataset: { identity, train } }: TrainingJob,
  batchSize: number,
): Promise<Checkpoints | undefined> {
  if (request.checkpoint === undefined) return undefined;
  const checkpoints = await openCheckpoints({
    ...request.checkpoint,
    subject: subjectOf(request, identity, description),
    model: { weights: weightShapes(experiment.model), epochs, stepsPerEpoch: Math.floor(train.count / batchSize) },
    now: () => performance.now(),
    onNotice: (text) => send({ type: 'noticed', text }),
  });
  if (checkpoints.earlier !== undefined) await send({ type: 'resumed', earlier: earlierWork(checkpoints.earlier) });
  return checkpoints;
}

function loadFor({ trainImages, testImages }: ProfileSettings, source: DataSource): Promise<Dataset> {
  return loadDataset(source, {
    ...(trainImages !== undefined && { trainImages }),
    ...(testImages !== undefined && { testImages }),
  });
}

async function startToExport({ start, exportTo }: ExportRequest): Promise<Omit<WeightsExport, 'version'>> {
  const steps = exportTo.batches;
  if (start.of === 'golden') {
    const { experiment, seed, batchSize } = start.trajectory;
    return {
      experiment,
      seed,
      batches: { dataset: imagesOf(start.trajectory), batchSize, steps },
    };
  }
  const { experiment, seed } = start;
  const point = { experiment, seed };
  if (steps === 0) return point;
  if (start.source === undefined) throw new Error(`no data came with the request for ${experiment.id}`);
  const settings = experiment.profiles[start.profile];
  const dataset = await loadFor({ ...settings, testImages: 0 }, start.source);
  return { ...point, batches: { dataset, batchSize: batchSizeOf(experiment, settings, dataset), steps } };
}

function imagesOf({ experiment, trainImages }: GoldenTrajectory): Dataset {
  return drawStandInDataset(experiment.dataset, { trainImages, testImages: 0 });
}

async function writeExport(path: string, weights: Omit<WeightsExport, 'version'>): Promise<void> {
  await writeAtomically(path, encodeExport({ ...weights, version: captureEnvironment().cnnbench }));
}

async function main(request: unknown): Promise<void> {
  try {
    await answer(requestSchema.parse(request));
  } catch (error) {
    const known = error instanceof CnnbenchError;
    await send({
      type: 'failed',
      code: known ? error.code : 'E_BUG',
      message: known ? error.message : error instanceof Error ? (error.stack ?? error.message) : messageOf(error),
      remedy: known ? error.remedy : 'This looks like a bug in cnnbench or tfjs; please report it with this message.',
    });
  }
  process.exit();
}

// A terminal sends an interrupt to this process, too; the parent decides what it means.
process.on('SIGINT', () => undefined);
// Without its parent this process has no purpose.
channel.on('error', () => process.exit());
channel.on('close', () => process.exit());
volunteerToDie();
readMessages(
  channel,
  (request) => void main(request),
  () => process.exit(),
);
