import { describe, expect, test } from 'vitest';
import { complaints, deckText, MODEL, placesOf, read } from './deck.js';

const claim = (rest: string) => deckText({ claims: `  - { id: n, place: slide 1, ${rest} }` });
const recipe = (rest: string) =>
  deckText({ experiments: `{ e: { data: fashion-mnist, model: mlp, recipe: { like: keras, epochs: 1, ${rest} } } }` });

describe('what is printed', () => {
  test('stands in quotes, because YAML makes 96.5 of 96.50: the error shows the fix', async () => {
    expect(await complaints(claim('printed: 96.50, accuracy: e'))).toMatchInlineSnapshot(`
      "deck.yaml cannot be used
      deck.yaml:7:39: error: quote printed values, so that every digit is kept [E_DECK_PRINTED]
        7 |   - { id: n, place: slide 1, printed: 96.50, accuracy: e }
          |                                       ^^^^^
          = write printed: "96.50"
      1 error"
    `);
  });

  test('that has a comma between digits would be two keys', async () => {
    expect(await complaints(claim('printed: 2,432, count: { model: mlp, what: parameters }'))).toMatchInlineSnapshot(`
      "deck.yaml cannot be used
      deck.yaml:7:39: error: quote printed values, so that every digit is kept [E_DECK_PRINTED]
        7 |   - { id: n, place: slide 1, printed: 2,432, count: { model: mlp, what: parameters } }
          |                                       ^^^^^
          = write printed: "2,432"
      1 error"
    `);
  });

  test.each(['~89%', '1e5', 'most', '2026-10-12', 'yes', '0x10'])(
    'stands in quotes even where it is %s',
    async (text) => {
      expect(await placesOf(claim(`printed: ${text}, count: { model: mlp, what: parameters }`))).toEqual([
        'E_DECK_PRINTED 7:39',
      ]);
    },
  );

  test.each(["'101,770'", '"101,770"', '>-\n      101,770'])(
    'is the same in every kind of quotes: %s',
    async (text) => {
      const claims = `  - id: n\n    place: slide 1\n    printed: ${text}\n    count: { model: mlp, what: parameters }`;
      const entries = await read(deckText({ claims }));
      expect(entries.claims[0]?.printed).toBe('101,770');
    },
  );

  test('is a number, a shape or rows, or a tolerance says what it stands for', async () => {
    const few = 'printed: "quite a few", count: { model: mlp, what: parameters }';
    expect(await complaints(claim(few))).toMatchInlineSnapshot(`
      "deck.yaml cannot be used
      deck.yaml:7:39: error: claims[1].printed: "quite a few" is not a number such as "96.53%", "~89%" or "2,432" [E_DECK_PRINTED]
        7 |   - { id: n, place: slide 1, printed: "quite a few", count: { model: mlp, what: parameters } }
          |                                       ^^^^^^^^^^^^^
          = Or say what it stands for: tolerance: { from: "...", to: "...", reason: "..." }
      1 error"
    `);
    const tolerance = '{ from: "100K", to: "110K", reason: read off a plot }';
    const entries = await read(claim(`${few}, tolerance: ${tolerance}`));
    expect(entries.claims[0]).toMatchObject({
      printed: 'quite a few',
      expected: { low: 100_000, high: 110_000, words: '100K to 110K (read off a plot)' },
    });
  });

  test('has a tolerance only with a reason', async () => {
    const wide = 'printed: "~100K", tolerance: { from: "1", to: "1M" }, count: { model: mlp, what: parameters }';
    expect(await complaints(claim(wide))).toContain('claims[1].tolerance needs "reason"');
  });
});

describe('numbers', () => {
  test.each(['1e-3', '0.001', '1.0e-3', '1E-3'])('%s is a thousandth', async (text) => {
    const entries = await read(recipe(`optimizer: { adam: ${text} }`));
    expect(entries.experiments.find(({ kind }) => kind === 'training')).toMatchObject({
      optimizer: { learningRate: 0.001 },
    });
  });

  test('in quotes are no numbers', async () => {
    expect(await complaints(recipe('optimizer: { adam: "1e-3" }'))).toMatchInlineSnapshot(`
      "deck.yaml cannot be used
      deck.yaml:5:107: error: experiments.e.recipe.optimizer.adam is the text "1e-3" [E_DECK_FIELD]
        5 | e: keras, epochs: 1, optimizer: { adam: "1e-3" } } } }
          |                                         ^^^^^^
          = it takes a number, or a map with learningRate, beta1, beta2, epsilon, weightDecay, decoupled: write 1e-3, without quotes
      1 error"
    `);
  });

  test.each(['1_000', '.inf', '.nan', '-1', '0', '1.5', 'yes', '~', ''])('a batch cannot be %s', async (text) => {
    expect(await placesOf(recipe(`optimizer: { adam: 0.1 }, batch: ${text}`))).toHaveLength(1);
  });

  test('with an underline show how they are written', async () => {
    expect(await complaints(recipe('optimizer: { adam: 0.1 }, batch: 1_024'))).toContain('write 1024, without quotes');
  });

  test('where text belongs show the quotes', async () => {
    const claims = '  - { id: n, place: 12, printed: "101,770", count: { model: mlp, what: parameters } }';
    expect(await complaints(deckText({ claims }))).toContain('put it into quotes, "12"');
  });
});

describe('YAML', () => {
  test.each([
    ['an alias', 'a: &x {}\nb: *x'],
    ['an anchor', 'deck: &x ml101'],
    ['a tag', 'deck: !!str ml101'],
    ["a tag of Python's", 'deck: !!python/object/apply:os.system ["id"]'],
    ['a merge key', '<<: { deck: ml101 }'],
    ['a key twice', 'deck: a\ndeck: b'],
    ['a key that is a list', '? [a, b]\n: 1'],
    ['two documents', 'deck: a\n---\ndeck: b'],
    ['YAML 1.1', '%YAML 1.1\n---\ndeck: a'],
    ['a tab', 'cite:\n\ttitle: x'],
    ['an open quote', 'deck: "a'],
    ['an open bracket', 'deck: [a'],
    ['nothing', ''],
    ['a comment alone', '# a deck\n'],
  ])('with %s is refused with its place', async (_, text) => {
    const [first] = await placesOf(text);
    expect(first).toMatch(/^E_DECK_SYNTAX \d+:\d+$/);
  });

  test('says what to do instead', async () => {
    expect(await complaints('a: &x {}\nb: *x\n<<: {}\na: 1')).toMatchInlineSnapshot(`
      "deck.yaml cannot be used
      deck.yaml:1:7: error: "&x" is an anchor; decks have none [E_DECK_SYNTAX]
        1 | a: &x {}
          |       ^^
          = Leave it out.
      deck.yaml:2:4: error: "*x" is an alias; decks have none [E_DECK_SYNTAX]
        2 | b: *x
          |    ^^
          = Write out what it stands for.
      deck.yaml:3:1: error: "<<" would merge another map into this one, which a deck has not [E_DECK_SYNTAX]
        3 | <<: {}
          | ^^
          = Write out its keys.
      deck.yaml:4:1: error: "a" is here twice [E_DECK_SYNTAX]
        4 | a: 1
          | ^
          = The first one is in line 1.
      4 errors"
    `);
  });

  test('may be JSON', async () => {
    const claims = [{ id: 'n', place: 'p', printed: '8', count: { model: 'm', what: 'parameters' } }];
    const models = { m: { input: [3], layers: [{ dense: 2 }] } };
    const deck = { $schema: 'x', schemaVersion: 1, deck: 'j', cite: { title: 'A page' }, models, claims };
    expect((await read(JSON.stringify(deck))).claims).toHaveLength(1);
  });

  test('may have keys of its author, with an x and a hyphen', async () => {
    expect(await complaints(deckText({ more: 'x-note: { a: [1] }' }))).toBe('none');
  });

  test.each([
    ['levels', `a: ${'['.repeat(100)}${']'.repeat(100)}`, 'at most 32 levels deep'],
    ['brackets', '['.repeat(50_000), 'at most 32 levels deep'],
    ['dashes', '- '.repeat(50_000), 'at most 32 levels deep'],
    ['values', `a: [${'1, '.repeat(22_000)}]`, 'at most 20,000 values'],
  ])('has a bound of %s', async (_, text, message) => {
    expect(await complaints(text)).toContain(message);
  });

  test('of thousands of keys takes no time', async () => {
    const keys = Array.from({ length: 10_000 }, (_, index) => `k${index}: 1`).join('\n');
    const started = process.cpuUsage();
    expect(await complaints(keys)).toContain('the deck has no "k0"');
    // Comparing each with each takes seconds.
    expect(process.cpuUsage(started).user).toBeLessThan(2_500_000);
  });
});

describe('names', () => {
  test.each(['__proto__', 'a.b', 'a/b', '../a', 'a b', 'a*', '-a', ''])('cannot be "%s"', async (name) => {
    expect(await placesOf(deckText({ models: `{ mlp: ${MODEL}, "${name}": ${MODEL} }` }))).toHaveLength(1);
  });

  test.each(['constructor', 'hasOwnProperty', 'toString'])('may be "%s"', async (name) => {
    expect(await complaints(deckText({ models: `{ mlp: ${MODEL}, ${name}: ${MODEL} }` }))).toBe('none');
  });

  test('that differ in capitals only are one name to some file systems', async () => {
    expect(await complaints(deckText({ models: `{ mlp: ${MODEL}, MLP: ${MODEL} }` }))).toContain(
      'capital letters only',
    );
  });

  test('that are not there are said with those that are', async () => {
    expect(await complaints(claim('printed: "1", count: { model: mpl, what: parameters }'))).toMatchInlineSnapshot(`
      "deck.yaml cannot be used
      deck.yaml:7:60: error: claims[1].count.model: there is no model "mpl" [E_DECK_NAME]
        7 |   - { id: n, place: slide 1, printed: "1", count: { model: mpl, what: parameters } }
          |                                                            ^^^
          = did you mean "mlp"? there are: mlp
      1 error"
    `);
  });

  test('of layers, too', async () => {
    const text = claim('printed: "1", count: { model: mlp, layer: dens1, what: weights }');
    expect(await complaints(text)).toMatchInlineSnapshot(`
      "deck.yaml cannot be used
      deck.yaml:7:44: error: claims[1].count: there is no layer "dens1" [E_DECK_NAME]
        7 |   - { id: n, place: slide 1, printed: "1", count: { model: mlp, layer: dens1, what: weights } }
          |                                            ^^^^^
          = did you mean "dense1"? the layers are: flatten1, dense1, relu1, dense2
      1 error"
    `);
  });

  test('of claims are there once', async () => {
    const one = '  - { id: n, place: slide 1, printed: "101,770", count: { model: mlp, what: parameters } }';
    expect(await placesOf(deckText({ claims: `${one}\n${one}` }))).toEqual(['E_DECK_NAME 8:11']);
  });
});

test('several mistakes are said at once, each with its line, what is allowed there and what may have been meant', async () => {
  const text = `schemaVersion: 1
deck: ml101
cite: { title: A lecture, authr: Somebody }
models:
  small:
    input: [32, 32, 3]
    layers:
      - conv: { filtres: 32, kernel: 5, activation: rleu }
      - maxPol: 2
      - flaten
      - dense
      - dense: 10.5
      - conv: 3
experiments:
  e: { data: fashion-mnist, model: small, recipe: { optimizer: { adam: 1e-3 }, initialize: he-uniform } }
claims:
  - { id: a, place: p, printed: "1", acuracy: e }
  - { id: b, place: p, printed: "1", lower: e }
  - { id: c, place: p, printed: "1", count: { model: small, layer: 3, what: params } }
  - { id: d, place: p, printed: "1", example: { corelate: {} } }
  - { id: f, place: p, printed: "1" }
  - 3
`;
  expect(await complaints(text)).toMatchInlineSnapshot(`
    "deck.yaml cannot be used
    deck.yaml:3:27: error: cite has no "authr" [E_DECK_FIELD]
      3 | cite: { title: A lecture, authr: Somebody }
        |                           ^^^^^
        = did you mean "author"? allowed: title, author, url, date, file, note
    deck.yaml:8:17: error: models.small.layers[1].conv has no "filtres" [E_DECK_FIELD]
      8 |       - conv: { filtres: 32, kernel: 5, activation: rleu }
        |                 ^^^^^^^
        = did you mean "filters"? allowed: filters, kernel, stride, dilation, padding, bias, groups, activation, name
    deck.yaml:8:53: error: models.small.layers[1].conv.activation cannot be "rleu" [E_DECK_FIELD]
      8 |       - conv: { filtres: 32, kernel: 5, activation: rleu }
        |                                                     ^^^^
        = did you mean "relu"? allowed: relu, sigmoid, tanh, softmax, logSoftmax, relu6, selu, silu, softplus, leakyRelu, elu, gelu
    deck.yaml:9:9: error: models.small.layers[2] has no "maxPol" [E_DECK_FIELD]
      9 |       - maxPol: 2
        |         ^^^^^^
        = did you mean "maxPool"? allowed: dense, conv, conv1d, convTranspose, depthwiseConv, separableConv, maxPool, averagePool, maxPool1d, averagePool1d, globalAveragePool, globalMaxPool, globalAveragePool1d, globalMaxPool1d, flatten, reshape, rescaling, dropout, batchNorm, layerNorm, zeroPad, zeroPad1d, upsample, upsample1d, embedding, simpleRnn, lstm, gru, relu, sigmoid, tanh, softmax, logSoftmax, relu6, selu, silu, softplus, leakyRelu, elu, gelu, concat, add
    deck.yaml:10:9: error: models.small.layers[3] cannot be "flaten" [E_DECK_FIELD]
      10 |       - flaten
         |         ^^^^^^
         = did you mean "flatten"? allowed: globalAveragePool, globalMaxPool, globalAveragePool1d, globalMaxPool1d, flatten, batchNorm, layerNorm, relu, sigmoid, tanh, softmax, logSoftmax, relu6, selu, silu, softplus, leakyRelu, elu, gelu, dense, conv, conv1d, convTranspose, depthwiseConv, separableConv, maxPool, averagePool, maxPool1d, averagePool1d, reshape, rescaling, dropout, zeroPad, zeroPad1d, upsample, upsample1d, embedding, simpleRnn, lstm, gru, concat, add
    deck.yaml:11:9: error: "dense" needs its options [E_DECK_FIELD]
      11 |       - dense
         |         ^^^^^
         = dense: ...
    deck.yaml:12:16: error: models.small.layers[5].dense is the number 10.5 [E_DECK_FIELD]
      12 |       - dense: 10.5
         |                ^^^^
         = it takes a whole number, or a map with units, bias, activation, name
    deck.yaml:13:15: error: models.small.layers[6].conv is the number 3 [E_DECK_FIELD]
      13 |       - conv: 3
         |               ^
         = it takes a map with filters, kernel, stride, dilation, padding, bias, groups, activation, name
    deck.yaml:15:80: error: experiments.e.recipe has no "initialize" [E_DECK_FIELD]
      15 |   e: { data: fashion-mnist, model: small, recipe: { optimizer: { adam: 1e-3 }, initialize: he-uniform } }
         |                                                                                ^^^^^^^^^^
         = did you mean "initialise"? allowed: like, optimizer, schedule, loss, batch, lastBatch, shuffle, epochs, steps, initialise
    deck.yaml:17:38: error: claims[1] has no "acuracy" [E_DECK_FIELD]
      17 |   - { id: a, place: p, printed: "1", acuracy: e }
         |                                      ^^^^^^^
         = did you mean "accuracy"? allowed: accuracy, loss, higher, than, lower, notHigher, count, share, memory, example, data
    deck.yaml:18:5: error: claims[2] needs "than" [E_DECK_FIELD]
      18 |   - { id: b, place: p, printed: "1", lower: e }
         |     ^
         = than: the other one
    deck.yaml:19:68: error: claims[3].count.layer is the number 3 [E_DECK_FIELD]
      19 |   - { id: c, place: p, printed: "1", count: { model: small, layer: 3, what: params } }
         |                                                                    ^
         = it takes a layer, or a pattern: conv1, "fc*", or a list (one or several; default: all): put it into quotes, "3"
    deck.yaml:19:77: error: claims[3].count.what cannot be "params" [E_DECK_FIELD]
      19 |   - { id: c, place: p, printed: "1", count: { model: small, layer: 3, what: params } }
         |                                                                             ^^^^^^
         = allowed: parameters, weights, biases, activations, macs, layers, weight-layers, size, height, channels, kernel, stride, filters, inputs, shape
    deck.yaml:20:49: error: claims[4].example has no "corelate" [E_DECK_FIELD]
      20 |   - { id: d, place: p, printed: "1", example: { corelate: {} } }
         |                                                 ^^^^^^^^
         = did you mean "correlate"? allowed: correlate, convolve, maxPool, averagePool, pad, product, dense, relu, sigmoid, tanh, softmax, crossEntropy
    deck.yaml:21:5: error: claims[5] needs one more key [E_DECK_FIELD]
      21 |   - { id: f, place: p, printed: "1" }
         |     ^
         = one of: accuracy, loss, higher, than, lower, notHigher, count, share, memory, example, data
    deck.yaml:22:5: error: claims[6] is the number 3 [E_DECK_FIELD]
      22 |   - 3
         |     ^
         = it takes one printed number: id, place, printed, and what it is about
    16 errors"
  `);
});

describe('models', () => {
  test('whose layers do not fit say which one', async () => {
    const layers =
      '[{ conv: { filters: 2, kernel: 3, activation: relu } }, { maxPool: 2 }, { conv: { filters: 2, kernel: 3 } }]';
    expect(await complaints(deckText({ models: `{ mlp: { input: [4, 4, 1], layers: ${layers} } }` })))
      .toMatchInlineSnapshot(`
      "deck.yaml cannot be used
      deck.yaml:4:116: error: models.mlp.layers[3]: conv2: an input of 1x1x2 is too small [E_DECK_MODEL]
        4 | , activation: relu } }, { maxPool: 2 }, { conv: { filters: 2, kernel: 3 } }] } }
          |                                         ^
      1 error"
    `);
  });

  test('fit the data that they are trained on', async () => {
    const models = '{ mlp: { input: [784], layers: [{ dense: 7 }] } }';
    const recipe = '{ like: keras, optimizer: { adam: 0.1 }, epochs: 1 }';
    const experiments = `{ e: { data: fashion-mnist, model: mlp, recipe: ${recipe} } }`;
    const claims = '  - { id: a, place: p, printed: "90%", accuracy: e }';
    expect(await complaints(deckText({ models, experiments, claims }))).toMatchInlineSnapshot(`
      "deck.yaml cannot be used
      deck.yaml:5:49: error: experiments.e.model: it takes 784, and the images of fashion-mnist are 28x28x1 [E_DECK_MODEL]
        5 | experiments: { e: { data: fashion-mnist, model: mlp, recipe: { like: keras, optimizer: { adam: 0.1 }, epochs: 1 } } }
          |                                                 ^^^
          = Give it input: [28, 28, 1] and flatten as its first layer.
      deck.yaml:5:49: error: experiments.e.model: it ends in 7, and what is trained ends in 10 values, one a class of fashion-mnist [E_DECK_MODEL]
        5 | experiments: { e: { data: fashion-mnist, model: mlp, recipe: { like: keras, optimizer: { adam: 0.1 }, epochs: 1 } } }
          |                                                 ^^^
      2 errors"
    `);
  });
});

test('a recipe that leaves something out says whose defaults hold', async () => {
  const experiments = '{ e: { data: fashion-mnist, model: mlp, recipe: { optimizer: { adam: 0.1 }, epochs: 1 } } }';
  expect(await complaints(deckText({ experiments }))).toMatchInlineSnapshot(`
    "deck.yaml cannot be used
    deck.yaml:5:54: error: experiments.e.recipe: it does not say whose defaults hold for what it leaves out [E_DECK_FIELD]
      5 | experiments: { e: { data: fashion-mnist, model: mlp, recipe: { optimizer: { adam: 0.1 }, epochs: 1 } } }
        |                                                      ^^^^^^
        = Add "like: keras" or "like: pytorch" to it, or to the whole deck; where the page names none, list it under "unstated".
    1 error"
  `);
});
