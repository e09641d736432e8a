import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { temporaryFolder } from '../fixtures/temporary-folder.js';
import { cnnbench } from './cnnbench.js';

describe('cnnbench params', () => {
  test('prints the layers of an architecture, explains a printed number and judges the claims', async () => {
    const { code, stdout } = await cnnbench(['params', 'vgg-16', '--printed', '138344128']);
    expect(code).toBe(0);
    expect(stdout).toMatch(/conv1_1 +conv2d +3x3 +224 x 224 x 64 +1,792 +64 +86,704,128 +12\.25/);
    expect(stdout).toMatch(/total .* 138,357,544/);
    expect(stdout.replaceAll(/\s+/g, ' ')).toContain(
      '13,416 less than the 138,357,544 parameters. It is the weights alone: the 13,416 biases',
    );
    expect(stdout).toMatch(/Claims of deck 002: \d+ of \d+ hold\.\n\n {2}.*\n {4}002\/vgg-16\/total\/variables; /);
  });
  test('gives the same as JSON, by either flag', async () => {
    const [json, format] = await Promise.all([
      cnnbench(['params', 'lenet-5', '--json']),
      cnnbench(['params', 'lenet-5', '--format', 'json']),
    ]);
    expect(JSON.parse(json.stdout)).toMatchObject({ id: 'lenet-5', totals: { parameters: 61_706 } });
    expect(JSON.parse(format.stdout)).toEqual(JSON.parse(json.stdout));
  });
  test("counts a user's own model.json", async () => {
    const path = join(await temporaryFolder(), 'model.json');
    const layers = [{ class_name: 'Dense', config: { name: 'd', units: 3, batch_input_shape: [null, 4] } }];
    const weightsManifest = [{ paths: [], weights: [{ shape: [4, 3] }, { shape: [3] }] }];
    await writeFile(
      path,
      JSON.stringify({
        modelTopology: { class_name: 'Sequential', config: { name: 'mine', layers } },
        weightsManifest,
      }),
    );
    const { code, stdout } = await cnnbench(['params', '--model-json', path]);
    expect(code).toBe(0);
    expect(stdout).toMatch(/^Sequential mine, input 4\n/);
    expect(stdout).toMatch(/d +Dense +3 +15 +3 +12 +0\.00/);
    expect(stdout).toContain('The weights manifest lists 15 values, as counted.');
  });
  test.each([
    ['an unknown architecture', ['vgg-17'], 'E_UNKNOWN_MODEL'],
    ['neither an architecture nor a file', [], 'E_USAGE'],
    ['both of them', ['vgg-16', '--model-json', 'x'], 'E_USAGE'],
    ['a printed number that is none', ['vgg-16', '--printed', 'many'], 'E_USAGE'],
    ['a file that is not there', ['--model-json', 'nowhere.json'], 'E_MODEL_JSON'],
    ['a folder', ['--model-json', '.'], 'E_MODEL_JSON'],
  ])('refuses %s', async (_, args, error) => {
    const { code, stderr } = await cnnbench(['params', ...args]);
    expect([code, stderr]).toEqual([2, expect.stringContaining(`[${error}]`)]);
  });
});
