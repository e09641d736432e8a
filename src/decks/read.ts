import { createHash } from 'node:crypto';
import { dirname, resolve } from 'node:path';
import { messageOf } from '../core/errors.js';
import type { CatalogEntry } from '../data/catalog-entry.js';
import type { LedgerEntries } from '../ledger/ledger.js';
import { complaintsOn } from './complain.js';
import { entriesOf } from './entries.js';
import { explain } from './explain.js';
import { unquotedPrinted } from './printed.js';
import { positionsIn } from './lines.js';
import { deckError, DeckError, type Complaint } from './problem.js';
import { deckSchema } from './schema.js';
import { nodeAt, parseTree, valueOf } from './tree.js';

/**
 * Understands the text of a deck. It is data: nothing in it is run.
 *
 * @param path as the user named it
 * @param builtIn data sets that it may name without describing them
 * @throws DeckError with all that is wrong, each with its line and column
 */
export async function readDeck(path: string, text: string, builtIn: readonly CatalogEntry[]): Promise<LedgerEntries> {
  const parsed = await parseTree(text);
  if (!('tree' in parsed)) throw deckError(path, text, parsed.problems);
  const { tree } = parsed;
  const unquoted = unquotedPrinted(text, tree);
  const checked = deckSchema.safeParse(valueOf(tree), { reportInput: true });
  // What is not in quotes is no text to the schema, and stands for nothing: one mistake, said once.
  const isSaid = ({ start }: Complaint) => unquoted.some((each) => each.start <= start && start < each.end);
  const refuse = (complaints: readonly Complaint[]) =>
    deckError(path, text, [...unquoted, ...complaints.filter((complaint) => !isSaid(complaint))]);
  if (!checked.success) throw refuse(explain(deckSchema, checked.error.issues, tree));
  const complaints = complaintsOn(tree);
  const entries = entriesOf(checked.data, builtIn, dirname(resolve(path)), complaints);
  if (unquoted.length + complaints.found.length > 0) throw refuse(complaints.found);
  const positions = positionsIn(text);
  const lines = entries.claims.map(({ id }, index) => [id, positions(nodeAt(tree, ['claims', index]).node.start).line]);
  const sha256 = createHash('sha256').update(text).digest('hex');
  const file = {
    deck: checked.data.deck,
    path,
    text,
    sha256,
    lines: Object.fromEntries(lines) as Record<string, number>,
  };
  return { ...entries, files: [file] };
}

/** What keeps a file from being read. */
export function unreadable(file: string, cause: unknown): DeckError {
  const message = `cannot read the deck ${file}: ${messageOf(cause)}`;
  return new DeckError(
    'E_DECK_READ',
    message,
    'Give the path of a deck file; "cnnbench init" writes one to start from.',
  );
}
