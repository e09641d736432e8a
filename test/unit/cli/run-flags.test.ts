import { Parser } from '@oclif/core';
import { describe, expect, test } from 'vitest';
import type { NewRunRequest } from '../../../src/app/run/run-request.js';
import { runRequest, SUITE_FLAGS } from '../../../src/cli/run-flags.js';

async function requestOf(line: string, named: readonly string[] = []) {
  const argv = line === '' ? [] : line.split(' ');
  const { flags } = await Parser.parse(argv, { flags: SUITE_FLAGS, strict: false });
  return runRequest(flags as Parameters<typeof runRequest>[0], { what: ['mlp-1'], named, argv });
}

describe('the flags of run', () => {
  test('leave defaults to the application, but the profile', async () => {
    const { what, profile, ...rest } = (await requestOf('')) as NewRunRequest;
    expect({ what, profile }).toEqual({ what: ['mlp-1'], profile: 'quick' });
    expect(JSON.parse(JSON.stringify(rest))).toEqual({
      ...{ command: 'npx cnnbench run', fma: false },
      data: { allowStandIn: true, allowDownload: true },
    });
  });

  test('become numbers, bytes and milliseconds', async () => {
    const line = '--seeds 1,7 --shard 2/5 --memory 1GiB --timeout 90 --checkpoint-every 0 --threads 3 --wasm-fma';
    expect(await requestOf(line)).toMatchObject({
      ...{ seeds: [1, 7], shard: { index: 2, count: 5 }, memoryLimit: 2 ** 30, timeoutMs: 90_000 },
      ...{ checkpointSeconds: 0, threads: 3, fma: true, command: `npx cnnbench run ${line}` },
    });
    expect(await requestOf('--until-decided')).toMatchObject({ mostSeeds: 10 });
    expect(await requestOf('--gate --strict --offline --no-stand-in --data-dir d')).toMatchObject({
      gate: { strict: true },
      data: { dataDir: 'd', allowStandIn: false, allowDownload: false },
    });
  });

  test('of a run that is resumed are its folder and limits', async () => {
    const request = await requestOf('--resume out --threads 2');
    expect(request).toMatchObject({ resume: 'out', threads: 2 });
    expect(request).not.toHaveProperty('what');
    await expect(requestOf('--resume out', ['mlp-2'])).rejects.toMatchObject({ code: 'E_USAGE' });
  });

  test.each([
    ['--seeds 0', 'E_BAD_SEEDS'],
    ['--shard 3/2', 'E_USAGE'],
    ['--memory 1', 'E_USAGE'],
  ])('%s is refused', async (line, code) => {
    await expect(requestOf(line)).rejects.toMatchObject({ code });
  });
});
