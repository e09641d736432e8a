import { gzipSync } from 'node:zlib';
import { cp, readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { cellTraceSchema } from '../../src/core/trace.js';
import { temporaryFolder } from '../fixtures/temporary-folder.js';
import { cnnbench } from './cnnbench.js';
import { COMMAND, copyOfTrained, trained } from './trained.js';
import { summaryIn, world } from './world.js';

/**
 * SHA-256 of the trained weights of `mlp-2` and `cnn-2`, smoke, seed 1, on the stand-in. They hold on every machine:
 * that is the promise of the wasm backend. A change of the training loop changes them, and every record with them.
 */
const PINNED = {
  'mlp-2': '87fa5607c1565331f7c844cf034e630755bc102a10eedf3a5c7931c973e6156a',
  'cnn-2': '3323dbaec82b5c80966ecbb0fec09db159658b226e9fa2b6dc22e68a0591d146',
};

async function runOffline(args: readonly string[]) {
  const { call, out, summary } = await world();
  const { code, stderr } = await call(['run', '--profile', 'smoke', '--out', out, ...args]);
  return { summary: code === 0 ? await summary() : undefined, code, stderr, out };
}

describe('training for real, without network and without CIFAR-10', () => {
  test('uses labelled stand-ins, compares nothing with a deck, and gives the same bits on every machine', async () => {
    const { code, stderr, out } = trained();
    expect(stderr).toMatch(/CIFAR-10 is not available .*using stand-in images/);
    expect(code).toBe(0);
    const summary = await summaryIn(out);
    const cells = summary.cells.filter(({ weightsSha256 }) => weightsSha256 !== undefined);
    expect(cells.map(({ outcome, dataset }) => [outcome, dataset?.standIn])).toEqual([
      ['completed', true],
      ['completed', true],
    ]);
    const held = summary.claims.filter(({ suite }) => suite === 'mlp' || suite === 'cnn');
    expect(held.map(({ verdict }) => verdict)).toEqual(['not run', 'not run', 'not run']);
    expect(Object.fromEntries(cells.map(({ experiment, weightsSha256 }) => [experiment, weightsSha256]))).toEqual(
      PINNED,
    );
  });

  test('--no-stand-in makes that an error with exit code 3', async () => {
    const { code, stderr, out } = await runOffline(['mlp-2', '--no-stand-in']);
    expect(stderr).toMatch(/CIFAR-10 is not available[\s\S]*\[E_DATA_UNAVAILABLE\]/);
    expect(code).toBe(3);
    await expect(readdir(out)).rejects.toThrow();
  });

  test('js takes the same steps as wasm', { tags: 'slow' }, async () => {
    const { summary } = await runOffline(['mlp-2', '--backend', 'js,wasm']);
    const [js, wasm] = ['js', 'wasm'].map((name) => summary?.cells.find(({ backend }) => backend === name)?.curve?.[0]);
    expect(js?.trainLoss).toBeCloseTo(wasm?.trainLoss ?? NaN, 3);
    expect(Math.abs((js?.testAccuracy ?? 0) - (wasm?.testAccuracy ?? 1))).toBeLessThanOrEqual(0.005);
  });
});

test(
  'a training whose ReLUs die says so, with its first step, in the terminal and in the report',
  { tags: 'slow' },
  async () => {
    const { given, out, read, summary } = await world();
    // The bits of wasm, and the step with them, are those of every machine.
    const cell = ['mlp-4@lr=9e-1,batch=64', '--backend', 'wasm', '--profile', 'smoke', '--seeds', '1'];
    const { stdout } = await given(['run', ...cell, '--out', out]);
    const symptom =
      /zero gradient of dense1\.kernel,\s+dense1\.bias, dense2\.kernel, dense2\.bias and 3 more, first in step 20 of epoch 1;\s+accuracy\s+at\s+chance since epoch 1/;
    expect(stdout).toMatch(symptom);
    expect(await read('out', 'report.md')).toMatch(symptom);
    const { cells } = await summary();
    expect(cells[0]?.symptoms).toEqual([
      expect.objectContaining({ kind: 'zero-gradient', epoch: 1, step: 20 }),
      { kind: 'chance-accuracy', epoch: 1 },
    ]);
  },
);

test(
  'wasm-stock trains an MLP, says which kernel it lacks for a CNN, and is told from wasm in every report',
  { tags: 'slow' },
  async () => {
    const { summary, code, out } = await runOffline(['mlp-2', 'cnn-2', '--backend', 'wasm,wasm-stock']);
    expect(code).toBe(0);
    const reason = 'wasm-stock has no kernel Conv2DBackpropFilter, which training cnn-2 needs';
    expect(summary?.cells.map((cell) => [cell.experiment, cell.backend, cell.outcome, cell.reason])).toEqual([
      ['mlp-2', 'wasm', 'completed', undefined],
      ['mlp-2', 'wasm-stock', 'completed', undefined],
      ['cnn-2', 'wasm', 'completed', undefined],
      ['cnn-2', 'wasm-stock', 'unsupported', reason],
    ]);
    const own = summary?.backends.map(({ name, ownKernels }) => [name, ownKernels.length > 0]);
    expect(own).toEqual([
      ['wasm', true],
      ['wasm-stock', false],
    ]);
    for (const format of ['terminal', 'markdown', 'json', 'junit']) {
      const { stdout } = await cnnbench(['report', out, '--format', format]);
      expect(stdout).toMatch(/wasm(?!-)/);
      expect(stdout).toContain('wasm-stock');
      expect(stdout).toContain('Conv2DBackpropFilter');
    }
    const [picture] = (await readdir(out)).filter((name) => name.startsWith('curves-mlp'));
    const svg = await readFile(join(out, picture as string), 'utf8');
    expect(svg).toMatch(/>mlp-2, wasm: [^<]+<\/text>/);
    expect(svg).toMatch(/>mlp-2, wasm-stock: [^<]+<\/text>/);
    expect(svg).toContain('stroke-dasharray="7 3"');
  },
);

test('the same command goes on with what wasm finished', async () => {
  const { call, out } = await world();
  await copyOfTrained(out);
  expect(trained().stderr).toContain('4 cells to run;');
  const { code, stderr } = await call([...COMMAND, out]);
  expect([code, stderr]).toEqual([0, expect.stringContaining('0 cells to run, 4 already done')]);
});

test('--trace writes where the time of a step goes, leaves the throughput out and changes no bit', async () => {
  const { summary, stderr, out } = await runOffline(['mlp-2', '--backend', 'wasm', '--trace']);
  const path = join(out, 'trace', 'mlp-2.wasm.smoke.seed1.json');
  const trace = cellTraceSchema.parse(JSON.parse(await readFile(path, 'utf8')));
  // 4096 images in batches of 1024: four steps, three of them warm-up.
  expect(trace).toMatchObject({ cell: { experiment: 'mlp-2' }, warmupSteps: 3, steps: 1 });
  const calls = trace.kernels.map(({ name, callsPerStep }) => [name, callsPerStep]);
  // Two layers forward, and two products backward for each.
  expect(calls).toEqual(
    expect.arrayContaining([
      ['_FusedMatMul', 2],
      ['BatchMatMul', 3],
    ]),
  );
  expect(trace.outsideKernelsMs).toBeGreaterThan(0);
  expect(stderr).toMatch(/Mean of 1 step after 3 of warm-up[\s\S]*\nBatchMatMul +3 [\s\S]*\nstep .* 100\.0%/);
  expect(summary?.cells[0]).toMatchObject({ outcome: 'completed', weightsSha256: PINNED['mlp-2'] });
  expect(summary?.cells[0]).not.toHaveProperty('throughput');
});

const BATCH_BYTES = 30_730_000;

describe('broken data in --data-dir ends the run before anything is written', () => {
  test.each<[string, string, (intact: Buffer) => Buffer]>([
    ['a truncated .gz', 'E_DATA_GZIP', (intact) => gzipSync(intact, { level: 1 }).subarray(0, 1000)],
    ['a file of the wrong size', 'E_DATA_SIZE', (intact) => gzipSync(intact.subarray(0, 3073 * 5), { level: 1 })],
  ])('%s', { tags: 'slow' }, async (_, expected, broken) => {
    const folder = await temporaryFolder();
    const intact = Buffer.alloc(BATCH_BYTES);
    await writeFile(join(folder, 'data_batch_1.bin.gz'), broken(intact));
    for (const name of ['data_batch_2', 'data_batch_3', 'data_batch_4', 'data_batch_5', 'test_batch']) {
      await writeFile(join(folder, `${name}.bin`), intact);
    }
    const { code, stderr, out } = await runOffline(['mlp-2', '--data-dir', folder]);
    expect(stderr).toMatch(new RegExp(`data_batch_1\\.bin\\.gz.*\\[${expected}\\]\\n  \\S`));
    expect(code).toBe(2);
    await expect(readdir(out)).rejects.toThrow();
  });

  test('a wrong magic number', async () => {
    const folder = await temporaryFolder();
    for (const name of [
      'train-images-idx3-ubyte',
      'train-labels-idx1-ubyte',
      't10k-images-idx3-ubyte',
      't10k-labels-idx1-ubyte',
    ]) {
      await writeFile(join(folder, name), Buffer.alloc(64, 7));
    }
    const { code, stderr } = await runOffline(['mlp-1', '--data-dir', folder]);
    expect([code, stderr]).toEqual([2, expect.stringContaining('E_DATA_MAGIC')]);
  });
});

test('a record from elsewhere is read, judged and reported without tfjs and without data', async () => {
  const { call, cwd } = await world();
  await cp(join(trained().out, 'records'), cwd, { recursive: true });
  const { code, stdout } = await call(['report', join(cwd, 'mlp-2.wasm.smoke.seed1.json')]);
  expect(code).toBe(0);
  expect(stdout).toMatch(/mlp-2 .*STAND-IN/);
});
