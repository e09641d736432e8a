import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { explainPrinted } from '../../../src/model/explain.js';
import { summarize } from '../../../src/model/summary.js';
import { LEDGER } from '../../fixtures/ledger.js';

function because(model: string, printed: string) {
  const { because } = explainPrinted(summarize(LEDGER.model(model)), printed);
  return because;
}

describe('a printed number', () => {
  test.each([
    ['vgg-16', '138,357,544'],
    ['vgg-16', '138M'],
    ['mlp-fashion', '~200K'],
  ])('that is the parameters of %s agrees: %s', (model, printed) => {
    expect(explainPrinted(summarize(LEDGER.model(model)), printed)).toMatchObject({ agrees: true, because: [] });
  });

  test.each([
    ['lenet-5', '61470', 'the weights alone: the 236 biases are missing'],
    ['deck-003-cnn', '33210', 'the model with 90 biases, which it does not have'],
    ['resnet-18', '11,699,112', 'the parameters and the 9,600 running means and variances, which are not trained'],
    ['vgg-16', '14714688', 'the convolutional layers alone'],
    ['vgg-16', '14710464', 'the weights of the convolutional layers alone, biases missing'],
    ['vgg-16', '123642856', 'the model without its convolutional layers'],
    ['densenet-121', '7895208', 'the model without its normalisations'],
    ['example-net', '14838', 'the model without fc3 (48,120)'],
    ['example-net', '111078', 'the model with fc3 counted twice'],
    ['example-net', '10164', 'fc4 alone'],
    ['example-net', '62838', 'the model without the 120 biases of fc3'],
    ['googlenet', '163696', 'inception-3a alone'],
    ['alexnet', '62378344', 'the model with 9,216 inputs of fc6 in place of 6,400'],
    ['vgg-16', '134301514', 'the model with 10 outputs of fc8 in place of 1,000'],
    ['mlp-fashion', '407050', 'the model with 512 outputs of dense1 in place of 256'],
    ['cnn-cifar', '4208010', 'the model with 1 input channels of conv1 in place of 3'],
    ['vgg-16', '15470264320', 'the multiply-accumulates, not the parameters'],
    ['vgg-16', '528MB', 'the parameters in MiB of 32-bit floats'],
    ['cnn-fashion', '10.83MB', 'input, parameters and activations forward and backward in MiB of 32-bit floats'],
  ])('of %s, %s, is explained', (model, printed, words) => {
    const [first = ''] = because(model, printed);
    expect(first).toBe(words);
  });

  test('says how far it is off, and nothing that it does not know', () => {
    expect(explainPrinted(summarize(LEDGER.model('deck-003-mlp')), '35107840')).toMatchObject({
      value: 35_107_840,
      difference: 1_024_000,
      agrees: false,
    });
    expect(because('vgg-16', '138,357,543')).toEqual([]);
  });

  test('that is a shape or no number at all is refused', () => {
    const model = summarize(LEDGER.model('lenet-5'));
    expect(() => explainPrinted(model, '28x28')).toThrow('"28x28" is a shape, not a number');
    expect(() => explainPrinted(model, 'many')).toThrow(RangeError);
  });

  test('made by leaving out biases or a layer, or by counting one twice, is explained whatever the model', () => {
    fc.assert(
      fc.property(fc.constantFrom(...LEDGER.models), fc.nat(), (spec, pick) => {
        const model = summarize(spec);
        const trained = model.layers.filter(({ weights }) => weights > 0);
        const layer = trained[pick % trained.length] as (typeof trained)[number];
        const own = layer.weights + layer.biases;
        const { parameters, weights } = model.totals;
        for (const wrong of [weights, parameters - own, parameters + own].filter((count) => count > 0)) {
          const { agrees, because } = explainPrinted(model, String(wrong));
          expect(agrees || because.length > 0).toBe(true);
        }
      }),
    );
  });
});
