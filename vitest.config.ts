import { defineConfig, type TestProjectInlineConfiguration } from 'vitest/config';

const SECOND = 1000;

/** The tests of one folder of `test/`, which CONTRIBUTING.md describes. */
function project(name: string, test: TestProjectInlineConfiguration['test']): TestProjectInlineConfiguration {
  return { extends: true, test: { name, include: [`test/${name}/**/*.test.ts`], ...test } };
}

/** Real processes and real training, on a machine that may be busy with other things. */
const REAL = { testTimeout: 300 * SECOND, hookTimeout: 300 * SECOND };

export default defineConfig({
  test: {
    pool: 'forks',
    maxWorkers: 2,
    tags: [
      {
        name: 'slow',
        description: 'What npm test leaves out to end within five minutes; npm run test:slow runs it.',
        timeout: 300 * SECOND,
      },
    ],
    // tfjs advertises its native backend whenever the oracle computes for the first time in a process.
    onConsoleLog: (log) => !log.includes('running TensorFlow.js in Node.js'),
    projects: [
      // Far above what any of them takes: it ends what hangs, and fails nothing because the machine is busy.
      project('unit', { testTimeout: 60 * SECOND, hookTimeout: 60 * SECOND }),
      project('conformance', REAL),
      project('gate', REAL),
      project('system', { ...REAL, globalSetup: 'test/system/trained.ts' }),
      // They fill disks, turn clocks back and kill by the clock: one at a time, when nothing else runs.
      project('faults', { ...REAL, maxWorkers: 1, sequence: { groupOrder: 1 } }),
    ],
  },
});
