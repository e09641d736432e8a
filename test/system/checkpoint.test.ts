import { cp, readdir, readFile, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { describe, expect, test } from 'vitest';
import { recordSchema, type CellRecord } from '../../src/core/record.js';
import { cnnbench, start } from './cnnbench.js';
import { world } from './world.js';

/** Three epochs of four steps, on the stand-in. */
const CELL = 'mlp-2@epochs=3.wasm.smoke.seed1';
const COMMAND = ['run', 'mlp-2@epochs=3', '--backend', 'wasm', '--profile', 'smoke', '--seeds', '1'];
const CHECKPOINT = join('checkpoints', `${CELL}.safetensors`);

async function recordIn(out: string): Promise<CellRecord> {
  return recordSchema.parse(JSON.parse(await readFile(join(out, 'records', `${CELL}.json`), 'utf8')));
}

/** All of a training's record that has bits. */
function bitsOf(record: CellRecord) {
  if (record.outcome !== 'completed' || record.result.kind !== 'training') return record;
  const { curve, initialWeightsSha256, weightsSha256, testAccuracy } = record.result;
  const losses = curve.map(({ epoch, trainLoss, testLoss, testAccuracy: accuracy }) => ({
    ...{ epoch, trainLoss, testLoss, accuracy },
  }));
  return { losses, initialWeightsSha256, weightsSha256, testAccuracy };
}

/** Changes with each checkpoint, which is a new file every time. */
function versionOf(out: string): Promise<string> {
  return stat(join(out, CHECKPOINT), { bigint: true }).then(
    ({ ino, mtimeNs }) => `${ino} ${mtimeNs}`,
    () => 'none',
  );
}

/** Runs until there is a new checkpoint, and kills all processes of the run at once. */
async function runAndKill(out: string, cwd: string, env: Readonly<Record<string, string>>): Promise<string> {
  const before = await versionOf(out);
  const args = [...COMMAND, '--checkpoint-every', '0', '--out', out];
  const { child, result } = start(args, { cwd, env, detached: true });
  while ((await versionOf(out)) === before && child.exitCode === null) await pause(5);
  process.kill(-(child.pid as number), 'SIGKILL');
  const { code, stderr } = await result;
  expect(code).toBe(null);
  expect(await readdir(join(out, 'records'))).toEqual([]);
  return stderr;
}

test('a training that was killed goes on to the bits of one that was not', { tags: 'slow' }, async () => {
  const { call, cwd, env, given } = await world();
  const [undisturbed, out, damaged] = ['undisturbed', 'killed', 'damaged'].map((name) => join(cwd, name)) as [
    string,
    string,
    string,
  ];
  await given([...COMMAND, '--out', undisturbed]);
  const wanted = await recordIn(undisturbed);
  expect(wanted).not.toHaveProperty('interruptions');

  expect(await runAndKill(out, cwd, env)).not.toContain('goes on');
  await cp(out, damaged, { recursive: true });
  expect(await runAndKill(out, cwd, env)).toMatch(/^mlp-2@epochs=3 wasm seed 1 goes on after (step \d of )?epoch \d$/m);
  const resumed = await call(['run', '--resume', out]);
  expect(resumed.stderr).toMatch(/^1 cell to run; .*\n.* goes on after (step \d of )?epoch \d$/m);
  expect(resumed.code).toBe(0);
  const record = await recordIn(out);
  expect(bitsOf(record)).toEqual(bitsOf(wanted));
  expect(record).toMatchObject({ interruptions: 2 });
  expect((await readdir(out)).filter((name) => name === 'checkpoints' || name.endsWith('.tmp'))).toEqual([]);

  // One bit of a weight.
  const bytes = await readFile(join(damaged, CHECKPOINT));
  const middle = bytes.length >> 1;
  bytes[middle] = (bytes[middle] as number) ^ 1;
  await writeFile(join(damaged, CHECKPOINT), bytes);
  const again = await call([...COMMAND, '--out', damaged]);
  expect(again.stderr).toContain('seed 1 starts from the beginning, its checkpoint cannot be used: it is damaged');
  expect(again.code).toBe(0);
  expect(bitsOf(await recordIn(damaged))).toEqual(bitsOf(wanted));
  expect(await recordIn(damaged)).not.toHaveProperty('interruptions');
  expect(await readdir(damaged)).not.toContain('checkpoints');
});

test('--fresh starts again, checkpoint or not', { tags: 'slow' }, async () => {
  const { call, cwd, env, out } = await world();
  await runAndKill(out, cwd, env);
  const { code, stderr } = await call([...COMMAND, '--fresh', '--out', out]);
  expect(stderr).not.toContain('goes on');
  expect(code).toBe(0);
  expect(await recordIn(out)).not.toHaveProperty('interruptions');
  expect(await readdir(out)).not.toContain('checkpoints');
});

describe('run --resume', { tags: 'slow' }, () => {
  async function begun(script: string, args: readonly string[], exit = 0) {
    const { given, call, out } = await world(script);
    const first = await given(['run', ...args, '--backend', 'fake', '--profile', 'smoke', '--out', out], exit);
    const resume = (...flags: string[]) => call(['run', '--resume', out, ...flags], { CNNBENCH_FAKE: '' });
    const edit = async (change: object) => {
      const path = join(out, 'run.json');
      const text = await readFile(path, 'utf8');
      await writeFile(path, JSON.stringify({ ...(JSON.parse(text) as object), ...change }));
      return () => writeFile(path, text);
    };
    const manifest = async () => JSON.parse(await readFile(join(out, 'run.json'), 'utf8')) as Record<string, unknown>;
    return { first, call, out, resume, edit, manifest };
  }

  test('goes on with the run of a folder, under its own command', async () => {
    const { out, resume, manifest } = await begun('mlp-2=crash', 'mlp-1 mlp-2 --seeds 2,5 --timeout 9'.split(' '), 1);
    const before = await manifest();
    const { code, stderr } = await resume();
    expect(stderr).toContain('2 cells to run, 2 already done');
    expect(code).toBe(0);
    expect(await readdir(join(out, 'records'))).toHaveLength(4);
    expect(await manifest()).toEqual({ ...before, finished: true });
    expect((await resume()).stderr).toContain('0 cells to run, 4 already done');
  });

  test('takes flags again on which no result depends', async () => {
    const { resume, manifest } = await begun('', ['mlp-1', '--seeds', '1']);
    await resume('--timeout', '77', '--threads', '3', '--memory', '1GiB', '--checkpoint-every', '5');
    expect((await manifest())['settings']).toEqual({
      ...{ threads: 3, fma: false, trace: false, timeoutMs: 77_000, memoryLimit: 2 ** 30, checkpointSeconds: 5 },
    });
  });

  test('goes through the looks of --until-decided again', async () => {
    const accuracies = 'mlp-3=0.9012/0.9012/0.9013/0.9011/0.9012/0.9012';
    const { first, resume, manifest } = await begun(accuracies, 'mlp-3 --until-decided --max-seeds 5'.split(' '));
    expect(first.stderr).toContain('Look 1 of 2');
    const before = await manifest();
    const { stderr } = await resume();
    expect(stderr).toContain('Look 1 of 2');
    expect(await manifest()).toEqual(before);
  });

  test('goes on with a shard, which has no gate', async () => {
    const { resume, manifest } = await begun(
      'mlp-1=crash,mlp-2=crash',
      'mlp-1 mlp-2 --seeds 2 --shard 1/2'.split(' '),
      3,
    );
    const before = await manifest();
    const refused = await resume('--gate');
    expect([refused.code, refused.stderr]).toEqual([2, expect.stringContaining('--gate needs all seeds')]);
    expect((await resume()).stderr).toContain('2 cells to run;');
    expect(await manifest()).toEqual({ ...before, finished: true });
  });

  test('names the cells whose recipes are others now, and runs them again', async () => {
    const { out, resume, call } = await begun('', ['mlp-1', 'mlp-2', '--seeds', '1']);
    const path = join(out, 'records', 'mlp-2.fake.smoke.seed1.json');
    const record = JSON.parse(await readFile(path, 'utf8')) as object;
    const plain = () => call('run mlp-1 mlp-2 --seeds 1 -b fake --profile smoke --out out'.split(' '));
    for (const again of [resume, plain]) {
      await writeFile(path, JSON.stringify({ ...record, recipeSha256: '0'.repeat(64) }));
      const { stderr } = await again();
      expect(stderr).toContain('1 cell to run, 1 already done');
      expect(
        stderr.match(/running these cells again, because their recipe has changed: mlp-2\.fake\.smoke\.seed1\n/g),
      ).toHaveLength(1);
    }
  });

  test('refuses a run that it cannot plan again: of a version that kept no settings, on other data, without cells', async () => {
    const { resume, edit } = await begun('', ['lenet-5']);
    for (const [change, expected] of [
      [{ settings: undefined }, 'E_OUT_FOREIGN'],
      [{ planId: '0' }, 'E_OUT_FOREIGN'],
      [{ cells: [] }, 'E_RECORD_INVALID'],
      [{ cells: ['../mlp-1'] }, 'E_RECORD_INVALID'],
      [{ cells: ['x.fake.smoke.seed1'] }, 'E_UNKNOWN_EXPERIMENT'],
    ] as const) {
      const restore = await edit(change);
      const { code, stderr } = await resume();
      expect([expected, code, stderr]).toEqual([expected, 2, expect.stringContaining(`[${expected}]`)]);
      await restore();
    }
  });

  test('refuses a folder without a run, and flags that would make it another one', async () => {
    const { out, resume } = await begun('', ['lenet-5']);
    const none = await cnnbench(['run', '--resume', join(out, 'records')]);
    expect([none.code, none.stderr]).toEqual([2, expect.stringContaining('[E_RECORD_NOT_FOUND]')]);
    for (const more of [
      ['mlp-1'],
      ['all'],
      ['--seeds', '3'],
      ['--backend', 'js'],
      ['--profile', 'full'],
      ['--fresh'],
    ]) {
      const { code, stderr } = await resume(...more);
      expect([more, code, stderr]).toEqual([more, 2, expect.stringContaining('[E_USAGE]')]);
    }
  });
});
