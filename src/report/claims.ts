import { grouped } from '../core/grouped.js';
import type { ClaimVerdict, Summary, Verdict } from '../core/summary.js';
import { counted } from '../stats/wording.js';

/** Verdicts from the one that asks for attention most to the one that asks for it least. */
const SEVERITY: readonly Verdict[] = ['not reproduced', 'inconclusive', 'erratum', 'reproduced', 'not run'];

export function worstVerdict(verdicts: readonly Verdict[]): Verdict | undefined {
  return SEVERITY.find((verdict) => verdicts.includes(verdict));
}

/** Order in which the reports count them. */
export const VERDICT_COLUMNS: readonly Verdict[] = [
  'reproduced',
  'erratum',
  'not reproduced',
  'inconclusive',
  'not run',
];

/** Headings of lists of claims. */
export const VERDICT_TITLES: Readonly<Record<Verdict, string>> = {
  erratum: 'The slide is wrong (erratum)',
  'not reproduced': 'Not reproduced',
  inconclusive: 'Inconclusive',
  'not run': 'Not judged',
  reproduced: 'Reproduced',
};

/** One claim with its verdicts on all backends. */
export interface ClaimGroup {
  readonly claim: ClaimVerdict;
  /** The most severe of them. */
  readonly verdict: Verdict;
  readonly verdicts: readonly ClaimVerdict[];
}

/** Claims in their order, every one once. */
export function groupClaims(claims: readonly ClaimVerdict[]): readonly ClaimGroup[] {
  const groups = new Map<string, ClaimVerdict[]>();
  for (const claim of claims) {
    const known = groups.get(claim.id);
    if (known === undefined) groups.set(claim.id, [claim]);
    else known.push(claim);
  }
  return [...groups.values()].flatMap((verdicts) => {
    const [claim] = verdicts;
    const verdict = worstVerdict(verdicts.map((each) => each.verdict));
    return claim === undefined || verdict === undefined ? [] : [{ claim, verdict, verdicts }];
  });
}

/** What several backends, and decks that say the same, have in common. */
export interface Finding {
  /** The first of them. */
  readonly claim: ClaimVerdict;
  readonly decks: readonly string[];
  readonly places: readonly string[];
  readonly backends: readonly string[];
}

/**
 * Every claim with this verdict somewhere, in the order of the ledger. What was measured alike and is told alike is one finding,
 * whether on several backends or in several decks.
 */
export function findings(claims: readonly ClaimVerdict[], verdict: Verdict): readonly Finding[] {
  const alike = grouped(
    claims.filter((claim) => claim.verdict === verdict),
    ({ statement, printed, measured, reason }) => [statement, printed, measured, reason],
  );
  const found = alike.map((same) => ({
    claim: same[0],
    decks: distinct(same, ({ deck }) => deck),
    places: distinct(same, ({ place }) => place),
    backends: distinct(same, ({ backend }) => backend),
  }));
  // Readings of one mistake follow each other.
  return grouped(found, ({ claim: { id, mistake } }) => [mistake ?? id]).flat();
}

/** How many distinct mistakes of slides these claims read. */
export function countMistakes(claims: readonly ClaimVerdict[]): number {
  const errata = claims.filter(({ verdict }) => verdict === 'erratum');
  return new Set(errata.map(({ id, mistake }) => mistake ?? id)).size;
}

function distinct(claims: readonly ClaimVerdict[], valueOf: (claim: ClaimVerdict) => string | undefined): string[] {
  return [...new Set(claims.flatMap((claim) => valueOf(claim) ?? []))];
}

/** How many claims have which verdict, every claim counted once by its most severe one. */
export function countVerdicts(groups: readonly ClaimGroup[]): Readonly<Record<Verdict, number>> {
  const count = (verdict: Verdict) => groups.filter((group) => group.verdict === verdict).length;
  return {
    reproduced: count('reproduced'),
    'not reproduced': count('not reproduced'),
    inconclusive: count('inconclusive'),
    erratum: count('erratum'),
    'not run': count('not run'),
  };
}

/** One row a deck, in the order of the decks, and their sum where there are several. */
export function verdictsByDeck(
  groups: readonly ClaimGroup[],
): readonly { label: string; counts: Readonly<Record<Verdict, number>> }[] {
  const decks = [...new Set(groups.map(({ claim }) => claim.deck))].sort();
  const rows = decks.map((deck) => ({
    label: deck,
    counts: countVerdicts(groups.filter(({ claim }) => claim.deck === deck)),
  }));
  return rows.length > 1 ? [...rows, { label: 'all', counts: countVerdicts(groups) }] : rows;
}

/** The whole result in a sentence. */
export function headline(groups: readonly ClaimGroup[]): string {
  const counts = countVerdicts(groups);
  const checked = groups.length - counts['not run'];
  const parts = [
    counts.reproduced > 0 && `${counts.reproduced} reproduced`,
    counts.erratum > 0 && `${counts.erratum} wrong on the slide (erratum${mistakesInWords(groups)})`,
    counts['not reproduced'] > 0 && `${counts['not reproduced']} not reproduced`,
    counts.inconclusive > 0 && `${counts.inconclusive} inconclusive`,
  ].filter((part) => part !== false);
  const rest = counts['not run'] > 0 ? `; ${counts['not run']} not judged` : '';
  if (checked === 0) {
    return groups.length === 1
      ? 'The claim could not be checked.'
      : `None of ${counted(groups.length, 'claim')} could be checked.`;
  }
  return `${checked} of ${counted(groups.length, 'claim')} checked: ${parts.join(', ')}${rest}.`;
}

/** `, 15 distinct mistakes` where several claims read the same one. */
function mistakesInWords(groups: readonly ClaimGroup[]): string {
  const errata = groups.filter(({ verdict }) => verdict === 'erratum');
  const mistakes = countMistakes(errata.flatMap(({ verdicts }) => verdicts));
  return mistakes === errata.length ? '' : `, ${counted(mistakes, 'distinct mistake')}`;
}

/** Whether numbers of a deck were left unjudged because the run was too short or its data not real. */
export function leavesDeckUnjudged({ claims }: Summary): boolean {
  return claims.some(
    ({ kind, verdict, reason }) =>
      ['accuracy', 'score', 'relation'].includes(kind) && verdict === 'not run' && reason.includes('--profile full'),
  );
}
