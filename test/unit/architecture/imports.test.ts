import { describe, expect, test } from 'vitest';
import { cyclesOf, importsOf, loadedWith, readImports, sourceFiles } from './import-graph.js';
import { CHILD, violation } from './layers.js';

const IMPORTS = readImports();
const COMMANDS = sourceFiles().filter((file) => file.startsWith('src/commands/'));

describe('imports of src/', () => {
  test('keep to the layers', () => {
    expect(IMPORTS.map(violation).filter((said) => said !== undefined)).toEqual([]);
  });

  test('have no cycles, not even of types', () => {
    expect(cyclesOf(IMPORTS)).toEqual([]);
  });

  test('name files that exist', () => {
    const files = new Set(sourceFiles());
    expect(IMPORTS.filter(({ to }) => to.startsWith('src/') && !files.has(to))).toEqual([]);
  });

  test.each(COMMANDS)('%s loads neither tfjs nor the training loop', (command) => {
    const loaded = [...loadedWith(command, IMPORTS)];
    expect(loaded.filter((file) => file.startsWith('@tensorflow/') || file.startsWith('src/train/'))).toEqual([]);
    expect(loaded).toContain('@oclif/core');
  });

  test('of the library load no oclif, no tfjs and no training loop', () => {
    const loaded = [...loadedWith('src/index.ts', IMPORTS)];
    expect(loaded).toContain('src/app/run/run.ts');
    expect(loaded.filter((file) => /^(@oclif|@tensorflow|src\/(train|cli|commands)\/)/.test(file))).toEqual([]);
  });

  test('keep distributions and tests apart from what is judged by them', () => {
    const inference = IMPORTS.filter(({ from }) => from.startsWith('src/stats/inference/'));
    expect(inference).not.toEqual([]);
    expect(inference.filter(({ to }) => !to.startsWith('src/stats/inference/')).map(({ to }) => to)).toEqual([
      'src/core/random.ts',
    ]);
  });

  test('put the training loop together in the child process', () => {
    expect([...loadedWith(CHILD, IMPORTS)]).toContain('src/train/train.ts');
  });
});

describe('the rules', () => {
  const said = (from: string, line: string) => importsOf(from, line).map(violation);

  test.each([
    ['src/stats/a.ts', "import { b } from '../core/b.js';"],
    ['src/train/a.ts', "import type { Tf } from '../backends/tfjs.js';"],
    ['src/train/a.ts', "import type { Tensor } from '@tensorflow/tfjs-core';"],
    ['src/backends/a.ts', "const tf = await import('@tensorflow/tfjs-core');"],
    ['src/backends/a.ts', "const { create } = await import('webgpu');"],
    ['src/backends/a.ts', "export type Tf = typeof import('@tensorflow/tfjs-core');"],
    ['src/runner/child/a.ts', "import { train } from '../../train/train.js';"],
    ['src/runner/child/a.ts', "import { jobFor } from '../parent/resume.js';"],
    ['src/commands/a.ts', "import { builtInLedger } from '../suites/built-in.js';"],
    ['src/commands/a.ts', "import { run } from '../app/run/run.js';"],
    ['src/cli/a.ts', "import { run } from '../app/run/run.js';"],
  ])('allow %s: %s', (from, line) => {
    expect(said(from, line)).toEqual([undefined]);
  });

  test.each([
    ['src/core/a.ts', "import { summarize } from '../model/summary.js';"],
    ['src/core/a.ts', "import { type Pair } from '../model/summary.js';"],
    ['src/plan/a.ts', "import { EXPERIMENTS } from '../suites/experiments.js';"],
    ['src/cli/a.ts', "import type { Sheet } from '../suites/examples/sheet.js';"],
    ['src/cli/a.ts', "import { builtInLedger } from '../suites/built-in.js';"],
    ['src/commands/a.ts', "import { ALL_CLAIMS } from '../suites/claims/index.js';"],
    ['src/runner/child/a.ts', "import { builtInLedger } from '../../suites/built-in.js';"],
    ['src/core/a.ts', "import { readFile } from 'node:fs/promises';"],
    ['src/stats/a.ts', "export { b } from '../report/b.js';"],
    ['src/report/a.ts', "import type { Tf } from '../backends/tfjs.js';"],
    ['src/train/a.ts', "import { ones } from '@tensorflow/tfjs-core';"],
    ['src/backends/a.ts', "import '@tensorflow/tfjs-backend-cpu';"],
    ['src/backends/a.ts', "import { create } from 'webgpu';"],
    ['src/cli/a.ts', "const { create } = await import('webgpu');"],
    ['src/backends/a.ts', "import { ones } from '@tensorflow/tfjs-core';"],
    ['src/runner/parent/fork.ts', "import { train } from '../../train/train.js';"],
    ['src/cli/a.ts', "import Run from '../commands/run.js';"],
    ['src/app/run/a.ts', "import { Flags } from '@oclif/core';"],
    ['src/app/run/a.ts', "import type { Interfaces } from '@oclif/core';"],
    ['src/app/run/a.ts', "import { RUN_FLAGS } from '../../cli/run-flags.js';"],
    ['src/app/run/a.ts', "import Run from '../../commands/run.js';"],
    ['src/app/run/a.ts', "import { builtInLedger } from '../../suites/built-in.js';"],
    ['src/cli/a.ts', "import { train } from '../train/train.js';"],
    ['src/cli/a.ts', "import '../runner/child/main.js';"],
    ['src/cli/a.ts', "const { b } = await import('../stats/b.js');"],
    ['src/new/a.ts', "import { b } from '../core/b.js';"],
  ])('forbid %s: %s', (from, line) => {
    expect(said(from, line)).toEqual([expect.stringContaining(from)]);
  });

  test('see a cycle', () => {
    const imports = [
      ...importsOf('src/a.ts', "import './b.js';"),
      ...importsOf('src/b.ts', "import type { A } from './a.js';"),
    ];
    expect(cyclesOf(imports)).toEqual(['src/a.ts -> src/b.ts -> src/a.ts']);
  });
});
