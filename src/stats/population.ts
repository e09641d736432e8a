import { buildKey, cnnbenchInWords, type Build } from '../core/build.js';
import { FMA_BACKENDS } from '../core/cell.js';
import type { DatasetIdentity } from '../core/dataset.js';
import type { Profile } from '../core/experiment.js';
import { grouped } from '../core/grouped.js';
import { machineFacts, machineFactsInWords, machineKey, type MachineFacts } from '../core/machine.js';
import { datasetUsed, type BackendDescription, type CellRecord } from '../core/record.js';

/** What decides whether a cell belongs with others. What is absent is not known, or makes no difference to it. */
export interface Member {
  readonly build?: Build | undefined;
  readonly backend?: BackendDescription | undefined;
  readonly recipe?: { readonly experiment: string; readonly profile: Profile; readonly sha256: string } | undefined;
  readonly data?: Pick<DatasetIdentity, 'name' | 'provenance' | 'fingerprint'> | undefined;
  /** Whether multiplications and additions were fused, on a backend whose bits depend on it. */
  readonly fma?: boolean | undefined;
  readonly machine?: MachineFacts | undefined;
}

/** One that cells about the same subject have to share. */
interface Value {
  readonly subject: string;
  /** Equal where the values are. */
  readonly key: string;
  readonly words: string;
}

const TRAITS = {
  build: ({ build }) => build && { subject: 'cnnbench', key: buildKey(build), words: cnnbenchInWords(build) },
  backend: ({ backend }) => {
    if (backend === undefined) return undefined;
    const { name, version, library } = backend;
    const words = library === undefined ? version : `${version}, ${library}`;
    return { subject: `the backend ${name}`, key: words, words };
  },
  recipe: ({ recipe }) =>
    recipe && {
      subject: `the recipe of ${recipe.experiment} in the profile ${recipe.profile}`,
      key: recipe.sha256,
      words: recipe.sha256.slice(0, 12),
    },
  data: ({ data }) =>
    data && {
      subject: data.name,
      key: `${data.provenance} ${data.fingerprint}`,
      words: `${data.provenance}, ${data.fingerprint.slice(0, 12)}`,
    },
  fma: ({ fma }) =>
    fma === undefined
      ? undefined
      : { subject: 'the use of --wasm-fma', key: String(fma), words: fma ? 'with it' : 'without it' },
  machine: ({ machine }) =>
    machine && { subject: 'the machine', key: machineKey(machine), words: machineFactsInWords(machine) },
} as const satisfies Readonly<Record<string, (member: Member) => Value | undefined>>;
export type Trait = keyof typeof TRAITS;

/** What the seeds of one mean have to share, besides experiment, backend and profile. */
export const SAMPLE_TRAITS = ['data', 'recipe', 'fma'] as const satisfies readonly Trait[];

/** What cells do not share although they are about the same subject. */
export interface Difference<Cell> {
  readonly trait: Trait;
  readonly subject: string;
  /** Two or more, in the order of their first cells. */
  readonly values: readonly { readonly words: string; readonly cells: readonly [Cell, ...Cell[]] }[];
}

/** Everything of these traits in which cells differ. Empty where they belong together. */
export function differencesIn<Cell>(
  cells: readonly Cell[],
  traits: readonly Trait[],
  memberOf: (cell: Cell) => Member,
): readonly Difference<Cell>[] {
  return traits.flatMap((trait) => {
    const told = cells.flatMap((cell) => {
      const value: Value | undefined = TRAITS[trait](memberOf(cell));
      return value === undefined ? [] : [{ cell, ...value }];
    });
    return grouped(told, ({ subject }) => [subject]).flatMap((same) => {
      const values = grouped(same, ({ key }) => [key]).map((alike) => ({
        words: alike[0].words,
        cells: alike.map(({ cell }) => cell) as [Cell, ...Cell[]],
      }));
      return values.length < 2 ? [] : [{ trait, subject: same[0].subject, values }];
    });
  });
}

/** Equal for the members of one population. */
export function populationKey(member: Member, traits: readonly Trait[]): string {
  return JSON.stringify(traits.map((trait) => TRAITS[trait](member)?.key ?? null));
}

/** What a record says of the cell. The scripted backend computes on no data. */
export function memberOf(record: CellRecord): Member {
  const { cell, environment, backend, recipeSha256, outcome, fma = false } = record;
  return {
    build: environment,
    backend,
    recipe: { experiment: cell.experiment, profile: cell.profile, sha256: recipeSha256 },
    data: cell.backend === 'fake' ? undefined : datasetUsed(record),
    fma: outcome === 'completed' && FMA_BACKENDS.includes(cell.backend) ? fma : undefined,
    // Without its backend a machine is not known: such a cell died before it was active.
    machine: backend && machineFacts(environment, backend),
  };
}

const NO_SAMPLE = {
  data: 'on different files of the data set',
  recipe: 'by different versions of the recipe',
  fma: 'with and without --wasm-fma',
} as const satisfies Readonly<Record<(typeof SAMPLE_TRAITS)[number], string>>;

/** Why records are no sample, as the end of "the seeds were trained"; nothing where they are one. */
export function whyNoSample(records: readonly CellRecord[]): string | undefined {
  const [difference] = differencesIn(records, SAMPLE_TRAITS, memberOf);
  return difference && NO_SAMPLE[difference.trait as keyof typeof NO_SAMPLE];
}
