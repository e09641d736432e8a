import { execFileSync } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import seedrandom from 'seedrandom';
import { expect, test } from 'vitest';
import type { CellRecord } from '../../src/core/record.js';
import { cellId } from '../../src/core/cell.js';
import { readManifest } from '../../src/records/manifest.js';
import { readRecords } from '../../src/records/store.js';
import { agreement } from '../../src/stats/agreement.js';
import { temporaryFolder } from '../fixtures/temporary-folder.js';
import { start } from '../system/cnnbench.js';
import { LONG, SEED } from './seed.js';
import { filesIn, until } from './world.js';

const TIMEOUT = LONG ? 7_200_000 : 1_200_000;

/** Many epochs: a training that is killed more often in its middle than at its start. */
const LASTING = 'mlp-1@epochs=20';

/** Kills that hit a living process before the last round may end undisturbed, and what is trained meanwhile. */
interface Attack {
  readonly kills: number;
  readonly experiments: readonly string[];
}
const FEW: Attack = { kills: 4, experiments: [LASTING, 'lenet-5', 'ops-pooling'] };
const MANY: Attack = { kills: 50, experiments: [LASTING, 'mlp-1', 'mlp-2', 'mlp-4', 'lenet-5', 'ops-pooling'] };

const FLAGS = ['--backend', 'wasm', '--profile', 'smoke', '--seeds', '2', '--threads', '1', '--checkpoint-every', '0'];

/** In turns, so that a few kills meet each of them; their moments are random. */
const TARGETS = ['parent', 'child', 'both'] as const;
type Target = (typeof TARGETS)[number];

const attacked = test.skipIf(process.platform === 'win32');
const NAME = 'whatever is killed and whenever, every cell comes to what it comes to undisturbed; kills: $kills';
attacked.for([LONG ? MANY : FEW])(NAME, { timeout: TIMEOUT, tags: 'slow' }, survive);

async function survive({ kills: wanted, experiments }: Attack): Promise<void> {
  const random = seedrandom(SEED);
  const cwd = await temporaryFolder();
  const env = { XDG_CACHE_HOME: join(cwd, 'cache'), CNNBENCH_OFFLINE: '1' };
  const launch = (out: string) => start(['run', ...experiments, ...FLAGS, '--out', out], { cwd, env });

  const began = performance.now();
  expect((await launch('undisturbed').result).code).toBe(0);
  const duration = performance.now() - began;
  const undisturbed = await readRecords(join(cwd, 'undisturbed'));
  expect(undisturbed.map(({ outcome }) => outcome)).not.toContain('crashed');
  expect(new Set(undisturbed.map(({ cell }) => cell.experiment))).toEqual(new Set(experiments));

  const kills: Record<Target, number> = { parent: 0, child: 0, both: 0 };
  const total = () => kills.parent + kills.child + kills.both;
  const counts = { starts: 0, rounds: 0, continued: 0 };
  const orphans: number[] = [];
  while (total() < wanted) {
    const out = `round-${++counts.rounds}`;
    for (;;) {
      counts.starts++;
      const { child: parent, result } = launch(out);
      const ended = result.then(() => true);
      const isOver = () => Promise.race([ended, pause((random() * duration) / 2, false)]);
      while (total() < wanted && !(await isOver())) {
        const target = TARGETS[total() % TARGETS.length] as Target;
        const children = childrenOf(parent.pid as number);
        if (kill(target, parent.pid as number, children)) kills[target]++;
        orphans.push(...children);
        if (target !== 'child') break;
      }
      await ended;
      if (await isComplete(join(cwd, out))) break;
    }
    await until(() => !processes().some(({ pid }) => orphans.includes(pid)));
    counts.continued += await expectUndisturbed(join(cwd, out), undisturbed);
  }
  const byTarget = TARGETS.map((target) => `${kills[target]} of ${target}`).join(', ');
  const cells = undisturbed.length * counts.rounds;
  process.stdout.write(
    `kill: ${total()} kills survived (${byTarget}), ${counts.starts} starts, ${counts.rounds} rounds, ` +
      `${counts.continued} times on from a checkpoint, ${cells} cells with the bits of an undisturbed run, seed ${SEED}\n`,
  );
}

/** Kills by SIGKILL. @returns whether all it was meant for lived */
function kill(target: Target, parent: number, children: readonly number[]): boolean {
  if (target !== 'parent' && children.length === 0) return false;
  const victims = { parent: [parent], child: children, both: [parent, ...children] }[target];
  return victims.map(killOne).every(Boolean);
}

function killOne(pid: number): boolean {
  try {
    return process.kill(pid, 'SIGKILL');
  } catch {
    return false;
  }
}

/** Whether the run has all its records and reports, and no cell that it would try again. */
async function isComplete(out: string): Promise<boolean> {
  const manifest = await readManifest(out);
  const records = await readRecords(out);
  return manifest?.finished === true && records.every(({ outcome }) => outcome !== 'crashed');
}

/**
 * Every planned cell once, with the same bits, timings aside; reports; and nothing else.
 *
 * @returns how often a training went on from a checkpoint
 */
async function expectUndisturbed(out: string, undisturbed: readonly CellRecord[]): Promise<number> {
  const ids = undisturbed.map(({ cell }) => cellId(cell));
  const manifest = await readManifest(out);
  expect(manifest?.cells.toSorted()).toEqual(ids.toSorted());
  const expectedFiles = (await filesIn(join(out, '..', 'undisturbed'))).toSorted();
  expect(await filesIn(out)).toEqual(expectedFiles);
  const records = await readRecords(out);
  expect(records.map(({ cell }) => cellId(cell))).toEqual(ids);
  for (const [index, record] of records.entries()) {
    const expected = undisturbed[index];
    if (record.outcome !== 'completed' || expected?.outcome !== 'completed') throw new Error(JSON.stringify(record));
    const { agrees, difference } = agreement(expected.result, record.result, { sameBits: true, reference: [] });
    expect({ cell: cellId(record.cell), agrees, difference }).toEqual({ cell: ids[index], agrees: true });
  }
  const summary = JSON.parse(await readFile(join(out, 'summary.json'), 'utf8')) as { run: unknown };
  expect(summary.run).toMatchObject({ plannedCells: ids.length, finished: true });
  return records.reduce((sum, record) => sum + ('interruptions' in record ? (record.interruptions ?? 0) : 0), 0);
}

function childrenOf(parent: number): number[] {
  return processes().flatMap(({ pid, ppid }) => (ppid === parent ? [pid] : []));
}

/** Those that live: one that has ended stays listed as a zombie until its parent asks for its exit code. */
function processes(): { readonly pid: number; readonly ppid: number }[] {
  const lines = execFileSync('ps', ['-A', '-o', 'pid=,ppid=,stat='], { encoding: 'utf8' }).trim().split('\n');
  return lines.flatMap((line) => {
    const [pid, ppid, state] = line.trim().split(/\s+/);
    return state?.startsWith('Z') ? [] : [{ pid: Number(pid), ppid: Number(ppid) }];
  });
}
