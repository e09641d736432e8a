import { PROFILES } from '../../core/experiment.js';
import { duration, number, text, textOr } from '../../report/cells.js';
import { list, paragraph, table, type ColumnOf, type Document } from '../../report/document.js';
import { durationInWords } from '../../report/words.js';
import { counted } from '../../stats/wording.js';
import type { CheckedDeck } from './check-deck.js';

type CheckedClaim = CheckedDeck['claims'][number];
type CheckedExperiment = CheckedDeck['experiments'][number];

const CLAIMS: readonly ColumnOf<CheckedClaim>[] = [
  { head: 'line', align: 'right', cell: ({ line }) => number(line) },
  { head: 'claim', cell: ({ id }) => text(id) },
  { head: 'place', cell: ({ place }) => text(place) },
  { head: 'printed', cell: ({ printed }) => text(printed) },
  { head: 'holds for', cell: ({ allows }) => text(allows) },
];

const EXPERIMENTS: readonly ColumnOf<CheckedExperiment>[] = [
  { head: 'experiment', cell: ({ id }) => text(id) },
  { head: 'what', cell: ({ title }) => text(title) },
  { head: 'unstated', cell: ({ unstated }) => textOr(unstated.join(', ')) },
  ...PROFILES.map((profile): ColumnOf<CheckedExperiment> => {
    return { head: profile, align: 'right', cell: ({ profiles }) => duration(profiles[profile].seconds) };
  }),
];

/** What `deck check` prints. */
export function checkedDocument({ deck, title, claims, experiments }: CheckedDeck): Document {
  const totals = PROFILES.map((profile) => {
    const sum = (what: 'cells' | 'seconds') =>
      experiments.reduce((total, { profiles }) => total + profiles[profile][what], 0);
    return `${profile}: ${counted(sum('cells'), 'cell')}, about ${durationInWords(sum('seconds'))}`;
  });
  const bases = experiments.flatMap(({ id, profiles }) =>
    PROFILES.flatMap((profile) => {
      const { basis } = profiles[profile];
      return basis === undefined ? [] : [`${id}, ${profile}: ${basis}`];
    }),
  );
  return {
    blocks: [
      paragraph(`${deck}: ${title}`),
      ...table(CLAIMS, claims),
      ...table(EXPERIMENTS, experiments),
      ...list(bases),
      paragraph('On one backend with the default seeds, estimated for wasm on two server cores:'),
      ...list(totals),
    ],
  };
}
