import { describe, expect, test } from 'vitest';
import type { BackendName } from '../../../src/core/cell.js';
import type { TrainingExperiment } from '../../../src/core/experiment.js';
import type { NamedTensor } from '../../../src/core/safetensors.js';
import type { ModelSpec } from '../../../src/core/model.js';
import { EXACT } from '../../../src/parity/bounds.js';
import {
  compareWithOracle,
  firstDivergence,
  type Accuracy,
  type LadderOptions,
  type Subject,
} from '../../../src/parity/ladder.js';
import type { ReferenceSteps } from '../../../src/parity/golden.js';
import type { OpProblem } from '../../../src/parity/problem.js';
import { batchName, RUNGS, type Compute, type Computed, type ParityTask } from '../../../src/parity/task.js';
import { LEDGER } from '../../fixtures/ledger.js';

const model: ModelSpec = {
  id: 'm',
  title: 'm',
  input: [2],
  layers: [
    { kind: 'dense', name: 'dense1', units: 2 },
    { kind: 'relu', name: 'relu1' },
    { kind: 'dense', name: 'dense2', units: 2 },
  ],
};

function subject(id: string): Subject {
  return { experiment: LEDGER.experiment(id) as TrainingExperiment, model, narrow: false };
}

const PROBLEMS: readonly OpProblem[] = ['Add', 'Exp'].map((kernel) => ({
  kernel,
  detail: '[1]',
  inputs: [],
  bound: EXACT,
  run: () => {
    throw new Error('nothing runs here');
  },
}));

const SUBJECTS = [
  ...['forward/dense1', 'forward/relu1', 'forward/dense2', 'forward/loss'],
  ...['gradients/dense2 kernel', 'gradients/dense1 kernel'],
  ...['steps/losses', 'steps/dense1 kernel'],
];

/** What a task leaves: ones, but for the names in `wrong`. */
function leaves(task: ParityTask, wrong: Readonly<Record<string, number>> = {}): Computed {
  const one = (name: string): NamedTensor => ({ name, shape: [1], values: Float32Array.of(wrong[name] ?? 1) });
  if (task.kind === 'ops') return { tensors: ['Add [1]', 'Exp [1]'].map(one), failures: [] };
  if (task.kind === 'golden') {
    const losses = new Float32Array(task.steps).fill(wrong['golden/losses'] ?? 1);
    const tensors = [{ name: 'golden/losses', shape: [task.steps], values: losses }];
    return {
      tensors: [...tensors, { ...one('golden/change of dense1 kernel'), shape: [] }],
      failures: [],
    };
  }
  const batch = { name: batchName(0), shape: [2], values: Int32Array.of(5, 9) };
  return { tensors: [batch, ...SUBJECTS.map(one)], failures: [] };
}

const REFERENCE: ReferenceSteps = {
  losses: new Array<number>(20).fill(1),
  weights: { 'dense1.kernel': { changeNorm: 1 } },
};

function whatOf(task: ParityTask): string {
  switch (task.kind) {
    case 'ops':
      return 'ops';
    case 'golden':
      return `golden ${task.trajectory.experiment.id} ${task.steps}`;
    case 'training':
      return task.experiment.id;
  }
}

interface Compared {
  readonly results: Awaited<ReturnType<typeof compareWithOracle>>;
  readonly computed: string[];
  readonly tasks: ParityTask[];
}

async function compareWith(
  compute: (backend: BackendName, task: ParityTask) => Awaited<ReturnType<Compute>>,
  options: Partial<LadderOptions> = {},
): Promise<Compared> {
  const computed: string[] = [];
  const tasks: ParityTask[] = [];
  const seen: string[] = [];
  const results = await compareWithOracle({
    ...{ backends: ['wasm'], problems: PROBLEMS, subjects: [subject('mlp-1'), subject('mlp-2')], rungs: RUNGS },
    ...{ seed: 7, keepGoing: false, jobs: 2, trajectories: LEDGER.trajectories },
    compute: async (backend, task) => {
      computed.push(`${backend} ${whatOf(task)}`);
      tasks.push(task);
      return compute(backend, task);
    },
    readReference: async () => REFERENCE,
    accuracyOf: async (): Promise<Accuracy> => ({ accuracy: 0.8, testImages: 100 }),
    observer: { onStage: () => undefined, onRung: ({ rung, experiment }) => seen.push(`${experiment} ${rung}`) },
    ...options,
  });
  expect(seen.length).toBe(results.length);
  return { results, computed, tasks };
}

/** There is no trajectory of `mlp-1` and `mlp-2`. */
const WITHOUT_GOLDEN = RUNGS.filter((rung) => rung !== 'golden');

const outcomes = ({ results }: Compared) =>
  results.map(({ backend, experiment = 'ops', rung, outcome }) => `${backend} ${experiment} ${rung} ${outcome}`);

describe('the ladder', () => {
  test('compares on all rungs, and computes the oracle once for all backends, on the batches it chose', async () => {
    const compared = await compareWith((_, task) => leaves(task), { backends: ['wasm', 'cpu'] });
    expect(compared.computed.toSorted()).toEqual([
      ...['cpu mlp-1', 'cpu mlp-2', 'cpu ops'],
      ...['js mlp-1', 'js mlp-2', 'js ops'],
      ...['wasm mlp-1', 'wasm mlp-2', 'wasm ops'],
    ]);
    expect(outcomes(compared).slice(0, 11)).toEqual([
      'wasm ops ops agrees',
      ...['mlp-1', 'mlp-2'].flatMap((id) => WITHOUT_GOLDEN.slice(1).map((rung) => `wasm ${id} ${rung} agrees`)),
      'cpu ops ops agrees',
      'cpu mlp-1 forward agrees',
    ]);
    const batches = compared.tasks.map((task) => (task.kind === 'training' ? task.batches : task.kind));
    expect(batches.filter((each) => each === undefined).length).toBe(2);
    expect(batches).toContainEqual([[5, 9]]);
    expect(firstDivergence(compared.results)).toBeUndefined();
  });

  test('names the first tensor that diverges, and stops the experiment there but not the others', async () => {
    const wrong = { 'gradients/dense1 kernel': 1.01, 'steps/losses': 2 };
    const compared = await compareWith((backend, task) =>
      leaves(task, backend === 'wasm' && task.kind === 'training' && task.experiment.id === 'mlp-1' ? wrong : {}),
    );
    expect(outcomes(compared).slice(1, 7)).toEqual([
      'wasm mlp-1 forward agrees',
      'wasm mlp-1 gradients diverges',
      'wasm mlp-1 steps skipped',
      'wasm mlp-1 accuracy skipped',
      'wasm mlp-2 forward agrees',
      'wasm mlp-2 gradients agrees',
    ]);
    const { result, comparison } = firstDivergence(compared.results)!;
    expect([result.experiment, result.rung, comparison.subject]).toEqual(['mlp-1', 'gradients', 'dense1 kernel']);
    expect(comparison.error).toBeCloseTo(0.01, 5);
    expect(compared.results[3]?.reason).toBe('the rung gradients failed; --keep-going continues');
  });

  test('computes no experiment after an op that diverges, unless it is to keep going', async () => {
    const compute = (backend: BackendName, task: ParityTask) =>
      leaves(task, backend === 'wasm' ? { 'Exp [1]': 2 } : {});
    const stopped = await compareWith(compute);
    expect(stopped.computed).toEqual(['js ops', 'wasm ops']);
    expect(
      new Set(
        outcomes(stopped)
          .slice(1)
          .map((line) => line.split(' ').at(-1)),
      ),
    ).toEqual(new Set(['skipped']));
    expect(firstDivergence(stopped.results)?.comparison.subject).toBe('Exp [1]');
    const kept = await compareWith(compute, { keepGoing: true });
    expect(
      outcomes(kept)
        .slice(1)
        .every((line) => line.endsWith('agrees')),
    ).toBe(true);
  });

  test('says what crashed, and that it was the oracle', async () => {
    const wasm = await compareWith((backend, task) =>
      backend === 'wasm' ? { crashed: 'at Exp: ended' } : leaves(task),
    );
    expect(wasm.results[0]).toMatchObject({ outcome: 'crashed', reason: 'at Exp: ended', comparisons: [] });
    const js = await compareWith((backend, task) => (backend === 'js' ? { crashed: 'killed' } : leaves(task)));
    expect(js.results[0]).toMatchObject({ outcome: 'crashed', reason: 'js: killed' });
    expect(js.computed).toEqual(['js ops']);
  });

  test('tells a missing kernel from an op that fails', async () => {
    const failure = { subject: 'Exp [1]', reason: 'no' };
    const ops = (failures: Computed['failures']) => (backend: BackendName, task: ParityTask) =>
      backend === 'wasm' && task.kind === 'ops'
        ? { tensors: leaves(task).tensors.slice(0, 1), failures }
        : leaves(task);
    const missing = await compareWith(ops([{ ...failure, missingKernel: 'Exp' }]));
    expect(missing.results[0]).toMatchObject({ outcome: 'agrees', reason: 'there is no kernel Exp' });
    expect(missing.results[0]?.comparisons.length).toBe(1);
    const broken = await compareWith(ops([failure]));
    expect(broken.results[0]?.outcome).toBe('diverges');
    expect(firstDivergence(broken.results)?.comparison).toMatchObject({ subject: 'Exp [1]', reason: 'no' });
    const lost = await compareWith(ops([]));
    expect(firstDivergence(lost.results)?.comparison).toMatchObject({ subject: 'Exp [1]', reason: 'it is missing' });
  });

  test('an experiment whose kernels are missing is unsupported on every rung, and no failure', async () => {
    const failures = [{ subject: 'mlp-1', reason: 'no', missingKernel: 'Exp' }];
    const compared = await compareWith((backend, task) =>
      backend === 'wasm' && task.kind === 'training' ? { tensors: [], failures } : leaves(task),
    );
    expect(compared.results.slice(1, 4).map(({ outcome, reason }) => [outcome, reason])).toEqual(
      new Array(3).fill(['unsupported', 'there is no kernel Exp']),
    );
  });

  test('holds accuracies to what chance allows, and passes on why there is none', async () => {
    const accuracies = (js: Accuracy, wasm: Accuracy) =>
      compareWith((_, task) => leaves(task), {
        subjects: [subject('mlp-1')],
        accuracyOf: async (backend) => (backend === 'js' ? js : wasm),
      });
    const of = (accuracy: number) => ({ accuracy, testImages: 1000 });
    const skipped = { outcome: 'skipped', reason: 'hours' } as const;
    const last = async (js: Accuracy, wasm: Accuracy) => (await accuracies(js, wasm)).results.at(-1);
    expect(await last(of(0.8), of(0.79))).toMatchObject({ rung: 'accuracy', outcome: 'agrees' });
    expect(await last(of(0.8), of(0.7))).toMatchObject({ outcome: 'diverges' });
    expect(await last(skipped, of(0.8))).toMatchObject({ outcome: 'skipped', reason: 'js: hours' });
    expect(await last(of(0.8), skipped)).toMatchObject({ outcome: 'skipped', reason: 'hours' });
  });

  test('compares only on the rungs that are asked for', async () => {
    const compared = await compareWith((_, task) => leaves(task), {
      rungs: ['gradients'],
      subjects: [subject('mlp-1')],
    });
    expect(outcomes(compared)).toEqual(['wasm mlp-1 gradients agrees']);
    expect(compared.tasks).toMatchObject([{ steps: 0 }, { steps: 0 }]);
    expect((await compareWith((_, task) => leaves(task), { rungs: ['accuracy'] })).computed).toEqual([]);
  });

  describe('on the rung golden', () => {
    const golden = (
      experiment: string,
      backends: readonly BackendName[],
      compute: (backend: BackendName, task: ParityTask) => Awaited<ReturnType<Compute>> = (_, task) => leaves(task),
    ) => compareWith(compute, { rungs: ['golden'], backends, subjects: [subject(experiment)] });

    test('holds each backend and the oracle against PyTorch, and computes nothing else', async () => {
      const compared = await golden('mlp-4', ['wasm', 'cpu']);
      expect(compared.computed).toEqual(['js golden mlp-4 20', 'wasm golden mlp-4 20', 'cpu golden mlp-4 20']);
      expect(outcomes(compared)).toEqual(['js', 'wasm', 'cpu'].map((name) => `${name} mlp-4 golden agrees`));
      expect(compared.results.map(({ steps }) => steps)).toEqual([20, 20, 20]);
      expect(compared.results[0]?.comparisons.map(({ subject: name }) => name)).toEqual([
        'losses',
        'change of dense1 kernel',
      ]);
    });

    test('compares once on it with an oracle that is named', async () => {
      expect((await golden('mlp-4', ['js'])).computed).toEqual(['js golden mlp-4 20']);
    });

    test('has none where PyTorch took no steps', async () => {
      expect(await golden('mlp-1', ['wasm'])).toMatchObject({ results: [], computed: [] });
    });

    test('takes fewer steps of a twin on js, and the whole CNN only where that is quick', async () => {
      const compared = await golden('cnn-2', ['wasm', 'webgpu', 'js']);
      expect(compared.computed).toEqual([
        ...['wasm golden cnn-2-narrow 20', 'wasm golden cnn-2 20'],
        ...['webgpu golden cnn-2-narrow 20', 'js golden cnn-2-narrow 1'],
      ]);
      expect(compared.results.map(({ backend, narrow, steps, outcome }) => [backend, narrow, steps, outcome])).toEqual([
        ['wasm', true, 20, 'agrees'],
        ['wasm', undefined, 20, 'agrees'],
        ['webgpu', true, 20, 'agrees'],
        ['webgpu', undefined, undefined, 'skipped'],
        ['js', true, 1, 'agrees'],
        ['js', undefined, undefined, 'skipped'],
      ]);
      // The lengths are those after all steps.
      expect(compared.results[4]?.comparisons.map(({ subject: name }) => name)).toEqual(['losses']);
    });

    test.each([
      ['golden/losses', 1.00005, 1.0002, 'losses'],
      ['golden/change of dense1 kernel', 1.009, 1.011, 'change of dense1 kernel'],
    ])('%s may be as far off as %d, not %d', async (name, within, beyond, said) => {
      const off = (value: number) => golden('mlp-4', ['wasm'], (_, task) => leaves(task, { [name]: value }));
      expect(outcomes(await off(within))).toEqual(['js mlp-4 golden agrees', 'wasm mlp-4 golden agrees']);
      const far = await off(beyond);
      expect(outcomes(far)).toEqual(['js mlp-4 golden diverges', 'wasm mlp-4 golden diverges']);
      expect(firstDivergence(far.results)?.comparison.subject).toBe(said);
    });

    test('says what crashed and which kernel is missing', async () => {
      const crash = await golden('mlp-4', ['wasm'], (name, task) => (name === 'js' ? { crashed: 'no' } : leaves(task)));
      expect(outcomes(crash)).toEqual(['js mlp-4 golden crashed', 'wasm mlp-4 golden agrees']);
      const failures = [{ subject: 'm', reason: 'no', missingKernel: 'Exp' }];
      const missing = await golden('mlp-4', ['wasm'], (name, task) =>
        name === 'wasm' ? { tensors: [], failures } : leaves(task),
      );
      expect(missing.results[1]).toMatchObject({ outcome: 'unsupported', reason: 'there is no kernel Exp' });
    });
  });
});
