import { setImmediate as nextTurn } from 'node:timers/promises';
import type { ActiveBackend } from '../../backends/backend.js';
import type { TrainingExperiment } from '../../core/experiment.js';
import { slotsOf } from '../../core/optimizer.js';
import { checkFitsData } from '../../model/fits-data.js';
import { summarizeThroughput } from '../../stats/throughput.js';
import { describeData } from '../../train/weights-export.js';
import { weightShapes } from '../../train/initialise.js';
import { missingKernels } from '../../train/kernels.js';
import { clockKernels, summarizeTrace, type TracedStep } from '../../train/trace.js';
import { batchSizeOf, lengthOf, train, type TrainingJob } from '../../train/train.js';
import type { ReportedEnd, RunRequest, Send } from '../protocol.js';
import { earlierWork, openCheckpoints, subjectOf, type Checkpoints } from './keep-checkpoints.js';
import { writeExport } from './export-weights.js';
import { loadFor } from './load.js';

/** Steps that are not timed: the first ones compile and pack. */
const WARMUP_STEPS = 3;

/** Least time between two step messages. */
const STEP_MESSAGE_MS = 100;

/** Trains an experiment, and says how it goes. */
export async function runTraining(
  active: ActiveBackend,
  experiment: TrainingExperiment,
  request: RunRequest,
  send: Send,
): Promise<ReportedEnd> {
  const missing = missingKernels(active.tf, experiment.model);
  if (missing.length > 0) {
    const reason = `${request.cell.backend} has no kernel ${missing.join(', ')}, which training ${experiment.id} needs`;
    return { outcome: 'unsupported', reason };
  }
  if (request.source === undefined) throw new Error(`no data came with the request for ${experiment.id}`);
  const settings = experiment.profiles[request.cell.profile];
  const dataset = await loadFor(settings, request.source);
  checkFitsData(experiment.model, dataset, dataset.identity.name);
  const { epochs } = lengthOf(experiment, settings, dataset);
  const clock =
    request.trace === true ? clockKernels(active.tf, () => performance.now(), active.computedMultiplyAdds) : undefined;
  const traced: TracedStep[] = [];
  let lastMessage = -Infinity;
  const batchSize = batchSizeOf(experiment, settings, dataset);
  const job = { experiment, settings, dataset, seed: request.cell.seed };
  const checkpoints = await checkpointsOf(active, request, job, send);
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
  { experiment, settings, dataset }: TrainingJob,
  send: Send,
): Promise<Checkpoints | undefined> {
  if (request.checkpoint === undefined) return undefined;
  const checkpoints = await openCheckpoints({
    ...request.checkpoint,
    subject: subjectOf(request, dataset.identity, description),
    model: {
      weights: weightShapes(experiment.model),
      slots: slotsOf(experiment.optimizer),
      ...lengthOf(experiment, settings, dataset),
    },
    now: () => performance.now(),
    onNotice: (text) => send({ type: 'noticed', text }),
  });
  if (checkpoints.earlier !== undefined) await send({ type: 'resumed', earlier: earlierWork(checkpoints.earlier) });
  return checkpoints;
}
