import { expect, test } from 'vitest';
import { steadily } from '../../../src/files/steadily.js';

const PAUSES = [1, 1, 1];

/** Fails that many times, then works. */
function failing(times: number, code: string) {
  const work = () => {
    work.calls++;
    return work.calls > times ? Promise.resolve('done') : Promise.reject(Object.assign(new Error(code), { code }));
  };
  work.calls = 0;
  return work;
}

test.each(['EPERM', 'EACCES', 'EBUSY'])('%s on Windows is tried again until it has passed', async (code) => {
  const work = failing(3, code);
  expect(await steadily(work, { platform: 'win32', pausesMs: PAUSES })).toBe('done');
  expect(work.calls).toBe(4);
});

test('what does not pass is an error in the end', async () => {
  const work = failing(9, 'EBUSY');
  await expect(steadily(work, { platform: 'win32', pausesMs: PAUSES })).rejects.toThrow('EBUSY');
  expect(work.calls).toBe(4);
});

test.each([
  ['win32', 'ENOSPC'],
  ['win32', 'EEXIST'],
  ['linux', 'EPERM'],
  ['darwin', 'EBUSY'],
] as const)('on %s, %s is one at once', async (platform, code) => {
  const work = failing(1, code);
  await expect(steadily(work, { platform, pausesMs: PAUSES })).rejects.toThrow(code);
  expect(work.calls).toBe(1);
});
