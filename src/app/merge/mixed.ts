import { buildKey, cnnbenchInWords } from '../../core/build.js';
import { FMA_BACKENDS } from '../../core/cell.js';
import { grouped } from '../../core/grouped.js';
import { datasetUsed, type CellRecord } from '../../core/record.js';
import { versionInWords } from '../../report/words.js';
import { listed, type Objection } from '../objection.js';
import type { Run } from '../summarize-runs.js';

/** Something that all records of a run have to share, as far as they are about the same subject. */
interface Shared {
  /** What has to be one; nothing for a record that has none of it. */
  readonly subjectOf: (record: CellRecord) => string | undefined;
  readonly valueOf: (record: CellRecord) => Value;
  readonly remedy: string;
}

interface Value {
  /** Equal where the values are. */
  readonly key: string;
  readonly words: string;
}

const SHARED: readonly Shared[] = [
  {
    subjectOf: () => 'cnnbench',
    valueOf({ environment }) {
      return { key: buildKey(environment), words: cnnbenchInWords(environment) };
    },
    remedy: 'Run all with one build: the seeds of two programs are no sample.',
  },
  {
    subjectOf: ({ backend }) => backend && `the backend ${backend.name}`,
    valueOf({ backend }) {
      const words = backend === undefined ? '' : versionInWords(backend);
      return { key: words, words };
    },
    remedy: 'Run all with the same versions of tfjs and of what computes below it.',
  },
  {
    subjectOf: ({ cell }) => `the recipe of ${cell.experiment} in the profile ${cell.profile}`,
    valueOf: ({ recipeSha256 }) => ({ key: recipeSha256, words: recipeSha256.slice(0, 12) }),
    remedy: 'Run the older ones again.',
  },
  {
    subjectOf: (record) => datasetUsed(record)?.name,
    valueOf(record) {
      const { provenance = '', fingerprint = '' } = datasetUsed(record) ?? {};
      return { key: `${provenance} ${fingerprint}`, words: `${provenance}, ${fingerprint.slice(0, 12)}` };
    },
    remedy: 'Run all on the same files; --no-stand-in makes an error of a data set that is not there.',
  },
  {
    subjectOf: ({ outcome, cell }) =>
      outcome === 'completed' && FMA_BACKENDS.includes(cell.backend) ? 'the use of --wasm-fma' : undefined,
    valueOf({ fma = false }) {
      const words = fma ? 'with it' : 'without it';
      return { key: words, words };
    },
    remedy: 'Run all with it or all without: the bits differ.',
  },
];

/** Everything that the records of one run share, and these do not. */
export function mixed(runs: readonly Run[]): readonly Objection[] {
  const all = runs.flatMap(({ directory, records }) => records.map((record) => ({ directory, record })));
  return SHARED.flatMap(({ subjectOf, valueOf, remedy }) => {
    const told = all.flatMap(({ directory, record }) => {
      const subject = subjectOf(record);
      return subject === undefined ? [] : [{ subject, directory, ...valueOf(record) }];
    });
    return grouped(told, ({ subject }) => [subject]).flatMap((same) => {
      const values = grouped(same, ({ key }) => [key]);
      if (values.length < 2) return [];
      const each = values.map((alike) => {
        const folders = [...new Set(alike.map(({ directory }) => directory))];
        return `${alike[0].words} (${listed(folders)})`;
      });
      return [{ what: `${same[0].subject} differs: ${listed(each)}`, remedy }];
    });
  });
}
