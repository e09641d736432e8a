import { PROFILES } from '../../core/experiment.js';
import { plain } from '../../report/escape.js';
import { duration } from '../format.js';
import { plainTable } from '../table.js';
import type { CheckedDeck } from './check-deck.js';

/** What `deck check` prints. */
export function checkedText({ deck, title, claims, experiments }: CheckedDeck): string {
  const claimRows = claims.map(({ line, id, place, printed, allows }) => [
    line,
    ...[id, place, printed, allows].map(plain),
  ]);
  const experimentRows = experiments.map(({ id, title: what, unstated, profiles }) => [
    ...[id, what, unstated.join(', ') || '-'].map(plain),
    ...PROFILES.map((profile) => duration(profiles[profile].seconds)),
  ]);
  const totals = PROFILES.map((profile) => {
    const sum = (what: 'cells' | 'seconds') =>
      experiments.reduce((total, { profiles }) => total + profiles[profile][what], 0);
    return `${profile}: ${sum('cells')} cells, about ${duration(sum('seconds'))}`;
  });
  const bases = experiments.flatMap(({ id, profiles }) =>
    PROFILES.flatMap((profile) => {
      const { basis } = profiles[profile];
      return basis === undefined ? [] : [`${id}, ${profile}: ${basis}`];
    }),
  );
  return [
    `${deck}: ${plain(title)}`,
    plainTable(['line', 'claim', 'place', 'printed', 'holds for'], claimRows, ['line']),
    plainTable(['experiment', 'what', 'unstated', ...PROFILES], experimentRows, PROFILES),
    ...(bases.length === 0 ? [] : [bases.map(plain).join('\n')]),
    `On one backend with the default seeds, estimated for wasm on two server cores:\n${totals.join('\n')}`,
  ].join('\n\n');
}
