import type { BackendName } from '../../core/cell.js';
import { PROFILES, type Profile } from '../../core/experiment.js';
import { grouped } from '../../core/grouped.js';
import { machineDifferences, machineKey } from '../../core/machine.js';
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
  const differences: Difference[] = [];
  const fingerprints = distinct(cells, ({ data }) => data && `${data.name} (${data.provenance}), ${data.fingerprint}`);
  if (fingerprints.length > 1) differences.push({ cause: 'data', detail: fingerprints.map(shortened).join(' and ') });
  if (a.profile !== b.profile) differences.push({ cause: 'profile', detail: `${a.profile} and ${b.profile}` });
  differences.push(...recipeDifference(cells, a.profile !== b.profile), ...machineDifference(cells));
  return { a, b, differences };
}

/** Another profile is another recipe: that is said once. */
function recipeDifference(cells: readonly ComparedCell[], isOtherProfile: boolean): readonly Difference[] {
  const recipes = distinct(cells, ({ recipe }) => recipe);
  if (cells.some(({ recipe }) => recipe === undefined)) {
    return [{ cause: 'recipe', detail: 'a summary.json does not say it; give the folder of the run' }];
  }
  return recipes.length > 1 && !isOtherProfile
    ? [{ cause: 'recipe', detail: `digests ${recipes.map((recipe) => recipe.slice(0, 12)).join(' and ')}` }]
    : [];
}

function machineDifference(cells: readonly ComparedCell[]): readonly Difference[] {
  if (cells.some(({ recipe }) => recipe === undefined)) {
    return [{ cause: 'machine', detail: 'a summary.json does not say it of each cell; give the folder of the run' }];
  }
  const machines = new Map(cells.flatMap(({ machine }) => (machine ? [[machineKey(machine), machine] as const] : [])));
  const [first, ...others] = machines.values();
  if (first === undefined || others.length === 0) return [];
  const details = new Set(others.flatMap((other) => machineDifferences(first, other)));
  return [{ cause: 'machine', detail: [...details].join('; ') }];
}

/** The values that cells have, each once, in order. */
function distinct(cells: readonly ComparedCell[], valueOf: (cell: ComparedCell) => string | undefined): string[] {
  return [...new Set(cells.flatMap((cell) => valueOf(cell) ?? []))];
}

/** Twelve digits of a digest tell any two apart. */
function shortened(text: string): string {
  return text.replaceAll(/[0-9a-f]{64}/g, (digest) => digest.slice(0, 12));
}
