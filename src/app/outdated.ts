import type { CellRecord } from '../core/record.js';
import type { Ledger } from '../ledger/ledger.js';
import { recipeDigest } from '../ledger/recipe.js';

/** Why a record says nothing of this version: its experiment or its recipe is not there; nothing where both are. */
export function outdated(ledger: Ledger, { cell, recipeSha256 }: CellRecord): string | undefined {
  const experiment = ledger.known(cell.experiment);
  if (experiment === undefined) return `this version has no experiment "${cell.experiment}"`;
  const ours = recipeDigest(experiment, cell.profile);
  if (ours === recipeSha256) return undefined;
  return `its recipe ${recipeSha256.slice(0, 12)} is not that of this version, ${ours.slice(0, 12)}`;
}
