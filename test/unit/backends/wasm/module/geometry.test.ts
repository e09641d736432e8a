import { backend_util } from '@tensorflow/tfjs-core';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { withoutPadding, zerosAround } from '../../../../../src/backends/wasm/module/direct.js';
import { geometryOf, multiplyAdds, windowLength } from '../../../../../src/backends/wasm/module/geometry.js';
import { isSpectral } from '../../../../../src/backends/wasm/module/spectral.js';

const side = fc.integer({ min: 1, max: 9 });
const problems = fc.record({
  batch: fc.integer({ min: 1, max: 64 }),
  size: fc.tuple(fc.integer({ min: 9, max: 40 }), fc.integer({ min: 9, max: 40 })),
  kernel: fc.tuple(side, side),
  strides: fc.tuple(fc.integer({ min: 1, max: 3 }), fc.integer({ min: 1, max: 3 })),
  channels: fc.integer({ min: 1, max: 32 }),
  filters: fc.integer({ min: 1, max: 32 }),
  pad: fc.constantFrom('valid' as const, 'same' as const),
});
type Problem = typeof problems extends fc.Arbitrary<infer T> ? T : never;

function infoOf({ batch, size, kernel, strides, channels, filters, pad }: Problem) {
  return backend_util.computeConv2DInfo([batch, ...size, channels], [...kernel, channels, filters], strides, 1, pad);
}

describe('zeros around the input of a convolution', () => {
  test('are those of tfjs, as far as a window reaches', () => {
    fc.assert(
      fc.property(problems, (problem) => {
        const info = infoOf(problem);
        const { height, width } = geometryOf(info);
        const { top, bottom, left, right } = info.padInfo;
        // With `valid`, and where a stride leaves something over, no window reaches the far edge.
        expect(zerosAround(height)).toEqual([top, bottom]);
        expect(zerosAround(width)).toEqual([left, right]);
      }),
    );
  });

  test('of a pad in pixels that a stride does not reach are left out', () => {
    const info = backend_util.computeConv2DInfo([1, 8, 8, 1], [3, 3, 1, 1], 2, 1, 1);
    expect(info.padInfo).toMatchObject({ top: 1, bottom: 1 });
    expect(zerosAround(geometryOf(info).height)).toEqual([1, 0]);
  });

  test('once there, nothing is missing and no output changes', () => {
    fc.assert(
      fc.property(problems, (problem) => {
        const geometry = geometryOf(infoOf(problem));
        const wide = withoutPadding(geometry);
        for (const [axis, before] of [
          [wide.height, geometry.height],
          [wide.width, geometry.width],
        ] as const) {
          expect(zerosAround(axis)).toEqual([0, 0]);
          expect(axis.output).toBe(before.output);
          expect((axis.output - 1) * axis.stride + windowLength(axis)).toBeLessThanOrEqual(axis.input);
        }
        expect(multiplyAdds(wide)).toBe(multiplyAdds(geometry));
      }),
    );
  });
});

describe('a convolution goes by transforms', () => {
  test('never with a stride', () => {
    fc.assert(
      fc.property(problems, (problem) => {
        const [down, across] = problem.strides;
        if (down > 1 || across > 1) expect(isSpectral(geometryOf(infoOf(problem)))).toBe(false);
      }),
      { numRuns: 1000 },
    );
  });

  test.each([
    ['7x7 of the decks', 7, 26, 32, 64, true],
    ['7x7, three channels', 7, 32, 3, 32, true],
    ['7x7, one channel', 7, 28, 1, 32, false],
    ['1x1', 1, 26, 32, 64, false],
    ['3x3, many channels', 3, 26, 32, 64, true],
    ['3x3, few channels', 3, 26, 8, 8, false],
    ['7x7 on an image beyond the longest circle', 7, 80, 32, 64, false],
  ])('%s', (_, kernel, size, channels, filters, expected) => {
    const problem: Problem = {
      batch: 64,
      size: [size, size],
      kernel: [kernel, kernel],
      strides: [1, 1],
      channels,
      filters,
      pad: 'valid',
    };
    expect(isSpectral(geometryOf(infoOf(problem)))).toBe(expected);
  });
});
