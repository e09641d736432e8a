import type { NamedAttrMap, Rank, Tensor } from '@tensorflow/tfjs-core';
import * as layers from '@tensorflow/tfjs-layers';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Tf } from '../../src/backends/tfjs.js';
import { startWasm } from '../../src/backends/wasm/start.js';
import { startTunedWasm, type TunedWasm } from '../../src/backends/wasm/tuned.js';
import { GRADIENT_ROWS } from './gradient-rows.js';
import { LAYER_ROWS } from './layer-rows.js';
import { randomNumbers } from './numbers.js';
import { poison, type PoisonedHeap } from './poison.js';
import { trainLayer } from './trained-layer.js';

const SEED = Number(process.env['CNNBENCH_TEST_SEED'] ?? Date.now() % 1_000_000);

type Random = ReturnType<typeof randomNumbers>;

/** Random calls of a kernel, most of which fit nothing: shapes and attributes are drawn, zeros and negative numbers among them. */
const CALLS: Readonly<Record<string, (random: Random) => [inputs: Record<string, number[]>, attrs: object]>> = {
  BatchMatMul: (random) => [{ a: shape(random, 2, 3), b: shape(random, 2, 3) }, transposed(random)],
  _FusedMatMul: (random) => [
    { a: shape(random, 2, 3), b: shape(random, 2, 3), bias: shape(random, 0, 2) },
    { ...transposed(random), activation: 'relu' },
  ],
  Conv2D: (random) => [{ x: shape(random, 4, 4), filter: shape(random, 4, 4) }, geometry(random)],
  FusedConv2D: (random) => [
    { x: shape(random, 4, 4), filter: shape(random, 4, 4), bias: shape(random, 0, 1) },
    { ...geometry(random), activation: 'linear' },
  ],
  Conv2DBackpropInput: (random) => [
    { dy: shape(random, 4, 4), filter: shape(random, 4, 4) },
    { ...geometry(random), inputShape: shape(random, 4, 4) },
  ],
  Conv2DBackpropFilter: (random) => [
    { x: shape(random, 4, 4), dy: shape(random, 4, 4) },
    { ...geometry(random), filterShape: shape(random, 4, 4) },
  ],
  DepthwiseConv2dNative: (random) => [{ x: shape(random, 4, 4), filter: shape(random, 4, 4) }, geometry(random)],
  DepthwiseConv2dNativeBackpropInput: (random) => [
    { dy: shape(random, 4, 4), filter: shape(random, 4, 4) },
    { ...geometry(random), inputShape: shape(random, 4, 4) },
  ],
  DepthwiseConv2dNativeBackpropFilter: (random) => [
    { x: shape(random, 4, 4), dy: shape(random, 4, 4) },
    { ...geometry(random), filterShape: shape(random, 4, 4) },
  ],
  Conv3D: (random) => [{ x: shape(random, 5, 5), filter: shape(random, 5, 5) }, geometry(random)],
  MaxPool: (random) => [{ x: shape(random, 4, 4) }, windows(random)],
  AvgPool: (random) => [{ x: shape(random, 4, 4) }, windows(random)],
  MaxPoolGrad: (random) => {
    const input = shape(random, 4, 4);
    return [{ dy: shape(random, 4, 4), input, output: input }, windows(random)];
  },
  AvgPoolGrad: (random) => [{ dy: shape(random, 4, 4), input: shape(random, 4, 4) }, windows(random)],
  Dilation2D: (random) => [{ x: shape(random, 4, 4), filter: shape(random, 3, 3) }, geometry(random)],
  Prelu: (random) => [{ x: shape(random, 1, 4), alpha: shape(random, 0, 4) }, {}],
  UnsortedSegmentSum: (random) => [
    { x: shape(random, 1, 3), segmentIds: shape(random, 1, 1) },
    { numSegments: random.integer(-1, 4) },
  ],
};

function shape({ integer }: Random, least: number, most: number): number[] {
  return Array.from({ length: integer(least, most) }, () => [0, 1, 2, 2, 3, 3, 4, 7][integer(0, 7)] as number);
}

function transposed({ integer }: Random) {
  return { transposeA: integer(0, 1) === 1, transposeB: integer(0, 1) === 1 };
}

function geometry({ integer }: Random) {
  return {
    strides: [integer(0, 3), integer(1, 3)],
    pad: (['same', 'valid', integer(-1, 2)] as const)[integer(0, 2)],
    dataFormat: 'NHWC',
    dilations: [1, 1],
  };
}

function windows(random: Random) {
  const { strides, pad } = geometry(random);
  return { strides, pad, filterSize: [random.integer(0, 3), random.integer(1, 3)] };
}

describe.for(['module', 'xnnpack'] as const)('%s (CNNBENCH_TEST_SEED=' + String(SEED) + ')', (kernels) => {
  let tuned: TunedWasm;
  let tf: Tf;
  let poisoned: PoisonedHeap;
  beforeAll(async () => {
    const threads = kernels === 'module' ? 2 : 1;
    // Before the kernels: what they take, they give back.
    poisoned = poison(await startWasm({ build: 'threaded', threads: 1 }));
    tuned = await startTunedWasm({ kernels, threads });
    ({ tf } = tuned);
  });
  afterAll(async () => {
    await tuned.stop();
    poisoned.stop();
  });
  // The module's are more, and faster.
  const tags = kernels === 'module' ? [] : ['slow'];

  /** The same whatever was in the memory, to the bit; and nothing is written outside of a block. */
  async function expectSame(compute: () => Promise<unknown>, what = ''): Promise<void> {
    poisoned.fillWith(0);
    const clean = await compute();
    poisoned.fillWith(0xff);
    expect(await compute(), what).toEqual(clean);
    poisoned.check();
  }

  test('training of every layer depends on nothing that was in the memory', { tags: 'slow' }, async () => {
    for (const row of LAYER_ROWS) {
      await expectSame(async () => {
        try {
          return await trainLayer(tf, layers, 'wasm', row);
        } catch (error) {
          return (error as Error).message;
        }
      });
    }
  });

  test.for(GRADIENT_ROWS)('nor do $name and its gradients', { tags }, async (row) => {
    const random = randomNumbers(SEED);
    for (let problem = 0; problem < 6; problem++) {
      const { shapes, compute } = row.draw(tf, random);
      const values = shapes.map((each) => random.values(tf.util.sizeFromShape([...each])));
      await expectSame(async () =>
        tf.tidy(() => {
          const operands = values.map((each, index) => tf.tensor(each, shapes[index] as number[]));
          const y = compute(...operands);
          return [y, ...tf.grads(compute)(operands, y)].map((each) => each.dataSync().slice());
        }),
      );
    }
  });

  test.for(Object.keys(CALLS))('%s of any shapes is refused, or depends on them alone', { tags }, async (kernel) => {
    const random = randomNumbers(SEED);
    const said = { refused: 0, computed: 0 };
    for (let problem = 0; problem < 150; problem++) {
      const [shapes, attrs] = (CALLS[kernel] as (typeof CALLS)[string])(random);
      await expectSame(
        async () =>
          tf.tidy(() => {
            const numbers = randomNumbers(problem);
            const inputs = Object.entries(shapes).map(([name, each]): [string, Tensor] => [
              name,
              name === 'segmentIds'
                ? tf.range(-1, (each[0] as number) - 1, 1, 'int32')
                : tf.tensor(numbers.values(tf.util.sizeFromShape(each)), each),
            ]);
            try {
              const y = tf.engine().runKernel<Tensor>(kernel, Object.fromEntries(inputs), attrs as NamedAttrMap);
              said.computed++;
              return [y.shape, y.dataSync().slice()];
            } catch (error) {
              said.refused++;
              return (error as Error).message;
            }
          }),
        JSON.stringify([shapes, attrs]),
      );
    }
    expect(said.refused, JSON.stringify(said)).toBeGreaterThan(0);
  });
});

test('it is noticed where stock pools past its buffer: padding in pixels, around windows that are not square', async () => {
  const poisoned = poison(await startWasm({ build: 'threaded', threads: 1 }));
  const tuned = await startTunedWasm();
  const { tf } = tuned;
  const pool = () => {
    tf.tidy(() => void tf.avgPool(tf.ones<Rank.R4>([1, 8, 8, 4]), [5, 2], 1, 1).dataSync());
    poisoned.check();
  };
  pool();
  await tuned.stop();
  expect(pool).toThrow(/written outside of a/);
  poisoned.stop();
});
