// docs/statements.tsv and the ledger -> the counted part of docs/claims.md. Run it after a build.
import { readFileSync, writeFileSync } from 'node:fs';

const at = (path) => new URL(`../${path}`, import.meta.url);
const BLOCK = /(<!-- statements -->\n)[^]*?(\n<!-- \/statements -->)/;

/**
 * Every checkable statement of the decks, in their order: where it is printed, its words (parts of them with an ellipsis in
 * between), and the ids of the claims and the note about it, or the reason why there is none.
 *
 * @returns {{ deck: string, place: string, printed: string, claims: string[], note: string, reason: string }[]}
 */
export function statements() {
  const [head, ...lines] = readFileSync(at('docs/statements.tsv'), 'utf8').trimEnd().split('\n');
  const names = head.split('\t');
  return lines.map((line) => {
    const cells = line.split('\t');
    const cell = (name) => cells[names.indexOf(name)] ?? '';
    const claims = cell('claims') === '' ? [] : cell('claims').split(' ');
    return {
      ...{ deck: cell('deck'), place: cell('place'), printed: cell('printed') },
      ...{ claims, note: cell('note'), reason: cell('reason') },
    };
  });
}

/** The page with what there is now between its markers. */
export function claimsPage(page, ledger) {
  return page.replace(BLOCK, (_, open, close) => `${open}\n${counted(statements(), ledger)}\n${close}`);
}

/**
 * Statements, what became of them, claims and mistakes: of these decks.
 *
 * @param {ReturnType<typeof statements>} rows
 * @param {Pick<import('../src/ledger/ledger.js').Ledger, 'claims' | 'notes'>} ledger
 */
export function countsOf(rows, { claims, notes }) {
  const errata = claims.filter(({ erratum }) => erratum !== undefined);
  return {
    statements: rows.length,
    claimed: rows.filter((row) => row.claims.length > 0).length,
    noted: rows.filter((row) => row.claims.length === 0 && row.note !== '').length,
    reasoned: rows.filter(({ reason }) => reason !== '').length,
    claims: claims.length,
    // A claim that reads a statement in another way than the one before it.
    readings: rows.reduce((sum, row) => sum + Math.max(0, row.claims.length - 1), 0),
    errata: errata.length,
    mistakes: new Set(errata.map(({ id, mistake }) => mistake ?? id)).size,
    wrong: (notes ?? []).filter(({ holds }) => !holds).length,
  };
}

function counted(rows, ledger) {
  const ids = ledger.decks.map(({ id }) => id);
  const of = (deck) => ({
    claims: ledger.claims.filter((claim) => claim.deck === deck),
    notes: (ledger.notes ?? []).filter((note) => note.deck === deck),
  });
  const line = (label, counts) =>
    `| ${[label, counts.statements, counts.claimed, counts.noted, counts.reasoned, counts.claims, counts.readings, counts.errata, counts.mistakes, counts.wrong].join(' | ')} |`;
  return [
    '| deck | statements | with a claim | with a note only | with a reason | claims | of them further readings | claims that fail | distinct mistakes | wrong at a glance |',
    '| --- | ---: | ---: | ---: | ---: | ---: | ---: | ---: | ---: | ---: |',
    ...ids.map((deck) =>
      line(
        deck,
        countsOf(
          rows.filter((row) => row.deck === deck),
          of(deck),
        ),
      ),
    ),
    line('all', countsOf(rows, ledger)),
    '',
    'Why statements have no claim:',
    '',
    ...reasons(rows).map(([reason, places]) => `- ${reason}: ${places}`),
  ].join('\n');
}

const REASONS = {
  input: 'what the experiments and examples are given: layers, optimizers, operands',
  definition: 'definitions, conventions, lists, premises',
  question: 'questions',
  picture: 'numbers that are in a picture',
  'no measure': 'opinions and theory, or no number says from where on',
  literature: 'what is common in the literature, history, other software',
  method: 'methods, without a net or a result',
  "others' results": "results of other people's, without nets or recipes",
  unreadable: 'lost or illegible in the text',
};

/** Kinds of reasons, the most frequent first. @throws RangeError for a reason of another kind */
function reasons(rows) {
  const places = new Map();
  for (const { reason } of rows.filter((row) => row.reason !== '')) {
    const [kind] = reason.split(':');
    if (!Object.hasOwn(REASONS, kind)) throw new RangeError(`"${kind}" is no kind of reason`);
    places.set(REASONS[kind], (places.get(REASONS[kind]) ?? 0) + 1);
  }
  return [...places].sort((a, b) => b[1] - a[1]);
}

if (import.meta.filename === process.argv[1]) {
  const { builtInLedger } = await import(at('dist/suites/built-in.js').href);
  const file = at('docs/claims.md');
  writeFileSync(file, claimsPage(readFileSync(file, 'utf8'), builtInLedger()));
}
