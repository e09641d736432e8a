/**
 * Entry of a child process: the only place besides the commands where everything is put together, and the only one that
 * loads tfjs. Takes a request over its channel, answers with messages of `protocol.ts`, and ends, unless it is to stay.
 */
import type { ActiveBackend } from '../../backends/backend.js';
import { findBackend } from '../../backends/registry.js';
import { CnnbenchError, messageOf } from '../../core/errors.js';
import { unregisteredKernel } from '../../train/kernels.js';
import { channelToParent, encodeMessage, readMessages } from '../channel.js';
import {
  requestSchema,
  type ProbeRequest,
  type ReportedEnd,
  type Request,
  type RunRequest,
  type Send,
} from '../protocol.js';
import { count } from './count.js';
import { exportStart } from './export-weights.js';
import { runFakeCell, runFakeProbe } from './fake.js';
import { endFirstWithoutMemory } from './out-of-memory.js';
import { computeRung } from './parity.js';
import { probe } from './probe.js';
import { proveInstallation } from './prove.js';
import { runTraining } from './train.js';

const channel = channelToParent();

const send: Send = (message) =>
  new Promise((resolve, reject) => {
    channel.write(encodeMessage(message), (error) => (error ? reject(error) : resolve()));
  });

async function answer(request: Request): Promise<void> {
  switch (request.type) {
    case 'export':
      await exportStart(request);
      return send({ type: 'exported' });
    case 'prove':
      return send({ type: 'proved', proof: await proveInstallation(request.packageFolder, request.flavour) });
    case 'probe':
      if (request.backend === 'fake') return runFakeProbe({ send, channel });
      return send(await probe((await start(request, fmaOf(request))).tf, request));
    case 'parity':
      return computeRung(await start(request), request, send);
    case 'run': {
      const { cell, experiment } = request;
      if (cell.backend === 'fake') return runFakeCell(cell, experiment, { send, channel });
      const active = await start({ ...request, backend: cell.backend }, fmaOf(request));
      return send({ type: 'ended', end: await runCell(active, request).catch(unsupportedBy(active)) });
    }
  }
}

function fmaOf({ fma }: Pick<ProbeRequest, 'fma'>): { readonly fma?: boolean } {
  return fma === undefined ? {} : { fma };
}

/** The backend of a process that stays: its requests are all for the same one. */
let kept: ActiveBackend | undefined;

/** Starts the backend and says what it is. */
async function start(
  { backend, threads }: Pick<ProbeRequest, 'backend' | 'threads'>,
  options: { readonly fma?: boolean } = {},
): Promise<ActiveBackend> {
  kept ??= await findBackend(backend).activate({ ...options, ...(threads !== undefined && { threads }) });
  await send({ type: 'started', backend: kept.description, notices: [...kept.notices] });
  return kept;
}

async function runCell(active: ActiveBackend, request: RunRequest): Promise<ReportedEnd> {
  const { experiment } = request;
  return experiment.kind === 'training'
    ? runTraining(active, experiment, request, send)
    : count(active, experiment, request);
}

/** A kernel that only turned out to be missing while the cell ran is no crash. */
function unsupportedBy({ description }: ActiveBackend): (error: unknown) => ReportedEnd {
  return (error) => {
    const kernel = unregisteredKernel(error);
    if (kernel === undefined) throw error;
    return { outcome: 'unsupported', reason: `${description.name} has no kernel ${kernel}` };
  };
}

async function main(raw: unknown): Promise<void> {
  try {
    const request = requestSchema.parse(raw);
    await answer(request);
    if ('stays' in request && request.stays === true) return;
  } catch (error) {
    const known = error instanceof CnnbenchError;
    await send({
      type: 'failed',
      code: known ? error.code : 'E_BUG',
      message: known ? error.message : error instanceof Error ? (error.stack ?? error.message) : messageOf(error),
      remedy: known ? error.remedy : 'This looks like a bug in cnnbench or tfjs: please report it with this message.',
    });
  }
  process.exit();
}

// A terminal sends an interrupt to this process, too; the parent decides what it means.
process.on('SIGINT', () => undefined);
// Without its parent this process has no purpose.
channel.on('error', () => process.exit());
channel.on('close', () => process.exit());
endFirstWithoutMemory();
readMessages(
  channel,
  (request) => void main(request),
  () => process.exit(),
);
