import { spawn } from 'node:child_process';
import type { Writable } from 'node:stream';
import { setTimeout as pause } from 'node:timers/promises';
import type { Cell } from '../../core/cell.js';
import type { Experiment } from '../../core/experiment.js';
import type { CurvePoint } from '../../core/record.js';
import { measure } from '../../examples/measure.js';
import { naivePrimitives } from '../../examples/naive.js';
import { symbolicCounts } from '../../model/counts.js';
import type { Message } from '../protocol.js';

const DATASET = { name: 'fashion-mnist', fingerprint: 'f'.repeat(64), provenance: 'stand-in', note: 'fake' } as const;

/** What the child process answers over: messages, or whatever bytes. */
interface FakeChannel {
  readonly send: (message: Message) => Promise<void>;
  readonly channel: Writable;
}

const FAKE_START: Message = {
  type: 'started',
  backend: { name: 'fake', version: '0', device: 'script', threads: 1, variant: 'scripted', ownKernels: [] },
  notices: [],
};

const FAKE_STEP = {
  type: 'step',
  epochs: 3,
  epoch: 1,
  step: 1,
  stepsPerEpoch: 1,
  imagesPerSecond: 1000,
  loss: 1,
} as const;

/**
 * The `fake` backend: a cell with scripted clock, losses and end, so that runner, records and reports can be tested to
 * the character. The environment variable CNNBENCH_FAKE names what each experiment does: `mlp-1=crash,mlp-2=hang`, or the
 * final accuracies of its seeds, from 1: `mlp-1=0.5/0.52/0.51`.
 */
export async function runFakeCell(cell: Cell, experiment: Experiment, { send, channel }: FakeChannel): Promise<void> {
  const behaviour = behaviourOf(cell.experiment, process.env['CNNBENCH_FAKE'] ?? '');
  if (behaviour === 'hasty') await send(FAKE_STEP);
  await send(FAKE_START);
  if (experiment.kind === 'ops') {
    const values = await measure(naivePrimitives, experiment.operations);
    return send({ type: 'ended', end: { outcome: 'completed', result: { kind: 'ops', values } } });
  }
  if (experiment.kind === 'data') {
    const split = { images: 100, perClass: new Array<number>(10).fill(10), range: [0, 255] as [number, number] };
    const result = { kind: 'data', dataset: DATASET, imageShape: [28, 28, 1], train: split, test: split } as const;
    return send({ type: 'ended', end: { outcome: 'completed', result: { ...result, imageShape: [28, 28, 1] } } });
  }
  if (experiment.kind === 'architecture') {
    const result = { kind: 'architecture', ...symbolicCounts(experiment.model) } as const;
    return send({ type: 'ended', end: { outcome: 'completed', result } });
  }

  const epochs = 3;
  const testAccuracy = scriptedAccuracy(cell);
  const curve: CurvePoint[] = [];
  for (let epoch = 1; epoch <= epochs; epoch++) {
    await send({ ...FAKE_STEP, epoch, loss: 1 / epoch });
    const point = {
      epoch,
      trainLoss: 1 / epoch,
      testLoss: 1 / epoch,
      testAccuracy: Math.max(0, testAccuracy - (epochs - epoch) / 100),
      trainSeconds: 1,
    };
    curve.push(point);
    await send({ type: 'epoch', point });
  }
  if (behaviour === 'diverge') {
    const reason = 'the loss became NaN in step 1 of epoch 4';
    return send({ type: 'ended', end: { outcome: 'diverged', reason, dataset: DATASET, curve } });
  }
  if (behaviour === 'unsupported') {
    return send({ type: 'ended', end: { outcome: 'unsupported', reason: 'the script says so' } });
  }
  await FAULTS[behaviour]?.({ send, channel });
  const end = {
    outcome: 'completed',
    result: {
      kind: 'training',
      dataset: DATASET,
      trainImages: 1000,
      testImages: 100,
      batchSize: 1000,
      epochs,
      testAccuracy,
      curve,
      throughput: { imagesPerSecond: 1000, low: 990, high: 1010, blocks: 10, seconds: 3, warmupSteps: 3 },
      parameters: 10,
      orderSha256: cell.seed.toString(16).padStart(64, 'b'),
      initialWeightsSha256: cell.seed.toString(16).padStart(64, 'a'),
      weightsSha256: cell.seed.toString(16).padStart(64, '0'),
    },
  } as const;
  await send({ type: 'ended', end: { ...end, result: { ...end.result, curve } } });
  if (behaviour === 'twice') await send({ type: 'ended', end: { outcome: 'unsupported', reason: 'a second end' } });
}

/** The `fake` backend looked at by `doctor`: CNNBENCH_FAKE says what it does, `probe=segfault`. */
export async function runFakeProbe({ send, channel }: FakeChannel): Promise<void> {
  await FAULTS[behaviourOf('probe', process.env['CNNBENCH_FAKE'] ?? '')]?.({ send, channel });
  await send(FAKE_START);
  return send({ type: 'probed', gigaflops: 1, missingKernels: [] });
}

/** What a cell does instead of ending well, or before it. Each happens for real. */
const FAULTS: Readonly<Record<string, (channel: FakeChannel) => unknown>> = {
  crash() {
    process.stderr.write('scripted \u001b[31mcrash\u001b[0m\u202e\n');
    process.exit(13);
  },
  leave: () => process.exit(0),
  throw() {
    setImmediate(() => {
      throw new Error('nobody catches this');
    });
    return forever();
  },
  abort: () => process.abort(),
  segfault: () => raise('SIGSEGV'),
  kill: () => raise('SIGKILL'),
  heap() {
    const hoard: unknown[] = [];
    for (;;) hoard.push(new Array(1000).fill(hoard.length));
  },
  /** Memory outside of V8's heap, as native code and WebAssembly take it: 32 MiB every 20 ms, without an end. */
  async hoard() {
    const hoard: Buffer[] = [];
    for (;;) {
      hoard.push(Buffer.alloc(2 ** 25, 1));
      await pause(20);
    }
  },
  hang: forever,
  busy() {
    for (;;);
  },
  garbage({ channel }) {
    process.stdout.write('\u0000garbage\n');
    channel.write('{"type":"nonsense"}\n');
    return forever();
  },
  malformed({ channel }) {
    channel.write('{"type": \u0000\n{]');
    return forever();
  },
  /** What Node's own IPC channel takes for one of its internal messages. */
  internal({ channel }) {
    channel.write('{"cmd":"NODE_HANDLE_ACK"}\n');
    return forever();
  },
  async endless({ channel }) {
    const part = 'x'.repeat(2 ** 20);
    for (;;) await new Promise((resolve) => channel.write(part, resolve));
  },
  async flood({ send }) {
    for (let step = 0; step < 100_000; step++) await send(FAKE_STEP);
  },
  async torrent({ send }) {
    for (;;) await send(FAKE_STEP);
  },
  async noise() {
    const text = `\u001b[2J{"cells":[]}\u0000${'noise '.repeat(200)}\n`.repeat(1000);
    for (const stream of [process.stdout, process.stderr, process.stdout]) {
      await new Promise((resolve) => stream.write(text, resolve));
    }
  },
  /** A process that outlives this one and keeps its output open. */
  grandchild() {
    spawn('sleep', ['60'], { stdio: 'inherit' });
    process.exit(13);
  },
};

const BEHAVIOURS = ['complete', 'diverge', 'unsupported', 'hasty', 'twice', ...Object.keys(FAULTS)];

function forever(): Promise<never> {
  return new Promise(() => setInterval(() => undefined, 1000));
}

function raise(signal: NodeJS.Signals): Promise<never> {
  process.kill(process.pid, signal);
  return forever();
}

/** Final accuracies of the seeds from 1, with slashes between them. */
const ACCURACIES = /^[01]\.\d+(\/[01]\.\d+)*$/;

function wordOf(experiment: string, script: string): string | undefined {
  // An id may have commas of its own: mlp-2@lr=3e-4,batch=64.
  return `,${script}`.split(`,${experiment}=`)[1]?.split(',')[0];
}

function scriptedAccuracy({ experiment, seed }: Cell): number {
  const word = wordOf(experiment, process.env['CNNBENCH_FAKE'] ?? '') ?? '';
  const scripted = ACCURACIES.test(word) ? word.split('/')[seed - 1] : undefined;
  return scripted === undefined ? 0.83 + (seed % 3) / 1000 : Number(scripted);
}

function behaviourOf(experiment: string, script: string): string {
  const word = wordOf(experiment, script) ?? 'complete';
  if (ACCURACIES.test(word)) return 'complete';
  if (BEHAVIOURS.includes(word)) return word;
  throw new Error(`CNNBENCH_FAKE: "${word}" is none of ${BEHAVIOURS.join(', ')}`);
}
