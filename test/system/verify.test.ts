import { createHash } from 'node:crypto';
import { cp, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { recordSchema, type CellRecord } from '../../src/core/record.js';
import { temporaryFolder } from '../fixtures/temporary-folder.js';
import { trained } from './trained.js';
import { world } from './world.js';

/** Of the run that all tests share: what was computed on wasm comes to the same bits. */
const pathOf = (cell: string) => join(trained().out, 'records', `${cell}.json`);
const verify = async (...args: string[]) => (await world()).call(['verify', ...args]);

/** A copy of a record with changes, under its own name. */
async function tampered(cell: string, change: (record: CellRecord) => void): Promise<string> {
  const record = recordSchema.parse(JSON.parse(await readFile(pathOf(cell), 'utf8')));
  change(record);
  const path = join(await temporaryFolder(), `${cell}.json`);
  await writeFile(path, JSON.stringify(record));
  return path;
}

const MLP = 'mlp-2.wasm.smoke.seed1';
const CNN = 'cnn-2.wasm.smoke.seed1';

describe('cnnbench verify', () => {
  test('runs every cell of a folder again, to the bit', async () => {
    const { code, stdout, stderr } = await verify(trained().out);
    expect(stdout).toBe(
      [
        `agrees   ${CNN}: every bit but times`,
        'agrees   lenet-5.wasm.smoke.seed0: every count',
        `agrees   ${MLP}: every bit but times`,
        'agrees   ops-pooling.wasm.smoke.seed0: every bit',
        '',
        '4 of 4 cells agree.\n',
      ].join('\n'),
    );
    expect(stderr).toContain('[4/4] ops-pooling wasm');
    expect(code).toBe(0);
  });

  test.each<[string, (record: CellRecord) => void, RegExp]>([
    [
      'one digit of the accuracy',
      (record) => {
        const { result } = record as never as { result: { testAccuracy: number } };
        result.testAccuracy = Number((result.testAccuracy + 0.01).toFixed(4));
      },
      /^differs {2}mlp-2\.wasm\.smoke\.seed1: testAccuracy: recorded 0\.\d+, now 0\.\d+ \(compared: every bit but times\)\n {2}recorded by cnnbench .*\n {2}now {6}by/,
    ],
    [
      'the loss of an epoch',
      (record) => {
        const { result } = record as never as { result: { curve: { trainLoss: number }[] } };
        result.curve[0]!.trainLoss += 1e-15;
      },
      /: epoch 1, trainLoss: recorded \d\.\d+, now \d\.\d+/,
    ],
    [
      'the digest of the weights',
      (record) => {
        (record as never as { result: { weightsSha256: string } }).result.weightsSha256 = '0'.repeat(64);
      },
      /: weightsSha256: recorded 0{64}, now 87fa5607/,
    ],
  ])('finds %s changed, and exits with 1', { tags: 'slow' }, async (_, change, message) => {
    const { code, stdout } = await verify(await tampered(MLP, change));
    expect(stdout).toMatch(message);
    expect(stdout).toMatch(/\n0 of 1 cell agree; 1 does not\.\n$/);
    expect(code).toBe(1);
  });

  test('takes the same sample for everybody: by the digest of the cell', async () => {
    const digest = (cell: string) => createHash('sha256').update(cell).digest('hex');
    const cells = [CNN, 'lenet-5.wasm.smoke.seed0', MLP, 'ops-pooling.wasm.smoke.seed0'];
    const [first] = cells.toSorted((left, right) => (digest(left) < digest(right) ? -1 : 1));
    const { stdout } = await verify(trained().out, '--sample', '1', '--json');
    expect(JSON.parse(stdout)).toMatchObject({ verifications: [{ cell: first, agrees: true }], withoutResult: [] });
  });

  test('refuses a record of another recipe, and names what it can be verified with', async () => {
    const commit = 'c'.repeat(40);
    const path = await tampered(MLP, (record) => {
      Object.assign(record, { recipeSha256: '0'.repeat(64), environment: { ...record.environment, commit } });
    });
    const { code, stderr } = await verify(path);
    expect(stderr).toContain(`${MLP}: its recipe 000000000000 is not that of this version`);
    expect(stderr).toContain(`[E_NOT_VERIFIABLE]\n  Verify it with the version that made it: commit ${commit}.`);
    expect(code).toBe(2);
  });

  test('refuses data that is not that of the record', async () => {
    const path = await tampered(MLP, (record) => {
      (record as never as { result: { dataset: { fingerprint: string } } }).result.dataset.fingerprint = '0'.repeat(64);
    });
    const { code, stderr } = await verify(path);
    expect(stderr).toMatch(
      /was made with other files of cifar-10: stand-in, fingerprint 000000000000; here is .* \[E_DATA_UNAVAILABLE\]/,
    );
    expect(code).toBe(3);
  });

  test('refuses a damaged record, and one that is not there', async () => {
    const path = join(await temporaryFolder(), 'record.json');
    await writeFile(path, '{"schemaVersion": 2}');
    expect(await verify(path)).toMatchObject({ code: 2, stderr: expect.stringContaining('[E_RECORD_INVALID]') });
    expect(await verify(`${path}.not`)).toMatchObject({
      code: 2,
      stderr: expect.stringContaining('[E_RECORD_NOT_FOUND]'),
    });
  });
});

describe('cnnbench verify on the scripted backend', () => {
  async function fakeRun(script: string, exit = 0) {
    const { call, cwd, given } = await world(script);
    await given('run mlp-1 mlp-2 -b fake --profile smoke --out out'.split(' '), exit);
    const record = (experiment: string) => join(cwd, 'out', 'records', `${experiment}.fake.smoke.seed1.json`);
    const again = (path: string, then = '') => call(['verify', path], { CNNBENCH_FAKE: then });
    return { cwd, record, again };
  }

  test(
    'has nothing to verify in a record without a result, and leaves it out of a folder',
    { tags: 'slow' },
    async () => {
      const { cwd, record, again } = await fakeRun('mlp-1=crash', 1);
      const named = await again(record('mlp-1'));
      expect(named.stderr).toContain('mlp-1.fake.smoke.seed1: nothing to verify: outcome crashed [E_NOT_VERIFIABLE]');
      expect(named.code).toBe(2);
      const folder = await again(join(cwd, 'out'));
      expect(folder.stdout).toContain(
        '1 of 1 cell agrees; 1 record without a result left out (mlp-1.fake.smoke.seed1: crashed).',
      );
      expect(folder.code).toBe(0);
      await cp(record('mlp-1'), join(cwd, 'alone', 'mlp-1.fake.smoke.seed1.json'));
      expect(await again(join(cwd, 'alone'))).toMatchObject({
        code: 2,
        stderr: expect.stringContaining('no record has a result'),
      });
    },
  );

  test('holds the accuracy against the reference where no bits are promised', { tags: 'slow' }, async () => {
    const { record, again } = await fakeRun('');
    const { code, stdout } = await again(record('mlp-1'));
    expect(stdout).toMatch(
      /^agrees {3}mlp-1\.fake\.smoke\.seed1: every bit of start and order, accuracies within \d+\.\d\d points, /,
    );
    expect(code).toBe(0);
    const text = await readFile(record('mlp-1'), 'utf8');
    await writeFile(record('mlp-1'), text.replace(/("testAccuracy": 0\.)8\d*(,\n {4}"curve")/, '$13$2'));
    const changed = await again(record('mlp-1'));
    expect(changed.stdout).toMatch(/: testAccuracy: recorded 30\.00%, now 83\.\d\d%/);
    expect(changed.code).toBe(1);
  });

  test('a cell that diverges this time does not agree, one that crashes was not run', async () => {
    const { record, again } = await fakeRun('');
    const diverged = await again(record('mlp-1'), 'mlp-1=diverge');
    expect(diverged.stdout).toContain('outcome: recorded completed, now diverged: the loss became NaN');
    expect(diverged.code).toBe(1);
    const crashed = await again(record('mlp-1'), 'mlp-1=crash');
    expect(crashed.stdout).toMatch(
      /^not run {2}mlp-1\.fake\.smoke\.seed1: crashed: [^]*0 of 1 cell agree; 1 could not be run\.\n$/,
    );
    expect(crashed.code).toBe(3);
  });
});
