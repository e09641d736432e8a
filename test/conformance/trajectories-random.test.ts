import { beforeAll, expect, test } from 'vitest';
import type { ActiveBackend } from '../../src/backends/backend.js';
import { jsBackend } from '../../src/backends/js.js';
import { wasmBackend } from '../../src/backends/wasm/index.js';
import type { LayerSpec } from '../../src/core/model.js';
import { summarize } from '../../src/model/summary.js';
import { randomNumbers } from './numbers.js';
import { errorOf } from './trajectories/error.js';
import { layerCase } from './trajectories/cases.js';
import { problemOf, type Answer, type Case } from './trajectories/problem.js';
import { ask, hasReference } from './trajectories/python.js';
import { solve } from './trajectories/solve.js';

const SEED = Number(process.env['CNNBENCH_TEST_SEED'] ?? Date.now() % 1_000_000);
const random = randomNumbers(SEED);
const CASES = 60;
/** Single weights may pass through zero, where a ReLU or a maximum of another order of summing sees something else. */
const TOLERANCE = 1e-4;

const one = <Value>(...values: readonly Value[]): Value => values[random.integer(0, values.length - 1)] as Value;
const upTo = (most: number) => random.integer(1, most);
type Both = number | readonly [number, number];
const both = () => one<Both>(upTo(3), [upTo(3), upTo(3)]);

/** A layer with options at random; many do not fit their input. */
function drawLayer(channels: number, height: number): LayerSpec {
  const bias = one({}, { bias: false });
  const padding = one<object>({}, { padding: 'same' }, { padding: upTo(2) }, { padding: [upTo(3), 0] as const });
  const spread = one<object>({}, { stride: both() }, { dilation: both() }, { stride: both(), dilation: both() });
  const kernel = one<Both>(upTo(4), height, [upTo(4), upTo(4)]);
  const filters = upTo(4);
  switch (random.integer(0, 13)) {
    case 0:
      return { kind: 'conv2d', filters, kernel, ...spread, ...padding, ...bias };
    case 1:
      return { kind: 'conv2d', filters: 2 * channels, kernel, groups: channels, ...spread, ...padding, ...bias };
    case 2:
      return { kind: 'depthwise-conv2d', multiplier: upTo(2), kernel, ...spread, ...padding, ...bias };
    case 3:
      return { kind: 'separable-conv2d', filters, multiplier: upTo(2), kernel, ...spread, ...padding, ...bias };
    case 4:
      return { kind: 'conv2d-transpose', filters, kernel, stride: both(), ...padding, ...bias };
    case 5:
      return { kind: 'max-pool', size: both(), ...one({}, { stride: both() }), ...padding };
    case 6:
      return { kind: 'average-pool', size: both(), ...one({}, { stride: both() }), ...padding };
    case 7:
      // Of few values the variance may be next to nothing, and then rounding decides.
      return { kind: 'batch-norm', convention: 'pytorch', epsilon: 0.1 };
    case 8:
      return { kind: 'layer-norm', epsilon: 0.1 };
    case 9:
      return { kind: 'upsampling', size: both(), interpolation: one('nearest', 'bilinear') };
    case 10:
      return {
        kind: 'zero-padding',
        padding: [
          [upTo(3), 0],
          [upTo(2), upTo(2)],
        ],
      };
    case 11:
      return { kind: one('global-average-pool', 'global-max-pool') };
    case 12:
      return { kind: 'gelu', approximate: one(true, false) };
    default:
      return { kind: one('silu', 'softplus', 'selu', 'tanh', 'log-softmax') };
  }
}

/** Inputs from 1x1 on, batches from 1 on, classes from 1 on. */
function drawCase(index: number): Case {
  for (;;) {
    const input = [random.integer(1, 7), random.integer(1, 7), random.integer(1, 3)] as const;
    const layer = drawLayer(input[2], input[0]);
    // A batch of one value has no variance, and PyTorch refuses it.
    const batch = layer.kind === 'batch-norm' ? 4 : upTo(3);
    try {
      const drawn = layerCase(layer, input, upTo(4));
      summarize({ id: 'm', title: 'm', input, layers: drawn.layers });
      return { ...drawn, name: `${index}: ${drawn.name}, batch ${batch}`, batch };
    } catch (error) {
      if (!(error instanceof RangeError)) throw error;
    }
  }
}

const problems = Array.from({ length: CASES }, (_, index) => problemOf(drawCase(index), SEED + index));

const answers = new Map<string, Answer[]>();
const solveAll = async (backend: ActiveBackend) => {
  const solved: Answer[] = [];
  for (const [index, problem] of problems.entries()) solved.push(await solve(backend, problem, SEED + index));
  return solved;
};

beforeAll(async () => {
  const js = await jsBackend.activate({});
  answers.set('js', await solveAll(js));
  answers.set('wasm', await solveAll(await wasmBackend.activate({})));
});

function expectSame(found: readonly Answer[], wanted: readonly Answer[]): void {
  for (const [index, { name }] of problems.entries()) {
    expect(errorOf(found[index] as Answer, wanted[index] as Answer), name).toBeLessThan(TOLERANCE);
  }
}

test(`random layers are trained on wasm as on js (CNNBENCH_TEST_SEED=${SEED})`, () => {
  expectSame(answers.get('wasm') ?? [], answers.get('js') ?? []);
});

test(`random layers are trained as by PyTorch (CNNBENCH_TEST_SEED=${SEED})`, ({ skip }) => {
  if (!hasReference('pytorch')) skip('no Python with PyTorch; CNNBENCH_PYTHON names one');
  expectSame(answers.get('wasm') ?? [], ask('pytorch', problems).answers);
});
