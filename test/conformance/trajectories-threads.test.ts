import * as layers from '@tensorflow/tfjs-layers';
import { expect, test } from 'vitest';
import { startTunedWasm } from '../../src/backends/wasm/tuned.js';
import type { LayerSpec } from '../../src/core/model.js';
import { KERAS_CASES, PYTORCH_CASES } from './trajectories/cases.js';
import { problemOf, type Case } from './trajectories/problem.js';
import { solve } from './trajectories/solve.js';

const SEED = 7;

/** Large enough for the threads to share the work. */
const wide = (name: string, ...middle: readonly LayerSpec[]): Case => ({
  ...{ name, input: [16, 16, 3], batch: 16 },
  layers: [
    { kind: 'conv2d', filters: 32, kernel: 3, padding: 'same' },
    ...middle,
    { kind: 'flatten' },
    { kind: 'dropout', rate: 0.3 },
    { kind: 'dense', units: 64 },
    { kind: 'relu' },
    { kind: 'dense', units: 10 },
  ],
});

const CASES: readonly Case[] = [
  ...PYTORCH_CASES,
  ...KERAS_CASES,
  wide('dilated', { kind: 'conv2d', filters: 32, kernel: 3, dilation: 2 }, { kind: 'batch-norm' }),
  wide('grouped', { kind: 'conv2d', filters: 32, kernel: 3, groups: 4, stride: 2 }, { kind: 'layer-norm' }),
  wide('depthwise', { kind: 'separable-conv2d', filters: 32, kernel: 3 }, { kind: 'average-pool', size: 2 }),
  wide('transposed', { kind: 'conv2d-transpose', filters: 16, kernel: 3, stride: 2, padding: 'same' }),
  wide('recurrent', { kind: 'reshape', shape: [16, 512] }, { kind: 'gru', units: 64, returnSequences: true }),
  wide('upsampled', { kind: 'upsampling', size: 2, interpolation: 'bilinear' }, { kind: 'max-pool', size: 2 }),
];

test('every layer and optimizer has the same bits with one thread and with two', async () => {
  const problems = CASES.map((wanted) => problemOf(wanted, SEED));
  const solveAll = async (threads: number) => {
    const tuned = await startTunedWasm({ threads });
    const { tf, adam } = tuned;
    const answers = [];
    for (const problem of problems) answers.push(await solve({ tf, layers, adam }, problem, SEED));
    await tuned.stop();
    return answers;
  };
  const [one, two] = [await solveAll(1), await solveAll(2)];
  for (const [index, { name }] of problems.entries()) expect(two[index], name).toEqual(one[index]);
});
