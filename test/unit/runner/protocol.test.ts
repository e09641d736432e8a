import { expect, test } from 'vitest';
import { isInOrder, requestSchema, type Message, type Request } from '../../../src/runner/protocol.js';
import { LEDGER } from '../../fixtures/ledger.js';

const experiment = LEDGER.experiment('mlp-1');
const cell = { experiment: 'mlp-1', backend: 'js', seed: 1, profile: 'smoke' } as const;
const run = { type: 'run', cell, experiment, recipeSha256: '' } as const;
const prove = { type: 'prove', packageFolder: '/x', flavour: 'cpu' } as const;
const probe = { type: 'probe', backend: 'js', suites: [] } as const;

test.each<[string, Message['type'], Request, boolean, boolean]>([
  ['a start comes first', 'started', run, false, true],
  ['a start comes once', 'started', run, true, false],
  ['a step comes after the start', 'step', run, true, true],
  ['a step does not come before it', 'step', run, false, false],
  ['a run ends after its start', 'ended', run, true, true],
  ['a run does not end before it', 'ended', run, false, false],
  ['a failure may come before the start', 'failed', run, false, true],
  ['a failure may come after it', 'failed', probe, true, true],
  ['a probe is answered', 'probed', probe, true, true],
  ['a probe is not trained', 'epoch', probe, true, false],
  ['a run is not probed', 'probed', run, true, false],
  ['a proof is answered without a start', 'proved', prove, false, true],
  ['a run is not proved', 'proved', run, true, false],
])('%s', (_, type, request, started, expected) => {
  expect(isInOrder({ type } as Message, request, started)).toBe(expected);
});

test('a request has the recipe of any experiment whole, and comes through the channel as it is', () => {
  for (const each of LEDGER.experiments) {
    const request = {
      type: 'run',
      cell: { ...cell, experiment: each.id },
      experiment: each,
      recipeSha256: 'a',
    } as const;
    expect(requestSchema.parse(JSON.parse(JSON.stringify(request)))).toEqual(request);
  }
});

test.each<[string, object]>([
  ['a layer of an unknown kind', { layers: [{ kind: 'conv9d' }] }],
  ['a field that no layer has', { layers: [{ kind: 'flatten', size: 2 }] }],
  ['a junction of one branch', { layers: [{ kind: 'add', branches: [[]] }] }],
])('a request is refused for %s', (_, change) => {
  const changed = { ...experiment, model: { ...LEDGER.model('mlp-fashion'), ...change } };
  expect(requestSchema.safeParse({ ...run, experiment: changed }).success).toBe(false);
});
