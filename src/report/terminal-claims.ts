import type { ClaimVerdict, Verdict } from '../core/summary.js';
import { byDeck, findings, groupClaims, headline, VERDICT_COLUMNS, VERDICT_TITLES, verdictsByDeck } from './claims.js';
import { plain } from './escape.js';
import type { RenderOptions } from './format.js';
import { indented, pageOf, section, VERDICT_STYLES, type Page } from './page.js';
import { renderTable } from './table.js';
import type { TableCell } from './table.js';
import { knownElsewhere } from './terminal-known.js';
import { measuredInWords, signedVerdict, VERDICT_SIGNS } from './words.js';
import { wrap } from './wrap.js';

/** The claims alone, as `cnnbench claims` prints them: counts, a section a deck, and the result in one sentence. */
export function renderClaims(claims: readonly ClaimVerdict[], options: RenderOptions): string {
  const page = pageOf(options);
  const conclusion = wrap(headline(groupClaims(claims)), page.width).map((line) => page.paint(line, 'bold'));
  const sections = [
    claimCounts(claims, page),
    ...claimsByDeck(claims, page),
    knownElsewhere(claims, page),
    conclusion.join('\n'),
  ];
  return `${sections.filter((each) => each !== '').join('\n\n')}\n`;
}

/** How many claims of which deck have which verdict. */
export function claimCounts(claims: readonly ClaimVerdict[], page: Page): string {
  const groups = groupClaims(claims);
  if (groups.length === 0) return '';
  const columns = [
    { head: 'deck' },
    ...VERDICT_COLUMNS.map((verdict) => ({ head: signedVerdict(verdict), align: 'right' as const })),
  ];
  const rows = verdictsByDeck(groups).map(({ label, counts }): readonly TableCell[] => [
    { text: label },
    ...VERDICT_COLUMNS.map((verdict) => ({
      text: String(counts[verdict]),
      style: counts[verdict] === 0 ? ('dim' as const) : VERDICT_STYLES[verdict],
    })),
  ]);
  return section('What the slides say', ['', renderTable(columns, rows, page.width, page.paint)], page);
}

/** What a reader is shown without asking; with `verbose`, the rest comes after it. */
const SHOWN: readonly Verdict[] = ['erratum', 'not reproduced', 'inconclusive'];
const SHOWN_VERBOSE: readonly Verdict[] = [...SHOWN, 'not run', 'reproduced'];

/** A section a deck that has anything to show, its errata first. */
export function claimsByDeck(claims: readonly ClaimVerdict[], page: Page): readonly string[] {
  return byDeck(claims).flatMap(({ deck, claims: own }) => {
    const lists = (page.verbose ? SHOWN_VERBOSE : SHOWN)
      .map((verdict) => claimList(own, page, verdict, VERDICT_TITLES[verdict]))
      .filter((list) => list !== '');
    return lists.length === 0 ? [] : [section(`Deck ${deck}`, ['', lists.join('\n\n')], page)];
  });
}

function claimList(all: readonly ClaimVerdict[], page: Page, verdict: Verdict, title: string): string {
  const found = findings(all, verdict);
  if (found.length === 0) return '';
  const claims = new Set(found.map(({ claim }) => claim.id)).size;
  const lines = found.flatMap(({ claim, backends }) => {
    const where = backends.length === 0 ? '' : ` on ${backends.join(', ')}`;
    const measured = claim.measured === undefined ? '' : `, measured ${plain(measuredInWords(claim))}${where}`;
    const place = `${plain(claim.statement)} (${plain(claim.place)})`;
    return [
      ...indented(place, 2, page).map((line) => page.paint(line, 'bold')),
      ...indented(`printed ${plain(claim.printed)}${measured}`, 4, page),
      ...(verdict === 'reproduced' ? [] : indented(plain(claim.reason), 4, page)),
    ];
  });
  return section(`${VERDICT_SIGNS[verdict]} ${title}: ${claims}`, lines, page, VERDICT_STYLES[verdict]);
}
