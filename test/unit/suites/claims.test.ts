import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { claimSchema, type Claim, type CountClaim, type CountedModel } from '../../../src/core/claim.js';
import { agreesWithPrinted, parsePrinted } from '../../../src/core/printed.js';
import { summarize } from '../../../src/model/summary.js';
import { measureCount } from '../../../src/stats/judge/count.js';
import { agrees } from '../../../src/stats/judge/measured.js';
import { LEDGER } from '../../fixtures/ledger.js';

const COUNTS = LEDGER.claims.filter((claim): claim is CountClaim => claim.kind === 'count');

/** What a real model reports, without the model: only the fields a record has. */
function counted(id: string): CountedModel {
  const { input, layers } = summarize(LEDGER.model(id));
  return {
    input,
    layers: layers.map(({ name, kind, outputShape, weights, biases }) => ({
      name,
      kind,
      outputShape: [...outputShape],
      weights,
      biases,
    })),
  };
}

const MODELS = new Map(LEDGER.models.map((model) => [model.id, counted(model.id)]));

function measure(claim: CountClaim) {
  const model = MODELS.get(claim.model);
  if (!model) throw new Error(`${claim.id}: there is no model ${claim.model}`);
  return measureCount(claim, model, otherOf(claim));
}

/** The second architecture of a claim that compares two. */
function otherOf({ comparedWith }: CountClaim): CountedModel | undefined {
  return comparedWith === undefined ? undefined : MODELS.get(comparedWith);
}

function find(id: string): CountClaim {
  const claim = COUNTS.find((candidate) => candidate.id === id);
  if (!claim) throw new Error(`there is no claim ${id}`);
  return claim;
}

describe('the ledger', () => {
  test('has no id twice', () => {
    const ids = LEDGER.claims.map((claim) => claim.id);
    expect(ids.filter((id, index) => ids.indexOf(id) !== index)).toEqual([]);
  });

  test('has ids that start with their deck and are usable in a command line', () => {
    for (const claim of LEDGER.claims) {
      expect(claim.id).toMatch(/^00[0-4](\/[A-Za-z0-9_-]+)+$/);
      expect(claim.id.startsWith(`${claim.deck}/`)).toBe(true);
    }
  });

  test('says of each claim where it is printed and what it states', () => {
    for (const claim of LEDGER.claims) {
      expect(claim.place).not.toBe('');
      expect(claim.printed).not.toBe('');
      expect(claim.statement).toMatch(/\.$/);
    }
  });

  test('covers, by kind and deck', () => {
    const tally: Record<string, number> = {};
    for (const { deck, kind } of LEDGER.claims) tally[`${deck} ${kind}`] = (tally[`${deck} ${kind}`] ?? 0) + 1;
    expect(tally).toMatchInlineSnapshot(`
      {
        "000 accuracy": 10,
        "000 count": 44,
        "000 data": 10,
        "000 op": 12,
        "000 relation": 6,
        "001 count": 90,
        "001 data": 10,
        "001 op": 13,
        "002 count": 95,
        "002 data": 9,
        "002 op": 55,
        "002 relation": 1,
        "003 count": 20,
        "003 data": 2,
        "003 op": 16,
        "004 count": 57,
        "004 op": 18,
      }
    `);
  });
});

describe('claims as data', () => {
  const isData = (claim: Claim) => !Object.values(claim).some((value) => typeof value === 'function');
  const asData = LEDGER.claims.filter(isData);

  test('are what a deck in a file can say', () => {
    for (const claim of asData) expect(claimSchema.parse(JSON.parse(JSON.stringify(claim)))).toEqual(claim);
  });

  test('are most of them; functions measure formulas over grids, and a few more', () => {
    const page = readFileSync(new URL('../../../docs/claims.md', import.meta.url), 'utf8');
    const [, said, all] = /(\d+) of the (\d+) claims are data/.exec(page) ?? [];
    expect([Number(said), Number(all)]).toEqual([asData.length, LEDGER.claims.length]);
    const others = LEDGER.claims.filter((claim) => !isData(claim));
    const formulas = others.filter((claim) => claim.kind === 'op' && claim.points !== undefined);
    expect(others.filter((claim) => !formulas.includes(claim)).map(({ id }) => id)).toMatchInlineSnapshot(`
      [
        "004/lenet-5/sparsity",
        "002/googlenet/inception-kernels",
        "002/vgg-16/resolution-kept",
        "003/deck-003-cnn/share-of-mlp",
        "002/pooling-invariance/small-translations",
        "002/pooling-invariance/small-translations-overlapping",
        "003/output-size/i5-f3-s1",
      ]
    `);
  });
});

describe('accuracies and relations', () => {
  test('are printed as percentages with an interval', () => {
    for (const claim of LEDGER.claims.filter(({ kind }) => kind === 'accuracy')) {
      const printed = parsePrinted(claim.printed);
      expect(printed).toMatchObject({ kind: 'number', exact: false });
      if (printed.kind === 'number') expect(printed.high - printed.low).toBeCloseTo(0.02, 12);
    }
  });

  test('give both readings of the MLP cases a claim of their own', () => {
    const experiments = LEDGER.claims.flatMap((claim) => (claim.kind === 'accuracy' ? [claim.experiment] : []));
    const cases = ['mlp-1', 'mlp-2', 'mlp-3', 'mlp-4'];
    expect(experiments).toEqual([...cases.flatMap((id) => [id, `${id}-lr1e-4`]), 'cnn-1', 'cnn-2']);
  });

  test('compare experiments of the same reading', () => {
    const relations = LEDGER.claims.flatMap((claim) =>
      claim.kind === 'relation' ? [`${claim.experiment} ${claim.relation} ${claim.comparedWith}`] : [],
    );
    expect(relations).toEqual([
      'mlp-3 not-higher mlp-2',
      'mlp-4 lower mlp-3',
      'mlp-3-lr1e-4 not-higher mlp-2-lr1e-4',
      'mlp-4-lr1e-4 lower mlp-3-lr1e-4',
      'cnn-2 higher mlp-2',
      'cnn-2 higher mlp-2-lr1e-4',
      'pooling-max higher pooling-average',
    ]);
  });
});

describe('count claims', () => {
  test.each(COUNTS.map((claim) => [claim.id, claim] as const))('%s holds, or says why not', (_, claim) => {
    expect(agrees(claim, measure(claim))).toBe(claim.erratum === undefined);
  });

  test('name the layer that a model lacks', () => {
    const claim = find('002/vgg-16/conv1_1/weights');
    expect(() => measureCount(claim, { input: [1], layers: [] })).toThrow('there is no layer "conv1_1"');
  });
});

describe('errata', () => {
  test('are these, with the values measured', () => {
    const errata = COUNTS.filter((claim) => claim.erratum).map(
      (claim) => `${claim.id}: printed ${claim.printed}, measured ${JSON.stringify(measure(claim))}`,
    );
    expect(errata).toMatchInlineSnapshot(`
      [
        "000/cnn-fashion/parameters-against-mlp: printed Inefficiently have a large amount of parameters, measured 12.947211713260945",
        "000/cnn-cifar/parameters-against-mlp: printed Inefficiently have a large amount of parameters, measured 5.335575946015118",
        "001/cnn-fashion/parameters-against-mlp: printed Inefficiently have a large amount of parameters, measured 12.947211713260945",
        "001/cnn-cifar/parameters-against-mlp: printed Inefficiently have a large amount of parameters, measured 5.335575946015118",
        "001/cnn-fashion-conv-only/torchsummary/Linear-10/shape: printed [-1, 128], measured [10]",
        "001/cnn-fashion-conv-only/torchsummary/Linear-10/parameters: printed 524,416, measured 40970",
        "001/cnn-fashion-conv-only/torchsummary/total-parameters: printed 2,635,146, measured 2150410",
        "002/vgg-16/total/variables: printed 24M, measured 15237608",
        "002/vgg-16/total/memory: printed 93MB, measured 58.126861572265625",
        "002/vgg-16/share/memory-in-first-two-conv-layers: printed most, measured 0.42149187720277353",
        "004/lenet-5/s4/size: printed 10×10, measured [5,5]",
        "004/lenet-5/s4/kernel: printed 5×5, measured [2,2]",
        "004/lenet-5/s4/stride: printed 1, measured 2",
        "004/lenet-5/sparsity: printed In each layer, each output value depends only on small number of inputs, measured 1",
        "004/alexnet-227/conv1/shape: printed 54×54×96, measured [55,55,96]",
        "004/example-net/fc4/inputs: printed 128, measured 120",
        "003/deck-003-mlp/parameters: printed 35107840, measured 34083840",
      ]
    `);
  });

  test('of VGG-16: the Size column, term by term, and what the printed 93MB follows from', () => {
    const vgg = MODELS.get('vgg-16') as CountedModel;
    const sum = (pattern: RegExp) =>
      vgg.layers
        .filter((layer) => pattern.test(layer.name))
        .reduce((total, layer) => total + layer.outputShape.reduce((product, length) => product * length, 1), 0);
    const terms = { input: 224 * 224 * 3, conv: sum(/^conv/), pool: sum(/^pool/), fc: sum(/^fc/), relu: sum(/^relu/) };
    expect(terms).toEqual({ input: 150_528, conv: 13_547_520, pool: 1_530_368, fc: 9192, relu: 13_555_712 });
    const listed = terms.input + terms.conv + terms.pool + terms.fc;
    expect([listed, listed + terms.relu]).toEqual([15_237_608, 28_793_320]);
    expect(Math.round((24_400_000 * 4) / 2 ** 20)).toBe(93);

    const values = Object.values(terms);
    const subsets = Array.from({ length: 2 ** values.length }, (_, bits) =>
      values.filter((_, index) => (bits >> index) & 1).reduce((total, value) => total + value, 0),
    );
    expect(subsets.filter((total) => agreesWithPrinted(parsePrinted('24M'), total))).toEqual([]);
  });

  test("of deck 003's MLP: no chain of the CNN's volumes gives the printed number, a carry too many does", () => {
    const cnn = MODELS.get('deck-003-cnn') as CountedModel;
    const size = (name: string) =>
      (cnn.layers.find((layer) => layer.name === name)?.outputShape ?? []).reduce(
        (product, length) => product * length,
        1,
      );
    const volumes = ['conv1', 'pool1', 'conv2', 'pool2', 'conv3', 'pool3'].map(size);
    expect(volumes).toEqual([32_768, 8192, 4096, 1024, 2048, 512]);
    const chains = Array.from({ length: 2 ** volumes.length }, (_, bits) => [
      3072,
      ...volumes.filter((_, index) => (bits >> index) & 1),
      10,
    ]);
    const weights = (sizes: number[]) =>
      sizes.slice(1).reduce((sum, length, index) => sum + length * (sizes[index] as number), 0);
    const counts = chains.flatMap((sizes) => {
      const biases = sizes.slice(1).reduce((sum, length) => sum + length, 0);
      return [weights(sizes), weights(sizes) + biases, weights(sizes) + biases + 3072];
    });
    expect(counts).toContain(34_083_840);
    expect(counts).toContain(34_093_578);
    expect(counts).not.toContain(35_107_840);

    // One layer of another size: the count is linear in it, so there is one size that fits.
    const listed = [3072, 8192, 1024, 512, 10];
    const fitting = listed.map((_, position) => {
      const withSize = (length: number) => weights(listed.with(position, length));
      return (35_107_840 - withSize(0)) / (withSize(1) - withSize(0));
    });
    expect(fitting.filter(Number.isInteger)).toEqual([3197, 8442, 2010]);

    const terms = [3072 * 8192, 8192 * 1024, 1024 * 512, 512 * 10].map((product) => product / 1024);
    expect(terms).toEqual([24_576, 8192, 512, 5]);
    expect(35_107_840 / 1024 - terms.reduce((sum, term) => sum + term, 0)).toBe(1000);
  });

  test('of sizes without a floor: fractions for first layers that the same deck shows', () => {
    const sizes = ['alexnet-torchvision', 'resnet-18', 'resnet-101', 'densenet-121'].map((id) => {
      const { input, layers } = LEDGER.model(id);
      const [conv] = layers;
      if (conv?.kind !== 'conv2d') throw new Error(`${id} starts with no convolution`);
      const { kernel, stride, padding } = conv as { kernel: number; stride: number; padding: number };
      return [((input[0] as number) - kernel + 2 * padding) / stride + 1, MODELS.get(id)?.layers[0]?.outputShape[0]];
    });
    expect(sizes).toEqual([
      [55.25, 55],
      [112.5, 112],
      [112.5, 112],
      [112.5, 112],
    ]);
  });

  test('of AlexNet: which inputs give the 54 of the listing, and which the 55 of the paper', () => {
    const { layers } = LEDGER.model('alexnet');
    const given = (side: number) =>
      summarize({ id: 'other', title: 'Another input', input: [side, side, 3], layers }).layers[0]?.outputShape[0];
    const sides = Array.from({ length: 16 }, (_, index) => 219 + index);
    const giving = (length: number) => sides.filter((side) => given(side) === length);
    expect([giving(54), giving(55)]).toEqual([
      [223, 224, 225, 226],
      [227, 228, 229, 230],
    ]);
    expect(sides.filter((side) => (side - 11) % 4 === 0)).toEqual([219, 223, 227, 231]);
  });

  test('of LeNet-5: which share of its inputs an output of each convolution depends on', () => {
    const model = MODELS.get('lenet-5') as CountedModel;
    const inputs = [32 * 32, 14 * 14 * 6, 5 * 5 * 16];
    const shares = ['c1', 'c3', 'c5'].map((name, index) => {
      const { weights, outputShape } = model.layers.find((layer) => layer.name === name)!;
      return [weights / outputShape[2]!, inputs[index]];
    });
    expect(shares).toEqual([
      [25, 1024],
      [150, 1176],
      [400, 400],
    ]);
  });

  test('of the parameters of MLPs: the dense layers of the CNN alone have more', () => {
    const parameters = (id: string, kind: RegExp) =>
      (MODELS.get(id) as CountedModel).layers
        .filter((layer) => kind.test(layer.kind))
        .reduce((sum, { weights, biases }) => sum + weights + biases, 0);
    expect([parameters('mlp-fashion', /./), parameters('cnn-fashion', /dense/)]).toEqual([203_530, 525_706]);
    expect([parameters('mlp-cifar-1', /./), parameters('cnn-cifar', /dense/)]).toEqual([789_258, 2_098_570]);
  });

  test('of LeNet-5: row 4 as printed would leave row 5 with 2x2, not 1x1', () => {
    const { input, layers } = LEDGER.model('lenet-5');
    const asPrinted = layers.map((layer) =>
      layer.name === 's4' && layer.kind === 'average-pool' ? { ...layer, size: 5, stride: 1 } : layer,
    );
    const summary = summarize({ id: 'as-printed', title: 'Row 4 as printed', input, layers: asPrinted });
    const shape = (name: string) => summary.layers.find((layer) => layer.name === name)?.outputShape;
    expect([shape('s4'), shape('c5')]).toEqual([
      [6, 6, 16],
      [2, 2, 120],
    ]);
  });
});
