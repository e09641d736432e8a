import { describe, expect, test } from 'vitest';
import { claimsOf, claimBlocks } from '../../../../src/app/params/model-claims.js';
import { explain, explanationLines } from '../../../../src/app/params/explanation.js';
import { paramsDocument } from '../../../../src/app/params/params-document.js';
import { paramsCsv } from '../../../../src/app/params/params-table.js';
import { treeOf } from '../../../../src/app/params/tree.js';
import type { ModelSpec } from '../../../../src/core/model.js';
import { summarize, type ModelSummary } from '../../../../src/model/summary.js';
import { renderDocument } from '../../../../src/report/render.js';
import { LEDGER } from '../../../fixtures/ledger.js';

const SPEC: ModelSpec = {
  id: 'small',
  title: 'Small net',
  input: [8, 8, 3],
  layers: [
    { kind: 'conv2d', name: 'stem', filters: 4, kernel: 3, stride: 2, padding: 1 },
    {
      kind: 'concat',
      name: 'block',
      branches: [[], [{ kind: 'conv2d', name: 'conv', filters: 2, kernel: 1, bias: false }, { kind: 'batch-norm' }]],
    },
    { kind: 'global-average-pool', name: 'pool' },
    { kind: 'dense', name: 'fc', units: 10 },
  ],
};
const MODEL = summarize(SPEC);
const paramsTable = (model: ModelSummary) => renderDocument(paramsDocument(model, {}), 'terminal', { width: 120 }).text;
const paramsMarkdown = (model: ModelSummary) => renderDocument(paramsDocument(model, {}), 'markdown').text;

describe('the table', () => {
  test('indents the layers of a block and sums them in brackets', () => {
    expect(paramsTable(MODEL)).toMatchInlineSnapshot(`
      "Small net, input 8 x 8 x 3

      layer             kind                 kernel  output     parameters  of which biases   MACs   MiB
      ──────────────────────────────────────────────────────────────────────────────────────────────────
      stem              conv2d               3x3/2   4 x 4 x 4         112                4  1,728  0.00
      block             concat                       4 x 4 x 6        (12)              (2)  (128)  0.00
        branch1         identity
        branch2                                                       (12)              (2)  (128)
          conv          conv2d               1x1     4 x 4 x 2           8                0    128  0.00
          batch-norm-1  batch-norm                   4 x 4 x 2           4                2      0  0.00
      pool              global-average-pool          6                   0                0      0  0.00
      fc                dense                        10                 70               10     60  0.00
      total                                                            194               16  1,916  0.00
      float32: parameters 0.00 MiB, activations of one example 0.00 MiB (forward pass, without the input)
      in brackets: sums over the layers of a block
      not counted: 4 running means and variances of normalisations, which are not trained
      "
    `);
  });

  test('is GitHub Markdown on demand, with names that mean nothing to it', () => {
    const layers = MODEL.layers.map((layer) => ({ ...layer, name: layer.name.replace('stem', '<b>|stem|') }));
    const text = paramsMarkdown({ ...MODEL, layers });
    expect(text).toContain('| &lt;b&gt;&#124;stem&#124; | conv2d | 3x3/2 | 4 x 4 x 4 | 112 | 4 | 1,728 | 0.00 |');
    expect(text).toContain('| &nbsp;&nbsp;&nbsp;&nbsp;conv | conv2d | 1x1 | 4 x 4 x 2 | 8 | 0 | 128 | 0.00 |');
  });

  test('is CSV on demand, a line a layer, and no formula of a spreadsheet', () => {
    const layers = MODEL.layers.map((layer) => ({ ...layer, name: layer.name.replace('stem', '=cmd("x"),') }));
    const [head, first, ...rest] = paramsCsv({ ...MODEL, layers }).split('\n');
    expect(head?.split(',')).toHaveLength(13);
    expect(first).toBe(`"'=cmd(""x""),",conv2d,3x3,2x2,8x8x3,4x4x4,108,4,112,0,1728,64,256`);
    expect(rest).toHaveLength(MODEL.layers.length - 1);
  });

  test('shows windows that are not square', () => {
    const [layer] = MODEL.layers;
    if (!layer) throw new Error('there is a first layer');
    const model: ModelSummary = { ...MODEL, layers: [{ ...layer, window: { size: [3, 1], stride: [2, 1] } }] };
    expect(paramsTable(model)).toContain(' 3x1/2x1 ');
  });
});

test.each(LEDGER.models.map((spec) => [spec.id, spec] as const))('the tree of %s has every layer once', (_, spec) => {
  const { layers } = summarize(spec);
  const collect = (nodes: ReturnType<typeof treeOf>): string[] =>
    nodes.flatMap(({ layer, children }) => [...collect([...children]), ...(layer ? [layer.name] : [])]);
  expect(collect(treeOf(layers))).toEqual(layers.map(({ name }) => name));
});

describe('the explanation', () => {
  test.each([
    ['138,357,544', 'Printed 138,357,544: agrees with the 138,357,544 parameters.'],
    ['138357545', 'Printed 138357545: 1 more than the 138,357,544 parameters; no explanation was found.'],
    ['528MB', 'Printed 528MB. It is the parameters in MiB of 32-bit floats.'],
  ])('of %s', (printed, text) => {
    const model = summarize(LEDGER.model('vgg-16'));
    expect(explanationLines(explain(model, printed), model.totals.parameters)).toEqual([text]);
  });

  test('of something else than a number is wrong usage', () => {
    expect(() => explain(MODEL, 'many')).toThrow(expect.objectContaining({ code: 'E_USAGE' }));
  });
});

describe('the claims on a model', () => {
  test('are all count claims, each on its model', () => {
    const listed = LEDGER.models.flatMap((spec) => claimsOf(LEDGER.claims, summarize(spec)));
    const counts = LEDGER.claims.filter((claim) => claim.kind === 'count' && claim.comparedWith === undefined);
    expect(listed.map(({ id }) => id).sort()).toEqual(counts.map(({ id }) => id).sort());
    for (const { holds, erratum } of listed) expect(holds).toBe(erratum === undefined);
  });

  test('are told as errata in full and the others as a number, or each', () => {
    const claims = claimsOf(LEDGER.claims, summarize(LEDGER.model('deck-003-mlp')));
    const textOf = (found: Parameters<typeof claimBlocks>[0], verbose = false) =>
      renderDocument({ blocks: claimBlocks(found) }, 'terminal', { verbose, width: 160 }).text;
    expect(textOf(claims)).toMatch(
      /^Claims of deck 003: 0 of 1 hold\.\n\n {2}Total parameters .*\n {4}003\/deck-003-mlp\/parameters; .*; printed 35107840; counted 34,083,840\n {4}3072\*8192/,
    );
    const held = claimsOf(LEDGER.claims, summarize(LEDGER.model('resnet-101')));
    expect(textOf(held)).toBe('Claims of deck 002: 2 of 2 hold.\n');
    expect(textOf(held, true)).toMatch(/weight-layers .* 101 +101$/m);
  });
});
