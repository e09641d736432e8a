import { basename, dirname, join } from 'node:path';
import { filesOf } from '../../core/deck.js';
import { CnnbenchError } from '../../core/errors.js';
import { isOfDeck, type CatalogEntry } from '../../data/catalog-entry.js';
import { readDeck, unreadable } from '../../decks/read.js';
import { MOST_BYTES } from '../../decks/tree.js';
import { combine } from '../../ledger/combine.js';
import { ledgerOf, type Ledger, type LedgerEntries } from '../../ledger/ledger.js';
import { readDeckCopy } from '../../records/deck-copies.js';
import { readManifest } from '../../records/manifest.js';
import { readText } from '../../records/read-file.js';
import { experimentsOf } from '../../stats/judge/judge.js';

/** Which decks a command knows. */
export interface DeckChoice {
  /** Paths of deck files. */
  readonly files: readonly string[];
  /** Whether the built-in ones are among them. */
  readonly builtIn: boolean;
}

/**
 * The ledger of the decks that a command was given, those of the runs it was given among them: their folders have copies. A deck that is
 * named with its file is that of the file.
 *
 * @param paths what may be the folder of a run
 * @throws DeckError; CnnbenchError E_DECK_CONFLICT for two decks of one name, E_RECORD_INVALID for a copy that is not what it was
 */
export async function withDecks(base: Ledger, choice: DeckChoice, paths: readonly string[] = []): Promise<Ledger> {
  const named: LedgerEntries[] = [];
  for (const file of choice.files) named.push(await readDeckFile(base, file));
  const ids = new Set(named.flatMap(({ decks }) => decks.map(({ id }) => id)));
  const copied = await copiesIn(base, paths, ids);
  if (named.length + copied.length === 0 && choice.builtIn) return base;
  return ledgerOf(combine([choice.builtIn ? base : { ...NOTHING, datasets: base.datasets }, ...named, ...copied]));
}

/** @throws DeckError with all that is wrong */
export async function readDeckFile(base: Ledger, path: string): Promise<LedgerEntries> {
  const text = await readText(path, MOST_BYTES).catch((error: unknown) => {
    throw unreadable(path, error);
  });
  return readDeck(path, text, builtInSets(base));
}

function builtInSets({ datasets }: Ledger): readonly CatalogEntry[] {
  return datasets.flatMap((dataset) => (isOfDeck(dataset) ? [] : [dataset]));
}

/** The claims of some decks, and the experiments that they are measured on; all without them. */
export function ofDecks(ledger: Ledger, decks: readonly string[] | undefined): Pick<Ledger, 'claims' | 'experiments'> {
  if (decks === undefined) return ledger;
  const claims = ledger.claims.filter(({ deck }) => decks.includes(deck));
  const needed = new Set(claims.flatMap(experimentsOf));
  const files = ledger.files.filter(({ deck }) => decks.includes(deck));
  const experiments = ledger.experiments.filter(({ id }) => needed.has(id) || filesOf(files, [id]).length > 0);
  return { claims, experiments };
}

/** A ledger that knows what is in these deck files, and nothing else but data sets. */
export function onlyFrom(ledger: Ledger, paths: readonly string[]): Ledger {
  const files = ledger.files.filter(({ path }) => paths.includes(path));
  const ids = new Set(files.map(({ deck }) => deck));
  const isTheirs = ({ id }: { readonly id: string }) => filesOf(files, [id]).length > 0;
  return ledgerOf({
    ...NOTHING,
    files,
    datasets: ledger.datasets,
    decks: ledger.decks.filter(({ id }) => ids.has(id)),
    models: ledger.models.filter(isTheirs),
    experiments: ledger.experiments.filter(isTheirs),
    claims: ledger.claims.filter(({ deck }) => ids.has(deck)),
    references: ledger.references.filter(({ experiment }) => isTheirs({ id: experiment })),
  });
}

async function copiesIn(base: Ledger, paths: readonly string[], named: ReadonlySet<string>): Promise<LedgerEntries[]> {
  const found = new Map<string, { readonly sha256: string; readonly path: string; readonly entries: LedgerEntries }>();
  for (const path of paths.flatMap(foldersOf)) {
    // What is wrong with a folder is said by whoever reads its records.
    const { decks = [] } = (await readManifest(path).catch(() => undefined)) ?? {};
    for (const copy of decks.filter(({ id }) => !named.has(id))) {
      const earlier = found.get(copy.id);
      if (earlier?.sha256 === copy.sha256) continue;
      if (earlier !== undefined) throw otherVersion(copy.id, earlier.path, path);
      const file = join(path, copy.file);
      const entries = await readDeck(file, await readDeckCopy(path, copy), builtInSets(base));
      found.set(copy.id, { sha256: copy.sha256, path, entries });
    }
  }
  return [...found.values()].map(({ entries }) => entries);
}

/** The folders that a path may be of: a run, its records, or one of them. */
function foldersOf(path: string): readonly string[] {
  return basename(path) === 'records' ? [dirname(path)] : path.endsWith('.json') ? [dirname(dirname(path))] : [path];
}

function otherVersion(deck: string, one: string, other: string): CnnbenchError {
  return new CnnbenchError(
    'E_DECK_CONFLICT',
    `${one} and ${other} were run with different versions of the deck "${deck}"`,
    'Name the version to judge them by with --deck.',
  );
}

const NOTHING: LedgerEntries = {
  decks: [],
  files: [],
  datasets: [],
  models: [],
  experiments: [],
  claims: [],
  references: [],
  published: {},
  trajectories: [],
};
