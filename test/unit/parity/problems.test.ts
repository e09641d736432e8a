import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { ActiveBackend } from '../../../src/backends/backend.js';
import { jsBackend } from '../../../src/backends/js.js';
import { measure } from '../../../src/examples/measure.js';
import { tfjsPrimitives } from '../../../src/examples/tfjs.js';
import { computeOps } from '../../../src/parity/compute.js';
import { drawInputs, nameOf } from '../../../src/parity/problem.js';
import { PROBLEMS } from '../../../src/parity/problems/index.js';
import { kernelsForTraining } from '../../../src/train/kernels.js';
import { clockKernels, type KernelClock } from '../../../src/train/trace.js';
import { LEDGER } from '../../fixtures/ledger.js';

let js: ActiveBackend;
let clock: KernelClock;
beforeAll(async () => {
  js = await jsBackend.activate({});
  clock = clockKernels(js.tf, () => 0);
});
afterAll(() => clock.stop());

const silent = async () => undefined;

describe('the problems of the first rung', () => {
  /** By those problems that came before. */
  const ran = new Set<string>();

  test.each(PROBLEMS.map((problem) => [nameOf(problem), problem] as const))(
    'run the kernel that they are named for, and leave no tensor: %s',
    async (name, problem) => {
      const before = js.tf.memory().numTensors;
      const { failures } = await computeOps(js, [problem], 1, silent);
      expect(failures).toEqual([]);
      const kernels = [...clock.take().keys()];
      // What the optimizer runs differs between backends: several kernels, or one of its own.
      if (problem.kernel !== 'Adam') expect(kernels, name).toContain(problem.kernel);
      for (const kernel of kernels) ran.add(kernel);
      expect(js.tf.memory().numTensors).toBe(before);
    },
  );

  test('run every kernel that the suites use', async () => {
    const trained = LEDGER.experiments.flatMap((it) => (it.kind === 'training' ? kernelsForTraining(it.model) : []));
    clock.take();
    for (const experiment of LEDGER.experiments) {
      if (experiment.kind === 'ops') await measure(tfjsPrimitives(js.tf, js.layers), experiment.operations);
    }
    const measured = [...clock.take().keys()];
    expect(measured).toContain('MaxPool');
    expect([...trained, ...measured].filter((kernel) => !ran.has(kernel))).toEqual([]);
  });

  test('have names and draws of their own, the same for the same seed', () => {
    expect(new Set(PROBLEMS.map(nameOf)).size).toBe(PROBLEMS.length);
    const [first, second] = PROBLEMS.filter(({ kernel }) => kernel === 'Add');
    expect(drawInputs(first!, 1)).toEqual(drawInputs(first!, 1));
    expect(drawInputs(first!, 1)).not.toEqual(drawInputs(first!, 2));
    expect(drawInputs(first!, 1)[0]).not.toEqual(drawInputs(second!, 1)[0]!.slice(0, 1));
  });

  test('one that throws ends no other, and a missing kernel is told from an error', async () => {
    const [problem] = PROBLEMS;
    const fails = (detail: string, message: string) => ({
      ...problem!,
      detail,
      run: () => {
        throw new Error(message);
      },
    });
    const missing = fails('missing', "Kernel 'Foo' not registered for backend 'cpu'");
    const { tensors, failures } = await computeOps(
      js,
      [missing, fails('broken', 'out of memory'), problem!],
      1,
      silent,
    );
    expect(tensors.map(({ name }) => name)).toEqual([nameOf(problem!)]);
    expect(failures).toEqual([
      { subject: 'Identity missing', reason: 'there is no kernel Foo', missingKernel: 'Foo' },
      { subject: 'Identity broken', reason: 'out of memory' },
    ]);
  });
});
