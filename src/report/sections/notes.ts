import type { Note } from '../../core/note.js';
import { text } from '../cells.js';
import { section, table, type Block, type ColumnOf } from '../document.js';

const COLUMNS: readonly ColumnOf<Note>[] = [
  { head: 'slide says', bare: true, cell: ({ printed }) => text(printed) },
  { head: 'deck', cell: ({ deck }) => text(deck) },
  { head: 'where', bare: true, cell: ({ place }) => text(place) },
  { head: 'that is', cell: ({ holds }) => text(holds ? 'right' : 'wrong') },
  { head: 'source', cell: ({ source }) => text(source) },
];

/** What is checked by looking, one by one. */
function noteTable(notes: readonly Note[]): readonly Block[] {
  return table(COLUMNS, notes, {
    layout: 'records',
    noteHead: 'what is right',
    rowOf: ({ id, right }) => ({ anchor: id, label: id, note: right }),
  });
}

/** After the claims, and never counted with them: first what is wrong; what a source confirms is looked up. */
export function noteSections(notes: readonly Note[]): readonly Block[] {
  const [wrong, right] = [notes.filter(({ holds }) => !holds), notes.filter(({ holds }) => holds)];
  return [
    ...section(`Wrong at a glance, not measured: ${wrong.length}`, noteTable(wrong), { tone: 'odd' }),
    ...section(`Right by its source, not measured: ${right.length}`, noteTable(right), { detail: true }),
  ];
}
