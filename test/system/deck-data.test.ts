import { cp, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { deckDataSchema, type DeckData } from '../../src/core/deck-data.js';
import type { DataExperiment, TrainingExperiment } from '../../src/core/experiment.js';
import { deckDataset } from '../../src/data/catalog-entry.js';
import { resolveData } from '../../src/data/deck/resolve.js';
import type { CellObserver } from '../../src/runner/parent/executor.js';
import type { SharedExecutor } from '../../src/runner/parent/fork.js';
import { DECK_DATA } from '../fixtures/data/deck-data.js';
import { npyFile, zipFile } from '../fixtures/data/write-formats.js';
import { temporaryFolder } from '../fixtures/temporary-folder.js';

// As built: the process that it starts is.
const { sharedExecutor } = (await import(new URL('../../dist/runner/parent/fork.js', import.meta.url).href)) as {
  readonly sharedExecutor: () => SharedExecutor;
};

const ignore = () => undefined;
const silent: CellObserver = { onStart: ignore, onNotice: ignore, onStep: ignore, onEpoch: ignore };
const signal = new AbortController().signal;

const sourceOf = async (data: DeckData, folder: string) =>
  resolveData(deckDataset(data, folder), {
    cacheDir: join(folder, 'cache'),
    allowDownload: false,
    allowStandIn: false,
  });

const dataOf = (change: object): DeckData =>
  deckDataSchema.parse({ name: 'ml101.set', title: 'Set', scale: { divide: 255 }, ...change });

const COUNTING: DataExperiment = { kind: 'data', id: 'ml101.data', title: 'data', suite: 'data', dataset: 'ml101.set' };

/** Softmax regression. */
function regression(input: [number, number, number], classes: number): TrainingExperiment {
  const settings = { epochs: 5, basis: 'test' };
  return {
    kind: 'training',
    id: 'ml101.train',
    title: 'train',
    suite: 'ml101',
    model: { id: 'ml101.net', title: 'Net', input, layers: [{ kind: 'flatten' }, { kind: 'dense', units: classes }] },
    dataset: 'ml101.set',
    initialisation: 'xavier-uniform',
    optimizer: { name: 'adam', learningRate: 0.05, beta1: 0.9, beta2: 0.999, epsilon: 1e-8 },
    batchSize: 32,
    profiles: { smoke: settings, quick: settings, full: settings },
  };
}

async function execute(experiment: TrainingExperiment | DataExperiment, source: Awaited<ReturnType<typeof sourceOf>>) {
  const executor = sharedExecutor();
  const cell = { experiment: experiment.id, backend: 'js', profile: 'full', seed: 1 } as const;
  // As it comes over the channel.
  const plain = JSON.parse(JSON.stringify(source)) as typeof source;
  try {
    return await executor.execute(
      { cell, experiment, recipeSha256: '0'.repeat(64), source: plain, timeoutMs: 60_000 },
      silent,
      signal,
    );
  } finally {
    await executor.close();
  }
}

/** 300 classes, which a byte does not number: the image of each has one white pixel of its own. */
function manyClasses(): Buffer {
  const labels = Array.from({ length: 600 }, (_, index) => index % 300);
  const bytes = new Uint8Array(600 * 300);
  for (const [index, label] of labels.entries()) bytes[index * 300 + label] = 255;
  return zipFile({
    'x.npy': npyFile({ type: 'u1', shape: [600, 1, 300], bytes }),
    'y.npy': npyFile({ type: 'i2', shape: [600], bytes: new Uint8Array(Uint16Array.from(labels).buffer) }),
  });
}

describe('the data of a deck in the process of a cell', () => {
  test('are counted', async () => {
    const source = await sourceOf(
      dataOf({ source: { format: 'image-folder', train: 'image-folder/train', test: 'image-folder/test' } }),
      DECK_DATA,
    );
    expect(await execute(COUNTING, source)).toMatchObject({
      outcome: 'completed',
      result: {
        kind: 'data',
        dataset: { name: 'ml101.set', provenance: 'deck', fingerprint: source.identity.fingerprint },
        imageShape: [8, 6, 3],
        train: { images: 12, perClass: [4, 4, 4] },
        test: { images: 6, perClass: [2, 2, 2] },
      },
    });
  });

  test('are trained on, 300 classes of them', async () => {
    const folder = await temporaryFolder();
    await writeFile(join(folder, 'a.npz'), manyClasses());
    const file = { file: 'a.npz', images: 'x', labels: 'y' };
    const source = await sourceOf(dataOf({ source: { format: 'npz', train: file, test: file }, classes: 300 }), folder);
    const end = await execute(regression([1, 300, 1], 300), source);
    expect(end).toMatchObject({
      outcome: 'completed',
      result: { kind: 'training', trainImages: 600, testImages: 600, dataset: { provenance: 'deck' } },
    });
    // Guessing has one in 300.
    const accuracy = end.outcome === 'completed' && end.result.kind === 'training' ? end.result.testAccuracy : 0;
    expect(accuracy).toBeGreaterThan(0.9);
  });

  test('end a training that does not fit them before it starts', async () => {
    const source = await sourceOf(
      dataOf({ source: { format: 'image-folder', train: 'image-folder/train', test: 'image-folder/test' } }),
      DECK_DATA,
    );
    expect(await execute(regression([8, 6, 3], 10), source)).toMatchObject({
      outcome: 'crashed',
      reason: expect.stringContaining('E_MODEL_DATA: Net ends in 10 values; ml101.set has 3 classes.') as string,
    });
  });

  test('are another set when a file was changed meanwhile', async () => {
    const folder = await temporaryFolder();
    await cp(join(DECK_DATA, 'image-folder'), folder, { recursive: true });
    const source = await sourceOf(dataOf({ source: { format: 'image-folder', train: 'train', test: 'test' } }), folder);
    await cp(join(folder, 'train', 'Oak', '1.png'), join(folder, 'train', 'Oak', '3.png'));
    expect(await execute(COUNTING, source)).toMatchObject({
      outcome: 'crashed',
      reason: expect.stringContaining('E_DATA_CHANGED') as string,
    });
  });
});
