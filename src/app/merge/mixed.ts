import { differencesIn, memberOf, type Trait } from '../../stats/population.js';
import { listed, type Objection } from '../objection.js';
import type { Run } from '../summarize-runs.js';

/** What all records of a run have to share, as far as they are about the same subject; and what to do where they do not. */
const REMEDIES = {
  build: 'Run all of them with one build: seeds of two programs are not one sample.',
  backend: 'Run all of them with the same versions of tfjs and its libraries.',
  recipe: 'Run the older ones again.',
  data: 'Run all of them on the same files; with --no-stand-in a missing data set is an error.',
  fma: 'Run all of them with it or all without it: the bits differ.',
} as const satisfies Partial<Readonly<Record<Trait, string>>>;
type Shared = keyof typeof REMEDIES;

/** Everything that the records of one run share, and these do not. */
export function mixed(runs: readonly Run[]): readonly Objection[] {
  const all = runs.flatMap(({ directory, records }) => records.map((record) => ({ directory, record })));
  const differences = differencesIn(all, Object.keys(REMEDIES) as Shared[], ({ record }) => memberOf(record));
  return differences.map(({ trait, subject, values }) => {
    const each = values.map(({ words, cells }) => {
      const folders = [...new Set(cells.map(({ directory }) => directory))];
      return `${words} (${listed(folders)})`;
    });
    return { what: `${subject} differs: ${listed(each)}`, remedy: REMEDIES[trait as Shared] };
  });
}
