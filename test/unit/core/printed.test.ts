import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { agreesWithPrinted, parsePrinted } from '../../../src/core/printed.js';

const number = (value: number, low: number, high: number) => ({
  kind: 'number',
  value,
  low,
  high,
  exact: low === high,
});

describe('a printed number', () => {
  test.each([
    ['~89%', 0.89, 0.88, 0.9],
    ['~ 53%', 0.53, 0.52, 0.54],
    ['89%', 0.89, 0.885, 0.895],
    ['96.53%', 0.9653, 0.96525, 0.96535],
    ['10.05', 10.05, 10.045, 10.055],
    ['0.00', 0, -0.005, 0.005],
    ['-0.1', -0.1, -0.15, -0.05],
    ['\u22120.1', -0.1, -0.15, -0.05],
    ['93MB', 93, 92.5, 93.5],
    ['0.78 MB', 0.78, 0.775, 0.785],
  ])('%s stands for half a unit of its last digit each way, or a whole one after a tilde', (text, value, low, high) => {
    expect(parsePrinted(text)).toEqual(number(value, low, high));
  });

  test.each([
    ['3.2M', 3.2e6, 3.15e6, 3.25e6],
    ['1.0M', 1e6, 0.95e6, 1.05e6],
    ['138M', 138e6, 137.5e6, 138.5e6],
    ['25K', 25e3, 24.5e3, 25.5e3],
    ['150K', 150e3, 145e3, 155e3],
    ['800K', 800e3, 750e3, 850e3],
    ['100K', 100e3, 50e3, 150e3],
    ['~800K', 800e3, 700e3, 900e3],
  ])('%s: trailing zeros of an abbreviated integer are placeholders, decimals are digits', (text, value, low, high) => {
    expect(parsePrinted(text)).toEqual(number(value, low, high));
  });

  test.each([
    ['2,635,146', 2_635_146],
    ['4096', 4096],
    ['0', 0],
    ['100', 100],
    ['784 Nodes', 784],
    ['20 parameters', 20],
    ['8*8*256 nodes', 16_384],
    ['32*32*3', 3072],
  ])('%s is exact', (text, value) => {
    expect(parsePrinted(text)).toEqual(number(value, value, value));
  });

  test('may be the word most: a share of at least one half', () => {
    const most = parsePrinted('most');
    expect([0.42, 0.5, 1].map((share) => agreesWithPrinted(most, share))).toEqual([false, true, true]);
  });

  test('may be the words much less: a share of at most one tenth', () => {
    const less = parsePrinted('much less');
    expect([0.001, 0.1, 0.42].map((share) => agreesWithPrinted(less, share))).toEqual([true, true, false]);
  });

  test('always contains its own value, which is the double of the same literal', () => {
    fc.assert(
      fc.property(fc.nat(1e6), fc.integer({ min: 0, max: 4 }), (digits, decimals) => {
        const text = (digits / 10 ** decimals).toFixed(decimals);
        const printed = parsePrinted(text);
        expect(printed).toMatchObject({ kind: 'number', value: Number(text) });
        expect(agreesWithPrinted(printed, Number(text))).toBe(true);
      }),
    );
  });
});

describe('a printed shape', () => {
  test.each([
    ['54x54x96', [54, 54, 96]],
    ['54\u00d754\u00d796', [54, 54, 96]],
    ['[224x224x3]', [224, 224, 3]],
    ['(4,28,28)', [4, 28, 28]],
    ['(28, 28, 8)', [28, 28, 8]],
    ['[-1, 32, 22, 22]', [32, 22, 22]],
    ['[-1, 4096]', [4096]],
  ])('%s keeps the printed order of axes and leaves out the batch', (text, shape) => {
    expect(parsePrinted(text)).toEqual({ kind: 'shape', shape });
  });
});

test.each(['', 'even worse', '1e-4', '(?,?,?)', '24M x 4 bytes', '3,2M', '~'])('%j is refused', (text) => {
  expect(() => parsePrinted(text)).toThrow(RangeError);
});

describe('agreement', () => {
  test('includes both ends of the interval', () => {
    const printed = parsePrinted('~89%');
    expect([0.8799, 0.88, 0.9, 0.9001].map((accuracy) => agreesWithPrinted(printed, accuracy))).toEqual([
      false,
      true,
      true,
      false,
    ]);
  });

  test('of shapes needs every axis', () => {
    const printed = parsePrinted('54x54x96');
    expect(agreesWithPrinted(printed, [54, 54, 96])).toBe(true);
    expect(agreesWithPrinted(printed, [54, 54])).toBe(false);
    expect(agreesWithPrinted(printed, [55, 55, 96])).toBe(false);
  });

  test('never holds between a number and a shape', () => {
    expect(agreesWithPrinted(parsePrinted('4096'), [4096])).toBe(false);
    expect(agreesWithPrinted(parsePrinted('[-1, 4096]'), 4096)).toBe(false);
  });
});
