import { execFile, spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { WorkloadResult } from '../../src/bench/measure.js';

const MAIN = fileURLToPath(new URL('../../dist/bench/main.js', import.meta.url));
const PYTHON = '/usr/bin/python3';
const HAS_PYTORCH = spawnSync(PYTHON, ['-c', 'import torch']).status === 0;
const SHORT = ['--only', 'mlp-1', '--batch', '32', '--blocks', '2', '--block-seconds', '0.01'];

let folder: string;
beforeAll(() => void (folder = mkdtempSync(join(tmpdir(), 'cnnbench-bench-'))));
afterAll(() => rmSync(folder, { recursive: true }));

function bench(...args: string[]): Promise<{ code: number; stdout: string; stderr: string }> {
  return new Promise((resolve) => {
    execFile(process.execPath, [MAIN, ...args], (error, stdout, stderr) => {
      resolve({ code: error === null ? 0 : Number(error.code), stdout, stderr });
    });
  });
}

function resultsIn(file: string) {
  const { workloads } = JSON.parse(readFileSync(file, 'utf8')) as { workloads: [WorkloadResult] };
  return workloads[0].results;
}

describe('bench:wasm', () => {
  test('trains on a backend, keeps every step, and says of everyone else why not', async () => {
    const [json, markdown] = [join(folder, 'blocks.json'), join(folder, 'result.md')];
    const contestants = ['--contestants', 'wasm-1,abacus,torch-1', '--python', '/nonexistent/python3'];
    const { code, stdout } = await bench(...SHORT, ...contestants, '--json', json, '--markdown', markdown);
    expect(code).toBe(0);
    expect(stdout).toContain('| mlp-1 | 32 |');
    expect(stdout).toContain('`abacus`: there is no backend "abacus"');
    expect(stdout).toContain('`torch-1`: it could not be started');
    expect(readFileSync(markdown, 'utf8')).toBe(stdout);
    const [wasm] = resultsIn(json);
    if (wasm?.outcome !== 'measured') throw new Error(wasm?.reason);
    expect(wasm.blocks).toHaveLength(2);
    for (const { stepSeconds, loss } of wasm.blocks) {
      expect(stepSeconds.length).toBeGreaterThanOrEqual(2);
      expect(loss).toBeGreaterThan(0);
    }
    expect(wasm.traced?.kernelSeconds).toHaveLength(wasm.traced?.stepSeconds.length as number);
    expect(Object.keys(wasm.traced?.kernelSeconds?.[0] ?? {})).toContain('BatchMatMul');
  });

  test.skipIf(!HAS_PYTORCH)('trains in PyTorch', async () => {
    const json = join(folder, 'pytorch.json');
    await bench(...SHORT, '--contestants', 'torch-1', '--json', json);
    expect(resultsIn(json)).toMatchObject([{ outcome: 'measured', software: expect.stringMatching(/^PyTorch \d/) }]);
  });

  test.each([
    [['--contestants', 'wasm-0'], 'is not a contestant'],
    [['--only', 'mlp-9'], '"mlp-9" is not measured'],
    [['--batch', '0'], '--batch 0 is not a positive number'],
    [['--into', fileURLToPath(new URL('../../README.md', import.meta.url))], 'the two markers'],
    [['--benchmark', 'speed'], 'there is no benchmark "speed"'],
    [['--benchmark', 'backends', '--only', 'mlp-1'], '"mlp-1" is not measured'],
    [['--blokcs', '3'], "Unknown option '--blokcs'"],
  ])('refuses %j before it measures anything', async (args, said) => {
    const { code, stdout, stderr } = await bench(...args);
    expect({ code, stdout, stderr }).toEqual({ code: 2, stdout: '', stderr: expect.stringContaining(said) });
  });
});
