import { readdirSync, readFileSync } from 'node:fs';
import { setTimeout as pause } from 'node:timers/promises';
import { describe, expect, test } from 'vitest';
import type { BackendName } from '../../src/core/cell.js';
import { datasetOf } from '../../src/core/experiment.js';
import { standInIdentity } from '../../src/data/stand-in/stand-in.js';
import { planCells, type PlannedCell } from '../../src/plan/plan.js';
import type { CellObserver } from '../../src/runner/parent/executor.js';
import type { SharedExecutor } from '../../src/runner/parent/fork.js';
import { LEDGER } from '../fixtures/ledger.js';

// As built: the process that it starts is.
const { sharedExecutor } = (await import(new URL('../../dist/runner/parent/fork.js', import.meta.url).href)) as {
  readonly sharedExecutor: () => SharedExecutor;
};

const ignore = () => undefined;
const silent: CellObserver = { onStart: ignore, onNotice: ignore, onStep: ignore, onEpoch: ignore };
const signal = new AbortController().signal;

function cellOf(experiment: string, backend: BackendName = 'js'): PlannedCell {
  return planCells([LEDGER.experiment(experiment)], [backend], [1], 'smoke').cells[0] as PlannedCell;
}

function jobOf({ cell, experiment, recipeSha256 }: PlannedCell) {
  const name = datasetOf(experiment);
  const source = name && ({ kind: 'stand-in', name, origin: 'drawn', identity: standInIdentity(name) } as const);
  return { cell, experiment, recipeSha256, timeoutMs: 60_000, ...(source && { source }) };
}

/** The processes that this one has started, on Linux. */
function children(): readonly number[] {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name) && statusOf(name).includes(`\nPPid:\t${process.pid}\n`))
    .map(Number);
}

function statusOf(pid: string): string {
  try {
    return readFileSync(`/proc/${pid}/status`, 'utf8');
  } catch {
    return '';
  }
}

describe.runIf(process.platform === 'linux')('cells that train nothing', () => {
  test('share a process of their backend, and leave none behind', async () => {
    const before = children();
    const started = () => children().filter((pid) => !before.includes(pid));
    const executor = sharedExecutor();
    const seen: number[][] = [];
    for (const [id, backend] of [
      ['lenet-5', 'js'],
      ['lenet-5', 'wasm'],
      ['ops-pooling', 'js'],
      ['example-net', 'wasm'],
    ] as const) {
      const end = await executor.execute(jobOf(cellOf(id, backend)), silent, signal);
      expect(end).toMatchObject({ outcome: 'completed', backend: { name: backend } });
      seen.push([...started()]);
    }
    expect(seen.map(({ length }) => length)).toEqual([1, 2, 2, 2]);
    expect(seen[3]).toEqual(seen[1]);
    await executor.close();
    expect(started()).toEqual([]);
  });

  test('that die with it take no other: the next one gets a new process', async () => {
    const before = children();
    const executor = sharedExecutor();
    await executor.execute(jobOf(cellOf('lenet-5')), silent, signal);
    const [pid] = children().filter((each) => !before.includes(each)) as [number];
    const kill = { ...silent, onStart: () => void process.kill(pid, 'SIGKILL') };
    const end = await executor.execute(jobOf(cellOf('data-cifar-10')), kill, signal);
    expect(end).toMatchObject({ outcome: 'crashed', reason: expect.stringContaining('SIGKILL') });
    expect(await executor.execute(jobOf(cellOf('lenet-5')), silent, signal)).toMatchObject({ outcome: 'completed' });

    // One that was killed while nobody asked anything is no matter either.
    const [next] = children().filter((each) => !before.includes(each)) as [number];
    process.kill(next, 'SIGKILL');
    await pause(200);
    expect(await executor.execute(jobOf(cellOf('lenet-5')), silent, signal)).toMatchObject({ outcome: 'completed' });
    await executor.close();
  });

  test('that take too long are ended, and the signal ends them, too', async () => {
    const executor = sharedExecutor();
    const late = await executor.execute({ ...jobOf(cellOf('data-cifar-10')), timeoutMs: 1 }, silent, signal);
    expect(late).toMatchObject({ outcome: 'timed-out' });
    const controller = new AbortController();
    const work = executor.execute(jobOf(cellOf('data-cifar-10')), silent, controller.signal);
    controller.abort(new Error('interrupted'));
    await expect(work).rejects.toThrow('interrupted');
    await executor.close();
  });
});

describe.runIf(process.platform === 'linux')('the process that a backend was probed in', () => {
  /** The processes of the probe and of each cell that then runs. */
  async function processesOf(work: (executor: SharedExecutor, look: () => readonly number[]) => Promise<void>) {
    const before = children();
    const executor = sharedExecutor();
    const look = () => children().filter((pid) => !before.includes(pid));
    await work(executor, look).finally(() => executor.close());
    expect(look()).toEqual([]);
  }

  test('runs the first training, and no other', () =>
    processesOf(async (executor, look) => {
      expect(await executor.probe({})('wasm', signal)).toMatchObject({ works: true, description: { name: 'wasm' } });
      const probed = look();
      expect(probed).toHaveLength(1);
      const used: (readonly number[])[] = [];
      const observer = { ...silent, onStart: () => void used.push(look()) };
      const ends = [];
      for (const seed of [1, 2]) {
        expect(used).toHaveLength(seed - 1);
        ends.push(await executor.execute(jobOf(cellOf('mlp-4', 'wasm')), observer, signal));
      }
      expect(used[0]).toEqual(probed);
      expect(used[1]).toHaveLength(1);
      expect(used[1]).not.toEqual(probed);
      const [first, second] = ends.map((end) => end.outcome === 'completed' && end.result);
      expect(first).toMatchObject({ weightsSha256: expect.stringMatching(/^[0-9a-f]{64}$/) });
      expect(second).toMatchObject({ weightsSha256: (first as { weightsSha256: string }).weightsSha256 });
    }));

  test('is ended for a cell that wants other threads, and replaced where it died', () =>
    processesOf(async (executor, look) => {
      await executor.probe({ threads: 1 })('js', signal);
      const [probed] = look() as [number];
      await executor.execute(jobOf(cellOf('mlp-4', 'wasm')), silent, signal);
      expect(look()).not.toContain(probed);
      await executor.probe({})('js', signal);
      process.kill(look()[0] as number, 'SIGKILL');
      await pause(200);
      expect(await executor.execute(jobOf(cellOf('lenet-5')), silent, signal)).toMatchObject({ outcome: 'completed' });
    }));

  test('is the only one that waits, and none waits where no backend works', () =>
    processesOf(async (executor, look) => {
      await executor.probe({})('js', signal);
      await executor.probe({})('wasm', signal);
      expect(look()).toHaveLength(1);
      await executor.close();
      const { works } = await executor.probe({})('gpu', signal);
      expect(look()).toHaveLength(works ? 1 : 0);
    }));
});
