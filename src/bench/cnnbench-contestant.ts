/**
 * A contestant that trains as a cell does: the same `train()`, on a backend of the registry. It stops between two steps
 * to wait for the next request. Speaks `protocol.ts`.
 */
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import type { ActiveBackend } from '../backends/backend.js';
import { REGISTERED_BACKENDS } from '../backends/registry.js';
import { CnnbenchError, messageOf } from '../core/errors.js';
import { builtInLedger } from '../suites/built-in.js';
import { clockKernels } from '../train/trace.js';
import { train, type TrainingJob, type TrainingObserver } from '../train/train.js';
import { encodeMessage } from '../runner/channel.js';
import { blockRequestSchema, type BlockRequest, type Message } from './protocol.js';
import { sum } from './statistics.js';
import { syntheticDataset } from './synthetic.js';

const SEED = 1;

/** Among the kernels of a traced block: gathering and normalising the images. */
const BATCH_PREPARATION = 'batch preparation';

const { values } = parseArgs({
  options: {
    backend: { type: 'string', default: 'wasm' },
    threads: { type: 'string', default: '1' },
    experiment: { type: 'string', default: '' },
    batch: { type: 'string', default: '1' },
    fma: { type: 'boolean', default: false },
  },
});

async function main(): Promise<void> {
  const job = jobOf(values.experiment, Number(values.batch));
  const active = await activate(values.backend, Number(values.threads), values.fma);
  const { version, library, variant, ownKernels } = active.description;
  const kernels = ownKernels.length === 0 ? 'no kernels of cnnbench' : `with ${ownKernels.join(', ')}`;
  await send({
    type: 'ready',
    software: [`tfjs ${version}`, ...(library === undefined ? [] : [library]), variant, kernels].join(', '),
  });
  const requests = readRequests();
  const outcome = await train(active, job, await pausing(active, requests), () => performance.now());
  throw new Error(`training ended, ${outcome.outcome === 'diverged' ? outcome.reason : 'which it never should'}`);
}

function jobOf(id: string, batchSize: number): TrainingJob {
  const experiment = builtInLedger().training(id);
  const settings = { epochs: Number.MAX_SAFE_INTEGER, batchSize, basis: 'a benchmark ends when nobody asks for more' };
  const dataset = syntheticDataset(experiment.dataset, experiment.model.input as [number, number, number]);
  return { experiment, settings, dataset, seed: SEED };
}

async function activate(name: string, threads: number, fma: boolean): Promise<ActiveBackend> {
  const backend = REGISTERED_BACKENDS.find((candidate) => candidate.name === name);
  if (backend === undefined) {
    const names = REGISTERED_BACKENDS.map((candidate) => candidate.name).join(', ');
    throw new CnnbenchError('E_UNKNOWN_BACKEND', `there is no backend "${name}"`, `Choose one of ${names}.`);
  }
  const active = await backend.activate({ threads, fma });
  if (active.description.threads !== threads) {
    const why = active.notices.join('; ');
    throw new Error(`asked for ${threads} threads, got ${active.description.threads}${why === '' ? '' : `: ${why}`}`);
  }
  if (fma && !active.description.variant.includes('FMA')) {
    throw new Error(`asked for fused multiply-add, got ${active.description.variant}: ${active.notices.join('; ')}`);
  }
  return active;
}

/** An observer that makes the training loop wait for requests and answers each with its block. */
async function pausing(
  { tf }: ActiveBackend,
  requests: AsyncIterator<Required<BlockRequest>, void>,
): Promise<TrainingObserver> {
  const next = async () => {
    const asked = await requests.next();
    if (asked.done === true) process.exit();
    const request = asked.value;
    const idleCpuSeconds = cpuSeconds() - lastCpuSeconds;
    lastCpuSeconds = cpuSeconds();
    const kernels = request.trace ? clockKernels(tf, () => performance.now()) : undefined;
    return {
      request,
      idleCpuSeconds,
      kernels,
      stepSeconds: [] as number[],
      kernelSeconds: [] as Record<string, number>[],
    };
  };
  let lastCpuSeconds = cpuSeconds();
  let block = await next();
  let stepStart = performance.now();
  return {
    async onStep({ loss, preparationSeconds }) {
      await nextTurn(); // As in a cell.
      block.stepSeconds.push((performance.now() - stepStart) / 1000);
      if (block.kernels !== undefined) {
        const seconds = [...block.kernels.take()].map(([name, { ms }]) => [name, ms / 1000] as const);
        block.kernelSeconds.push({ ...Object.fromEntries(seconds), [BATCH_PREPARATION]: preparationSeconds });
      }
      const { request, stepSeconds, kernels, kernelSeconds, idleCpuSeconds } = block;
      const passed = sum(stepSeconds);
      if (stepSeconds.length >= request.steps && passed >= request.seconds) {
        kernels?.stop();
        const used = cpuSeconds() - lastCpuSeconds;
        lastCpuSeconds = cpuSeconds();
        const report = { loss, cpuSeconds: used, idleCpuSeconds, ...(kernels && { kernelSeconds }) };
        await send({ type: 'block', stepSeconds, ...report });
        block = await next();
      }
      stepStart = performance.now();
    },
    async onEpoch() {
      block.kernels?.take();
      stepStart = performance.now(); // The evaluation belongs to no step.
    },
  };
}

/** Of all threads of this process. */
function cpuSeconds(): number {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1e6;
}

async function* readRequests(): AsyncGenerator<Required<BlockRequest>, void> {
  for await (const line of createInterface({ input: process.stdin })) {
    yield blockRequestSchema.parse(JSON.parse(line));
  }
}

async function send(message: Message): Promise<void> {
  if (!process.stdout.write(encodeMessage(message))) await once(process.stdout, 'drain');
}

try {
  await main();
} catch (error) {
  const message = error instanceof CnnbenchError ? `${error.message}. ${error.remedy}` : messageOf(error);
  await send({ type: 'failed', message });
  process.exit(1);
}
