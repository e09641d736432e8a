import type { ClaimVerdict } from '../core/summary.js';
import { plain } from './escape.js';
import { KNOWN_TITLE, knownNoteInWords, knownRows } from './known.js';
import { section, type Page } from './page.js';
import { renderTable } from './table.js';
import { wrap } from './wrap.js';

const COLUMNS = [{ head: 'claim' }, { head: 'slide' }, { head: 'published' }, { head: 'reference' }];

/** What other trainings say of the claims that are not run here; nothing where nothing is known. */
export function knownElsewhere(claims: readonly ClaimVerdict[], page: Page): string {
  const rows = knownRows(claims);
  if (rows.length === 0) return '';
  const caption = wrap(`${plain(knownNoteInWords(claims))}.`, page.width).map((line) => page.paint(line, 'dim'));
  const cells = rows.map(({ id, printed, published, reference }) =>
    [id, printed, published.join('; ') || '\u2013', reference ?? '\u2013'].map((text) => ({ text: plain(text) })),
  );
  return section(KNOWN_TITLE, [...caption, '', renderTable(COLUMNS, cells, page.width, page.paint)], page);
}
