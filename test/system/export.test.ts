import { execFile } from 'node:child_process';
import { mkdir, readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { describe, expect, test } from 'vitest';
import { decodeSafetensors } from '../../src/core/safetensors.js';
import { drawStandInDataset } from '../../src/data/stand-in/stand-in.js';
import { readGolden } from '../../src/records/golden.js';
import { GOLDEN_TOLERANCE } from '../../src/parity/bounds.js';
import { weightsDigest } from '../../src/train/digest.js';
import { tensorsOf } from '../../src/train/initialise.js';
import { startWeights } from '../../src/train/trainer.js';
import { world } from './world.js';
import { LEDGER } from '../fixtures/ledger.js';

const run = promisify(execFile);
const PYTHON = '/usr/bin/python3';
const hasTorch = await run(PYTHON, ['-c', 'import torch']).then(
  () => true,
  () => false,
);

async function exportOffline(args: readonly string[]) {
  const { call, cwd } = await world();
  return { cwd, ...(await call(['export', ...args])) };
}

function floats(tensors: readonly { shape: readonly number[]; values: unknown }[]) {
  return tensors.map(({ shape, values }) => ({ shape, values: values as Float32Array }));
}

describe('cnnbench export', () => {
  test('writes the start weights, with layouts, recipe and digest', async () => {
    const { code, stdout, cwd } = await exportOffline(['cnn-1', '--seed', '3']);
    expect(code).toBe(0);
    const { tensors, metadata } = decodeSafetensors(await readFile(join(cwd, 'cnn-1.initial.seed3.safetensors')));
    const experiment = LEDGER.experiment('cnn-1');
    if (experiment.kind !== 'training') throw new Error('cnn-1 is trained');
    const start = startWeights({ experiment, seed: 3 }).flatMap(tensorsOf);
    expect(tensors.map(({ shape }) => shape)).toEqual(start.map(({ shape }) => shape));
    expect(tensors.slice(0, 2).map(({ name, shape }) => [name, shape])).toEqual([
      ['conv1.kernel', [7, 7, 1, 32]],
      ['conv1.bias', [32]],
    ]);
    const digest = weightsDigest(start);
    expect(weightsDigest(floats(tensors))).toBe(digest);
    expect(metadata).toMatchObject({ experiment: 'cnn-1', seed: '3', weights: 'initial', weightsSha256: digest });
    expect(JSON.parse(metadata['optimizer'] as string)).toEqual(experiment.optimizer);
    expect(stdout).toBe(`cnn-1.initial.seed3.safetensors\nweights SHA-256 ${digest}\n`);
  });

  test('writes the batches that the training takes, over the end of an epoch', { tags: 'slow' }, async () => {
    const { cwd, stdout } = await exportOffline(
      'cnn-2 --profile smoke --batches 17 --out x.safetensors --json'.split(' '),
    );
    const { tensors, metadata } = decodeSafetensors(await readFile(join(cwd, 'x.safetensors')));
    const [images, labels] = tensors.slice(-2);
    expect([images?.name, images?.shape]).toEqual(['batches.images', [17, 8, 32, 32, 3]]);
    expect([labels?.name, labels?.shape]).toEqual(['batches.labels', [17, 8]]);
    expect(metadata).toMatchObject({ dataset: 'cifar-10', provenance: 'stand-in' });
    // 128 images are 16 batches: together they are all of them, in another order.
    const { train } = drawStandInDataset('cifar-10', { trainImages: 128, testImages: 0 });
    const epoch = labels?.values.slice(0, 128) as Uint8Array;
    expect(epoch.toSorted()).toEqual(train.labels.toSorted());
    expect(epoch).not.toEqual(train.labels);
    const first = images?.values.slice(0, 3072) as Uint8Array;
    const found = Array.from(train.labels.keys()).filter((index) =>
      first.every((byte, place) => byte === train.images[index * 3072 + place]),
    );
    expect(found.map((index) => train.labels[index])).toEqual([epoch[0]]);
    expect(JSON.parse(stdout)).toMatchObject({ path: 'x.safetensors', metadata: { weights: 'initial' } });
  });

  test('writes the weights that a run ends with, bit for bit', async () => {
    const { code, stderr, cwd } = await exportOffline('mlp-2 --trained --profile smoke'.split(' '));
    expect(stderr).toContain('[1/1] mlp-2 wasm seed 1');
    expect(code).toBe(0);
    const { tensors, metadata } = decodeSafetensors(await readFile(join(cwd, 'mlp-2.wasm.smoke.seed1.safetensors')));
    // As pinned in training.test.ts.
    const pinned = '87fa5607c1565331f7c844cf034e630755bc102a10eedf3a5c7931c973e6156a';
    expect(weightsDigest(floats(tensors))).toBe(pinned);
    const expected = { weights: 'trained', backend: 'wasm', profile: 'smoke', epochs: '1', weightsSha256: pinned };
    expect(metadata).toMatchObject(expected);
  });

  test.each<[string, string, string, number]>([
    ['an unknown experiment', 'mlp-9', 'E_UNKNOWN_EXPERIMENT', 2],
    ['an experiment without weights', 'ops-pooling', 'E_USAGE', 2],
    ['an unknown format', 'mlp-1 --format onnx', 'E_USAGE', 2],
    ['an unknown backend', 'mlp-1 --trained --backend wasn', 'E_UNKNOWN_BACKEND', 2],
    ['a backend that computes nothing', 'mlp-1 --trained --backend fake', 'E_USAGE', 2],
    ['a backend without a training', 'mlp-1 --backend wasm', 'E_USAGE', 2],
    ['more batches than a file should hold', 'mlp-1 --profile full --batches 100000', 'E_USAGE', 2],
    ['a folder that is not there', 'mlp-1 --out nowhere/x.safetensors', 'E_OUT_UNWRITABLE', 2],
    ['a file that is a folder', 'mlp-1 --out .', 'E_OUT_UNWRITABLE', 2],
    ['a golden trajectory that is none', 'mlp-1 --golden', 'E_UNKNOWN_EXPERIMENT', 2],
    ['a golden trajectory with a seed of its own', 'mlp-4 --golden --seed 2', 'E_USAGE', 2],
    ['a training that is not supported', 'cnn-2 --trained -b wasm-stock --profile smoke', 'E_NO_WEIGHTS', 3],
    ['a training that takes too long', 'mlp-1 --trained --profile full --timeout 1', 'E_NO_WEIGHTS', 3],
  ])('refuses %s and leaves no file', async (_, args, error, exit) => {
    const { code, stderr, cwd } = await exportOffline(args.split(' '));
    expect([stderr, code]).toEqual([expect.stringContaining(`[${error}]`), exit]);
    expect((await readdir(cwd)).filter((name) => name !== 'cache')).toEqual([]);
  });
});

test(
  'PyTorch takes the golden steps again, and its losses are those of the committed file',
  { tags: 'slow' },
  async (context) => {
    if (!hasTorch) return context.skip(`${PYTHON} cannot import torch`);
    const { cwd } = await exportOffline('mlp-4 --golden'.split(' '));
    await mkdir(join(cwd, 'golden'));
    const script = fileURLToPath(new URL('../../reference/pytorch/golden.py', import.meta.url));
    await run(PYTHON, [script, 'mlp-4.golden.safetensors', '--out', 'golden/mlp-4.json'], { cwd });
    const again = JSON.parse(await readFile(join(cwd, 'golden/mlp-4.json'), 'utf8')) as { losses: number[] };
    const { losses } = await readGolden('mlp-4');
    expect(again.losses).toHaveLength(losses.length);
    // Another processor rounds otherwise: 1.2e-6 has been seen. Every backend is held to ten times this bound.
    for (const [step, loss] of losses.entries())
      expect(Math.abs((again.losses[step] as number) / loss - 1)).toBeLessThan(GOLDEN_TOLERANCE / 10);
  },
);
