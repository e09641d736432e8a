import type { CountClaim } from '../../core/claim.js';

/** What differs from claim to claim of one table. The id is what follows `deck/model/`. */
export type CountRow = Pick<
  CountClaim,
  'id' | 'printed' | 'statement' | 'unit' | 'measure' | 'expected' | 'comparedWith' | 'erratum' | 'mistake' | 'blame'
>;

/** Count claims that share a deck, a model and a place. */
export function countClaims(
  source: Pick<CountClaim, 'deck' | 'model' | 'place'>,
  rows: readonly CountRow[],
): readonly CountClaim[] {
  return rows.map((row) => ({
    kind: 'count',
    suite: 'params',
    ...source,
    ...row,
    id: `${source.deck}/${source.model}/${row.id}`,
  }));
}

/** `784 Nodes`: the outputs of a layer. */
export function nodesRow(name: string, printed: string): CountRow {
  return {
    id: `${name}/nodes`,
    printed,
    statement: `Outputs of the layer ${name}: ${printed}.`,
    unit: 'nodes',
    measure: { what: 'activations', of: name },
  };
}

/** The first argument of a listing's nn.Linear. */
export function inputsRow(name: string, printed: string): CountRow {
  return {
    id: `${name}/inputs`,
    printed,
    statement: `The listing's Linear layer ${name} takes ${printed} inputs.`,
    unit: 'inputs',
    measure: { what: 'inputs', of: name },
  };
}
