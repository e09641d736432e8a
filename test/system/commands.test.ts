import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { temporaryFolder } from '../fixtures/temporary-folder.js';
import { cnnbench } from './cnnbench.js';

const COMMANDS = [
  'publish',
  'verify',
  'run',
  'claims',
  'list',
  'report',
  'params',
  'export',
  'parity',
  'doctor',
  'data list',
  'data pull',
  'data verify',
];

describe('every command', () => {
  test.each(COMMANDS)('%s has help with examples and --json', async (command) => {
    const { code, stdout } = await cnnbench([...command.split(' '), '--help']);
    expect(code).toBe(0);
    expect(stdout).toContain('EXAMPLES');
    expect(stdout).toContain('--json');
  });

  test('is named by the help of the program', async () => {
    const { stdout } = await cnnbench(['--help']);
    for (const command of COMMANDS) expect(stdout).toContain(command.split(' ')[0]);
  });

  test('that does not exist is refused with the nearest name', async () => {
    const { code, stderr } = await cnnbench(['doctr']);
    expect(stderr).toBe(
      'cnnbench: there is no command "doctr"; did you mean "doctor"? [E_USAGE]\n  Run "cnnbench --help" to see them all.\n',
    );
    expect(code).toBe(2);
  });
});

describe('cnnbench params', () => {
  test('prints the layers of an architecture, explains a printed number and judges the claims', async () => {
    const { code, stdout } = await cnnbench(['params', 'vgg-16', '--printed', '138344128']);
    expect(code).toBe(0);
    expect(stdout).toMatch(/conv1_1 +conv2d +3x3 +224 x 224 x 64 +1,792 +64 +86,704,128 +12\.25/);
    expect(stdout).toMatch(/total .* 138,357,544/);
    expect(stdout).toContain('13,416 less than the 138,357,544 parameters. It is the weights alone: the 13,416 biases');
    expect(stdout).toMatch(/Claims of deck 002: \d+ of \d+ hold\.\n {2}erratum 002\/vgg-16\/total\/variables/);
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

describe('cnnbench claims', () => {
  test('says which slides of a deck are wrong, with the arithmetic, in seconds', async () => {
    const started = performance.now();
    const { code, stdout } = await cnnbench(['claims', '--deck', '004', '--verdict', 'erratum']);
    expect(code).toBe(0);
    expect(stdout).toContain('! The slide is wrong (erratum)');
    expect(stdout).toContain('f = 3, s = 1');
    expect(stdout).not.toContain('Reproduced');
    expect(performance.now() - started).toBeLessThan(60_000);
  });
  test('gives the same as JSON, and says what it did not run', async () => {
    const folder = await temporaryFolder();
    const { stdout } = await cnnbench(['claims', '--suite', 'mlp', '--json'], { env: { XDG_CACHE_HOME: folder } });
    const { claims } = JSON.parse(stdout) as { claims: object[] };
    expect(claims[0]).toMatchObject({
      id: '000/mlp-1/accuracy',
      verdict: 'not run',
      reason: 'needs training: cnnbench run mlp-1 --profile full',
    });
  });
  test('reads the records of a run with --from', async () => {
    const folder = await temporaryFolder();
    const out = join(folder, 'out');
    await cnnbench(['run', 'ops-pooling', '--backend', 'fake', '--out', out], { cwd: folder });
    const { stdout } = await cnnbench(['claims', '--from', out, '--json']);
    const { claims } = JSON.parse(stdout) as { claims: { id: string; verdict: string; backend: string }[] };
    expect(claims.length).toBeGreaterThan(5);
    expect(new Set(claims.map(({ backend }) => backend))).toEqual(new Set(['fake']));
    expect(claims.find(({ id }) => id === '004/max-pooling/output')?.verdict).toBe('erratum');
  });
});

describe('cnnbench doctor', () => {
  test('finds every backend that needs no driver working, with its speed and what it lacks for training', async () => {
    const { code, stdout } = await cnnbench(['doctor', '--json']);
    expect(code).toBe(0);
    const { backends } = JSON.parse(stdout) as { backends: { name: string; works: boolean; gigaflops: number }[] };
    const everywhere = ['wasm', 'wasm-stock', 'js'];
    expect(backends.filter(({ name }) => everywhere.includes(name))).toMatchObject([
      { name: 'wasm', works: true, description: { variant: 'SIMD' }, missingKernels: [] },
      {
        name: 'wasm-stock',
        works: true,
        description: { variant: 'SIMD', ownKernels: [] },
        missingKernels: [{ suite: 'cnn', kernels: ['Conv2DBackpropFilter'] }],
      },
      { name: 'js', works: true, missingKernels: [] },
    ]);
    for (const { works, ...rest } of backends) {
      if (works) expect(rest.gigaflops).toBeGreaterThan(0);
      else expect(rest).toMatchObject({ reason: expect.stringMatching(/./), remedy: expect.stringMatching(/./) });
    }
  });
  test('looks at the named backends only, and says on stderr which one it starts', async () => {
    const { code, stdout, stderr } = await cnnbench(['doctor', '-b', 'fake']);
    expect(stdout).toMatch(/^fake +yes +0 +scripted +1 +1\.0 +mlp, cnn +script$/m);
    expect(stderr).toBe('starting fake\n');
    expect(code).toBe(0);
  });
  test.each([
    ['segfault', 'its process was ended by SIGSEGV (a segmentation fault in native code)'],
    ['malformed', 'it sent what is not a message of cnnbench'],
  ])('survives a backend that does "%s", says so and exits with 3', async (behaviour, reason) => {
    const { code, stdout } = await cnnbench(['doctor', '-b', 'fake'], { env: { CNNBENCH_FAKE: `probe=${behaviour}` } });
    expect(stdout).toMatch(/^fake +no$/m);
    expect(stdout.replaceAll(/\s+/g, ' ')).toContain(`does not work ${reason}`);
    expect(code).toBe(3);
  });
  test('refuses a backend that does not exist', async () => {
    const { code, stderr } = await cnnbench(['doctor', '-b', 'tpu']);
    expect([code, stderr]).toEqual([2, expect.stringContaining('[E_UNKNOWN_BACKEND]')]);
  });
});

describe('cnnbench data', () => {
  test('lists where each data set is, or that it would be downloaded', async () => {
    const cwd = await temporaryFolder();
    const { code, stdout } = await cnnbench(['data', 'list'], { env: { XDG_CACHE_HOME: cwd } });
    expect(code).toBe(0);
    expect(stdout).toContain('CIFAR-10 (cifar-10)');
    expect(stdout).toContain('would download 170 MB');
  });
  test('verify exits with 1 for a file that is not what it should be', async () => {
    const folder = await temporaryFolder();
    await writeFile(join(folder, 'test_batch.bin'), 'too short');
    const { code, stdout } = await cnnbench(['data', 'verify', '--data-dir', folder], {
      env: { XDG_CACHE_HOME: folder },
    });
    expect(code).toBe(1);
    expect(stdout).toContain('test_batch');
  });
});

describe('cnnbench report', () => {
  test.each([
    ['a file that is no JSON', 'oops', 'E_RECORD_INVALID'],
    ['JSON that is no record', '{"schemaVersion":99}', 'E_RECORD_INVALID'],
  ])('refuses %s', async (_, content, code) => {
    const folder = await temporaryFolder();
    const path = join(folder, 'record.json');
    await writeFile(path, content);
    const result = await cnnbench(['report', path]);
    expect([result.code, result.stderr]).toEqual([2, expect.stringContaining(code)]);
  });
  test('refuses a path that is not there', async () => {
    const { code, stderr } = await cnnbench(['report', 'nowhere']);
    expect([code, stderr]).toEqual([2, expect.stringContaining('E_RECORD_NOT_FOUND')]);
  });
  test('renders every format of a run, and of a single record', async () => {
    const folder = await temporaryFolder();
    const out = join(folder, 'out');
    await cnnbench(['run', 'lenet-5', 'mlp-1', '--backend', 'fake', '--profile', 'smoke', '--out', out], {
      cwd: folder,
      env: { XDG_CACHE_HOME: folder },
    });
    const record = join(out, 'records', 'lenet-5.fake.smoke.seed0.json');
    for (const path of [out, join(out, 'summary.json'), record]) {
      const outputs = await Promise.all(
        ['terminal', 'markdown', 'json', 'junit'].map((format) => cnnbench(['report', path, '--format', format])),
      );
      expect(outputs.map(({ code }) => code)).toEqual([0, 0, 0, 0]);
      const [terminal, markdown, json, junit] = outputs.map(({ stdout }) => stdout) as [string, string, string, string];
      expect(terminal).toContain('LeNet-5: Architecture in table');
      expect(markdown).toContain('# ');
      expect(JSON.parse(json)).toHaveProperty('claims');
      expect(junit).toMatch(/^<\?xml/);
    }
  });
});
