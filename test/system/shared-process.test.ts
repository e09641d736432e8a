import { readdirSync, readFileSync } from 'node:fs';
import { setTimeout as pause } from 'node:timers/promises';
import { describe, expect, test } from 'vitest';
import type { BackendName } from '../../src/core/cell.js';
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
  const drawn = { provenance: 'stand-in', fingerprint: '0'.repeat(64), name: 'cifar-10' } as const;
  const source = { kind: 'stand-in', name: 'cifar-10', origin: 'drawn', identity: drawn } as const;
  return { cell, experiment, recipeSha256, timeoutMs: 60_000, ...(experiment.kind === 'data' && { source }) };
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
