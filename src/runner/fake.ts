import type { Cell } from '../core/cell.js';
import type { CurvePoint } from '../core/record.js';
import { measure } from '../ops/measure.js';
import { naivePrimitives } from '../ops/naive.js';
import { findExperiment, modelOf } from '../suites/recipe.js';
import { symbolicCounts } from '../model/counts.js';
import type { Message } from './protocol.js';

const BEHAVIOURS = ['complete', 'diverge', 'crash', 'abort', 'hang', 'garbage', 'unsupported'] as const;
type Behaviour = (typeof BEHAVIOURS)[number];

const DATASET = { name: 'fashion-mnist', fingerprint: 'f'.repeat(64), provenance: 'stand-in', note: 'fake' } as const;

/**
 * The `fake` backend: a cell with scripted clock, losses and end, so that runner, records and reports can be tested to
 * the character. The environment variable CNNBENCH_FAKE names what each experiment does: `mlp-1=crash,mlp-2=hang`.
 */
export async function runFakeCell(cell: Cell, send: (message: Message) => Promise<void>): Promise<void> {
  const experiment = findExperiment(cell.experiment);
  const behaviour = behaviourOf(cell.experiment, process.env['CNNBENCH_FAKE'] ?? '');
  await send({
    type: 'started',
    backend: { name: 'fake', version: '0', device: 'script', threads: 1, variant: 'scripted', ownKernels: [] },
    notices: [],
  });
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
    const result = { kind: 'architecture', ...symbolicCounts(modelOf(experiment)) } as const;
    return send({ type: 'ended', end: { outcome: 'completed', result } });
  }

  const curve: CurvePoint[] = [];
  for (let epoch = 1; epoch <= 3; epoch++) {
    const step = { type: 'step', epochs: 3, epoch, step: 1, stepsPerEpoch: 1, imagesPerSecond: 1000 } as const;
    await send({ ...step, loss: 1 / epoch });
    const point = {
      epoch,
      trainLoss: 1 / epoch,
      testLoss: 1 / epoch,
      testAccuracy: 0.8 + epoch / 100,
      trainSeconds: 1,
    };
    curve.push(point);
    await send({ type: 'epoch', point });
  }
  switch (behaviour) {
    case 'complete':
      return send({
        type: 'ended',
        end: {
          outcome: 'completed',
          result: {
            kind: 'training',
            dataset: DATASET,
            trainImages: 1000,
            testImages: 100,
            batchSize: 1000,
            epochs: 3,
            testAccuracy: 0.83 + (cell.seed % 3) / 1000,
            curve,
            throughput: { imagesPerSecond: 1000, low: 990, high: 1010, blocks: 10, seconds: 3, warmupSteps: 3 },
            parameters: 10,
            initialWeightsSha256: '0'.repeat(64),
            weightsSha256: cell.seed.toString(16).padStart(64, '0'),
          },
        },
      });
    case 'diverge':
      return send({
        type: 'ended',
        end: { outcome: 'diverged', reason: 'the loss became NaN in step 1 of epoch 4', dataset: DATASET, curve },
      });
    case 'unsupported':
      return send({ type: 'ended', end: { outcome: 'unsupported', reason: 'the script says so' } });
    case 'crash':
      process.stderr.write('scripted crash\n');
      process.exit(13);
      break;
    case 'abort':
      process.abort();
      break;
    case 'hang':
      await new Promise(() => setInterval(() => undefined, 1000));
      break;
    case 'garbage':
      process.stdout.write('\u0000garbage\n');
      process.send?.({ type: 'nonsense' });
  }
}

function behaviourOf(experiment: string, script: string): Behaviour {
  const entry = script.split(',').find((part) => part.startsWith(`${experiment}=`));
  const word = entry?.slice(experiment.length + 1) ?? 'complete';
  const behaviour = BEHAVIOURS.find((candidate) => candidate === word);
  if (behaviour === undefined) throw new Error(`CNNBENCH_FAKE: "${word}" is none of ${BEHAVIOURS.join(', ')}`);
  return behaviour;
}
