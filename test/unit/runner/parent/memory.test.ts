import { describe, expect, test } from 'vitest';
import { canWatchMemory, readPs, watchMemory } from '../../../../src/runner/parent/memory.js';

describe.skipIf(!canWatchMemory())('the memory of a process', () => {
  test('is seen to be above a limit, in bytes', async () => {
    const seen: number[] = [];
    await watchMemory(process.pid, 2 ** 20, (bytes) => seen.push(bytes), new AbortController().signal);
    expect(seen).toHaveLength(1);
    // Within a factor of two: the tests around it allocate and free.
    expect((seen[0] ?? 0) / process.memoryUsage.rss()).toBeGreaterThan(0.5);
    expect((seen[0] ?? 0) / process.memoryUsage.rss()).toBeLessThan(2);
  });
  test('is not reported below the limit, and no longer watched when nobody wants to know', async () => {
    const ended = new AbortController();
    const watching = watchMemory(process.pid, 2 ** 50, () => expect.unreachable(), ended.signal);
    setTimeout(() => ended.abort(), 300);
    await watching;
  });
  test('is the same as ps says it', async () => {
    const bytes = await readPs(process.pid);
    expect((bytes ?? 0) / process.memoryUsage.rss()).toBeGreaterThan(0.5);
    expect((bytes ?? 0) / process.memoryUsage.rss()).toBeLessThan(2);
    expect(await readPs(2 ** 22 + 1)).toBeUndefined();
  });
});
