import { describe, expect, test } from 'vitest';
import type { CountedModel } from '../../../src/core/claim.js';
import type { ModelSpec } from '../../../src/core/model.js';
import { quantitySchema, type Quantity } from '../../../src/core/quantity.js';
import { countQuantity } from '../../../src/model/count-quantity.js';
import { symbolicCounts } from '../../../src/model/counts.js';
import { summarize } from '../../../src/model/summary.js';
import { LEDGER } from '../../fixtures/ledger.js';

const counted = (model: ModelSpec): CountedModel => ({ input: model.input, layers: symbolicCounts(model).layers });

const MODEL = counted({
  id: 'm',
  title: 'm',
  input: [9, 9, 3],
  layers: [
    { kind: 'conv2d', name: 'conv1', filters: 4, kernel: 3, stride: 2 },
    { kind: 'relu', name: 'relu1' },
    { kind: 'max-pool', name: 'pool1', size: 2 },
    { kind: 'flatten', name: 'flatten' },
    { kind: 'dense', name: 'fc1', units: 10 },
    { kind: 'dense', name: 'fc2', units: 2, bias: false },
  ],
});

describe('a quantity', () => {
  test.each<[Quantity, number | readonly number[]]>([
    [{ what: 'parameters' }, 108 + 4 + 160 + 10 + 20],
    [{ what: 'weights', of: 'fc*' }, 180],
    [{ what: 'biases', of: ['conv1', 'fc1'] }, 14],
    [{ what: 'activations', of: 'input' }, 243],
    [{ what: 'activations', of: ['input', 'relu1', 'relu*'] }, 243 + 64],
    [{ what: 'macs', of: 'conv1' }, 108 * 16],
    [{ what: 'macs' }, 108 * 16 + 180],
    [{ what: 'layers' }, 6],
    [{ what: 'weight-layers' }, 3],
    [{ what: 'shape', of: 'conv1' }, [4, 4, 4]],
    [{ what: 'shape', of: 'pool1', as: 'channels-first' }, [4, 2, 2]],
    [{ what: 'shape', of: 'fc1', as: 'column' }, [10, 1]],
    [{ what: 'shape', of: 'fc1', as: 'volume' }, [1, 1, 10]],
    [{ what: 'size', of: 'conv1' }, [4, 4]],
    [{ what: 'height', of: 'pool1' }, 2],
    [{ what: 'channels', of: 'conv1' }, 4],
    [{ what: 'kernel', of: 'conv1' }, [3, 3]],
    [{ what: 'kernel', of: 'pool1' }, [2, 2]],
    [{ what: 'stride', of: 'conv1' }, 2],
    [{ what: 'stride', of: 'pool1' }, 2],
    [{ what: 'filters', of: 'conv1' }, [4, 3, 3, 3]],
    [{ what: 'inputs', of: 'fc1' }, 16],
    [{ sum: [{ what: 'biases' }, { what: 'layers' }] }, 20],
    [{ share: { what: 'weights', of: 'fc*' }, of: { what: 'weights' } }, 180 / 288],
    [{ memory: { what: 'activations', of: 'input' } }, (243 * 4) / 2 ** 20],
  ])('%j is %j', (quantity, expected) => {
    expect(quantitySchema.parse(quantity)).toEqual(quantity);
    expect(countQuantity(quantity, MODEL)).toEqual(expected);
  });

  test.each<[Quantity, string]>([
    [{ what: 'weights', of: 'fc3' }, 'there is no layer "fc3"'],
    [{ what: 'weights', of: ['fc1', 'block/*'] }, 'there is no layer "block/*"'],
    [{ what: 'shape', of: 'fc*' }, 'there is no layer "fc*"'],
    [{ sum: [{ what: 'shape', of: 'fc1' }] }, 'a shape has no sum and no share'],
  ])('%j is refused', (quantity, message) => {
    expect(() => countQuantity(quantity, MODEL)).toThrow(message);
  });

  test.each([{ what: 'flops' }, { what: 'shape' }, { what: 'shape', of: 'fc1', as: 'row' }, { sum: [] }, { share: 1 }])(
    '%j is no quantity',
    (value) => {
      expect(quantitySchema.safeParse(value).success).toBe(false);
    },
  );

  test.each(LEDGER.models.map((model) => [model.id, model] as const))('sums up %s as its summary does', (_, model) => {
    const { totals } = summarize(model);
    const of = counted(model);
    for (const what of ['parameters', 'weights', 'biases', 'activations', 'macs'] as const) {
      expect([what, countQuantity({ what }, of)]).toEqual([what, totals[what]]);
    }
  });
});
