import { cellId } from '../core/cell.js';
import type { Summary } from '../core/summary.js';

/** What two runs of the same cells say differently. */
export interface Changes {
  /** The id of the earlier run. */
  readonly since: string;
  /** Verdicts that both have, on claims and against references. */
  readonly verdicts: number;
  readonly changed: readonly Change[];
  /** Trainings that both have on the same files, and those of them that ended at other weights. */
  readonly trainings: number;
  readonly otherWeights: number;
}

/** A verdict that is another than before. */
export interface Change {
  /** A claim, or an experiment against the reference; on a backend. */
  readonly what: string;
  readonly before: string;
  readonly now: string;
}

type Compared = Pick<Summary, 'run' | 'cells' | 'claims' | 'references'>;

/** What differs from an earlier run; nothing where the two have no cell in common, or one of them is the other. */
export function changesSince(earlier: Compared, now: Compared): Changes | undefined {
  const before = new Map(earlier.cells.map((cell) => [cellId(cell), cell]));
  const pairs = now.cells.flatMap((cell) => {
    const other = before.get(cellId(cell));
    return other === undefined ? [] : [{ cell, other }];
  });
  if (pairs.length === 0 || earlier.run.id === now.run.id) return undefined;
  const trained = pairs.filter(
    ({ cell, other }) =>
      cell.weightsSha256 !== undefined &&
      other.weightsSha256 !== undefined &&
      cell.dataset?.fingerprint === other.dataset?.fingerprint,
  );
  const verdictsBefore = verdictsOf(earlier);
  const common = [...verdictsOf(now)].flatMap(([what, verdict]) => {
    const known = verdictsBefore.get(what);
    return known === undefined ? [] : [{ what, before: known, now: verdict }];
  });
  return {
    since: earlier.run.id,
    verdicts: common.length,
    changed: common.filter((verdict) => verdict.before !== verdict.now),
    trainings: trained.length,
    otherWeights: trained.filter(({ cell, other }) => cell.weightsSha256 !== other.weightsSha256).length,
  };
}

/** What is judged, and how. */
function verdictsOf({ claims, references }: Compared): ReadonlyMap<string, string> {
  return new Map([
    ...claims.map(
      ({ id, backend, verdict }) => [`${id}${backend === undefined ? '' : ` on ${backend}`}`, verdict] as const,
    ),
    ...references.map(
      ({ experiment, backend, profile, standIn, verdict }) =>
        [
          `${experiment} on ${backend}, ${profile}${standIn ? ' on stand-in images' : ''}, against the reference`,
          verdict,
        ] as const,
    ),
  ]);
}
