import { describe, expect, test } from 'vitest';
import { selectExperiments } from '../../../src/plan/select.js';
import { LEDGER } from '../../fixtures/ledger.js';

const idsOf = (...words: string[]) => selectExperiments(LEDGER.experiments, words).map(({ id }) => id);

describe('selection of experiments', () => {
  test('all is everything', () => {
    expect(idsOf('all')).toHaveLength(LEDGER.experiments.length);
  });
  test('a suite is its experiments', () => {
    expect(idsOf('cnn')).toEqual(['cnn-1', 'cnn-2']);
  });
  test('an experiment is only itself, not its other readings', () => {
    expect(idsOf('mlp-2')).toEqual(['mlp-2']);
  });
  test('a pattern takes the other readings too', () => {
    expect(idsOf('mlp-2*')).toEqual(['mlp-2', 'mlp-2-lr1e-4']);
  });
  test('order and uniqueness follow the suites, whatever the order of the words', () => {
    expect(idsOf('cnn-2', 'mlp-2', 'cnn', 'mlp-2')).toEqual(['mlp-2', 'cnn-1', 'cnn-2']);
  });
  test('a variation comes after the experiments, once, and matches no pattern', () => {
    expect(idsOf('mlp-2@lr=3e-4', 'mlp-2*', 'mlp-2@lr=3e-4')).toEqual(['mlp-2', 'mlp-2-lr1e-4', 'mlp-2@lr=3e-4']);
    expect(() => idsOf('mlp-2@lr=x')).toThrow(expect.objectContaining({ code: 'E_UNKNOWN_EXPERIMENT' }));
  });
  test('a word that names nothing is refused, with the nearest name', () => {
    expect(() => idsOf('mlp-1', 'cnn-3')).toThrow(/"cnn-3"; did you mean "cnn"/);
  });
  test('a star stands for any text, none as well, and sixty of them take no longer than one', () => {
    expect(idsOf('mlp-2*lr1e-4')).toEqual(['mlp-2-lr1e-4']);
    expect(idsOf('*n-2')).toEqual(['cnn-2']);
    expect(idsOf('mlp-1**deep*')).toEqual(['mlp-1-deep']);
    expect(() => idsOf('mlp-1*mlp-1')).toThrow(expect.objectContaining({ code: 'E_UNKNOWN_EXPERIMENT' }));
    // As a regular expression of sixty ".*" this would not end.
    expect(() => idsOf(`mlp-${'*'.repeat(60)}x`)).toThrow(expect.objectContaining({ code: 'E_UNKNOWN_EXPERIMENT' }));
  });
  test.each(['constructor', '__proto__', 'toString', 'hasOwnProperty', 'mlp-2@__proto__=1', 'mlp-2@constructor=1'])(
    '%s, a name that every object has, is no experiment',
    (word) => {
      expect(() => idsOf(word)).toThrow(expect.objectContaining({ code: 'E_UNKNOWN_EXPERIMENT' }));
    },
  );
  test('signs of regular expressions mean themselves', () => {
    expect(() => idsOf('mlp.1')).toThrow(expect.objectContaining({ code: 'E_UNKNOWN_EXPERIMENT' }));
  });
});
