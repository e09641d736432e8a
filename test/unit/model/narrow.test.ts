import { expect, test } from 'vitest';
import { narrowTwin } from '../../../src/model/narrow.js';
import type { ModelSpec } from '../../../src/core/model.js';
import { summarize } from '../../../src/model/summary.js';
import { LEDGER } from '../../fixtures/ledger.js';

test('the narrow twin of a CNN of the decks has an eighth of its filters, and everything else alike', () => {
  const [whole, twin] = [LEDGER.model('cnn-cifar'), narrowTwin(LEDGER.model('cnn-cifar'))];
  expect(twin).toMatchObject({ id: 'cnn-cifar-narrow', input: whole.input });
  const filters = twin.layers.flatMap((layer) => (layer.kind === 'conv2d' ? [layer.filters] : []));
  expect(filters).toEqual([4, 8, 16, 32]);
  expect(twin.layers.filter(({ kind }) => kind !== 'conv2d')).toEqual(
    whole.layers.filter(({ kind }) => kind !== 'conv2d'),
  );
  const shapes = (model: ModelSpec) => summarize(model).layers.map(({ name, outputShape }) => [name, outputShape]);
  expect(shapes(twin).slice(-3)).toEqual(shapes(whole).slice(-3));
});

test('branches are narrowed, too, and at least one filter is left', () => {
  const conv = (filters: number) => ({ kind: 'conv2d', filters, kernel: 1 }) as const;
  const model: ModelSpec = {
    id: 'm',
    title: 'm',
    input: [4, 4, 1],
    layers: [{ kind: 'concat', branches: [[conv(3)], []] }],
  };
  expect(narrowTwin(model, 8).layers).toEqual([{ kind: 'concat', branches: [[conv(1)], []] }]);
  expect(narrowTwin(model, 1).layers).toEqual(model.layers);
});
