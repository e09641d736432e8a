import type { Environment } from './record.js';

/** The program that made a record. */
export type Build = Pick<Environment, 'cnnbench' | 'commit' | 'dirty'>;

/** Equal for records of one program; two with uncommitted changes may still be two. */
export function buildKey({ cnnbench, commit, dirty }: Build): string {
  return JSON.stringify([cnnbench, commit, dirty]);
}

/** A build, and how many cells it made. */
export type BuildShare = Build & { readonly cells: number };

/** Every build that made some of these, in the order of the first of its cells. */
export function buildsOf(made: readonly { readonly environment: Environment }[]): readonly BuildShare[] {
  const shares = new Map<string, BuildShare>();
  for (const { environment } of made) {
    const { cnnbench, commit, dirty } = environment;
    const key = buildKey(environment);
    const cells = (shares.get(key)?.cells ?? 0) + 1;
    shares.set(key, { cnnbench, ...(commit !== undefined && { commit }), ...(dirty && { dirty }), cells });
  }
  return [...shares.values()];
}

/** `0.1.0, built from 1c684084262b`: the version, and the commit where one is known. */
export function cnnbenchInWords({ cnnbench, commit, dirty }: Build): string {
  if (commit === undefined) return cnnbench;
  return `${cnnbench}, built from ${commit.slice(0, 12)}${dirty ? ' with uncommitted changes' : ''}`;
}
