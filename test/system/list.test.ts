import { describe, expect, test } from 'vitest';
import { cnnbench } from './cnnbench.js';

describe('cnnbench list', () => {
  test('names every suite and the eight training experiments', async () => {
    const { stdout } = await cnnbench(['list']);
    for (const word of ['ops', 'params', 'data', 'mlp', 'cnn']) expect(stdout).toMatch(new RegExp(`^${word} `, 'm'));
    for (const id of ['mlp-1', 'mlp-1-sigmoid', 'mlp-1-deep', 'mlp-2', 'mlp-3', 'mlp-4', 'cnn-1', 'cnn-2']) {
      expect(stdout).toMatch(new RegExp(`^${id} `, 'm'));
    }
  });
  test('prints recipes that the reference script can read', async () => {
    const { stdout } = await cnnbench(['list', '--recipes']);
    const { experiments } = JSON.parse(stdout) as { experiments: { id: string; model: unknown[] }[] };
    expect(experiments.find(({ id }) => id === 'mlp-1')?.model).toHaveLength(4);
  });
});
