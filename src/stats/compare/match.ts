import type { BackendName } from '../../core/cell.js';
import { PROFILES, type Profile } from '../../core/experiment.js';
import { grouped } from '../../core/grouped.js';
import { machineDifferences } from '../../core/machine.js';
import { differencesIn, type Difference as Unshared, type Member } from '../population.js';
import type { ComparedCell } from './side.js';

/** What two sides must share to be compared. */
export const CAUSES = ['data', 'profile', 'recipe', 'machine'] as const;
export type Cause = (typeof CAUSES)[number];

/** Something that the cells of a pair do not share, in words. */
export interface Difference {
  readonly cause: Cause;
  readonly detail: string;
}

/** The cells of one experiment on one backend in one profile. */
export interface Group {
  readonly experiment: string;
  readonly backend: BackendName;
  readonly profile: Profile;
  readonly cells: readonly ComparedCell[];
}

/** Groups of both sides that are held against each other. */
export interface Pair {
  readonly a: Group;
  readonly b: Group;
  /** Empty where everything is shared. */
  readonly differences: readonly Difference[];
}

export interface Matched {
  readonly pairs: readonly Pair[];
  readonly onlyA: readonly Group[];
  readonly onlyB: readonly Group[];
}

/**
 * Pairs the groups of both sides: by experiment, backend and profile, and where an experiment has no profile in common on a
 * backend, the largest profile of each side, which is then a difference. What is left has no partner.
 */
export function matchSides(a: readonly ComparedCell[], b: readonly ComparedCell[]): Matched {
  const [groupsA, groupsB] = [groupsOf(a), groupsOf(b)];
  const pairs: Pair[] = [];
  for (const group of groupsA) {
    const partners = groupsB.filter((other) => isSameSubject(group, other));
    const same = partners.find(({ profile }) => profile === group.profile);
    if (same !== undefined) pairs.push(pairOf(group, same));
    else if (isWithoutCommonProfile(group, groupsA, partners)) pairs.push(pairOf(group, partners.at(-1) as Group));
  }
  return {
    pairs,
    onlyA: groupsA.filter((group) => !pairs.some((pair) => pair.a === group)),
    onlyB: groupsB.filter((group) => !pairs.some((pair) => pair.b === group)),
  };
}

/** Whether a group is the largest of its experiment and backend, and no profile of these is on the other side. */
function isWithoutCommonProfile(group: Group, own: readonly Group[], partners: readonly Group[]): boolean {
  const siblings = own.filter((other) => isSameSubject(group, other));
  const common = siblings.some(({ profile }) => partners.some((partner) => partner.profile === profile));
  return partners.length > 0 && !common && siblings.at(-1) === group;
}

function isSameSubject(a: Group, b: Group): boolean {
  return a.experiment === b.experiment && a.backend === b.backend;
}

/** In the order of their first cells, the profiles of an experiment on a backend from the smallest to the largest. */
function groupsOf(cells: readonly ComparedCell[]): readonly Group[] {
  return grouped(cells, ({ experiment, backend }) => [experiment, backend]).flatMap((same) =>
    PROFILES.flatMap((profile): Group[] => {
      const own = same.filter((cell) => cell.profile === profile);
      const [first] = own;
      return first ? [{ experiment: first.experiment, backend: first.backend, profile, cells: own }] : [];
    }),
  );
}

function pairOf(a: Group, b: Group): Pair {
  const cells = [...a.cells, ...b.cells];
  const differences = [
    ...differencesIn(cells, ['data'], memberOf).map(differenceOf),
    ...(a.profile === b.profile ? [] : [{ cause: 'profile' as const, detail: `${a.profile} and ${b.profile}` }]),
    ...(cells.some(({ recipe }) => recipe === undefined)
      ? NOT_IN_A_SUMMARY
      : differencesIn(cells, ['recipe', 'machine'], memberOf).map(differenceOf)),
  ];
  return { a, b, differences };
}

/** Another profile is another recipe: that is said once. */
function memberOf({ experiment, profile, recipe = '', data, machine }: ComparedCell): Member {
  return { data, machine, recipe: { experiment, profile, sha256: recipe } };
}

const NOT_IN_A_SUMMARY: readonly Difference[] = [
  { cause: 'recipe', detail: 'a summary.json does not contain it; use the run folder' },
  { cause: 'machine', detail: 'a summary.json does not contain it for each cell; use the run folder' },
];

function differenceOf({ trait, subject, values }: Unshared<ComparedCell>): Difference {
  const words = values.map((value) => value.words).join(' and ');
  switch (trait) {
    case 'recipe':
      return { cause: 'recipe', detail: `digests ${words}` };
    case 'machine': {
      const [first = {}, ...others] = values.map(({ cells: [{ machine }] }) => machine ?? {});
      const details = new Set(others.flatMap((other) => machineDifferences(first, other)));
      return { cause: 'machine', detail: [...details].join('; ') };
    }
    default:
      return { cause: 'data', detail: `${subject}: ${words}` };
  }
}
