import { CnnbenchError } from '../core/errors.js';
import type { LedgerEntries } from './ledger.js';

/**
 * The entries of several decks, or groups of them, as one, in their order.
 *
 * @throws CnnbenchError E_DECK_CONFLICT where two of them have a deck of one name: their claims and experiments would have one name, too
 */
export function combine(all: readonly LedgerEntries[]): LedgerEntries {
  const seen = new Set<string>();
  for (const { id } of all.flatMap(({ decks }) => decks)) {
    const key = id.toLowerCase();
    if (seen.has(key)) {
      const message = `there are two decks called "${id}"`;
      throw new CnnbenchError(
        'E_DECK_CONFLICT',
        message,
        'Give one of them another name in its first lines, "deck: NAME".',
      );
    }
    seen.add(key);
  }
  const each = <Key extends keyof LedgerEntries>(key: Key) => all.map((entries) => entries[key]);
  return {
    decks: each('decks').flat(),
    files: each('files').flat(),
    datasets: each('datasets').flat(),
    models: each('models').flat(),
    experiments: each('experiments').flat(),
    claims: each('claims').flat(),
    notes: each('notes').flatMap((notes) => notes ?? []),
    references: each('references').flat(),
    published: Object.assign({}, ...each('published')) as LedgerEntries['published'],
    trajectories: each('trajectories').flat(),
  };
}
