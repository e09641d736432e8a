import type { Claim } from '../../core/claim.js';
import { parseGrid } from '../../core/printed-grid.js';
import { parsePrinted } from '../../core/printed.js';
import { PROFILES, type Profile } from '../../core/experiment.js';
import type { Ledger } from '../../ledger/ledger.js';
import { DEFAULT_SEED_COUNT, planCells } from '../../plan/plan.js';
import { seedsUpTo } from '../../plan/seeds.js';
import { percentInterval } from '../../stats/wording.js';
import { readDeckFile } from './with-decks.js';

/** The backend whose time is estimated. */
const BACKEND = 'wasm';

/** What a deck was understood to say. */
export interface CheckedDeck {
  readonly deck: string;
  readonly title: string;
  readonly sha256: string;
  readonly claims: readonly {
    readonly id: string;
    readonly line: number;
    readonly kind: Claim['kind'];
    readonly place: string;
    readonly printed: string;
    /** The values that are still right, in words. */
    readonly allows: string;
  }[];
  readonly experiments: readonly {
    readonly id: string;
    readonly title: string;
    readonly suite: string;
    readonly unstated: readonly string[];
    /** What each profile does, and the estimated seconds of its cells on one backend. */
    readonly profiles: Readonly<
      Record<Profile, { readonly basis?: string; readonly cells: number; readonly seconds: number }>
    >;
  }[];
}

/** Reads a deck and runs nothing. @throws DeckError with all that is wrong */
export async function checkDeck(base: Ledger, path: string): Promise<CheckedDeck> {
  const { decks, files, claims, experiments } = await readDeckFile(base, path);
  const [{ id = '', title = '' } = {}, { sha256 = '', lines = {} } = {}] = [decks[0], files[0]];
  return {
    ...{ deck: id, title, sha256 },
    claims: claims.map((claim) => ({
      ...{ id: claim.id, line: lines[claim.id] ?? 1, kind: claim.kind, place: claim.place, printed: claim.printed },
      allows: allowedBy(claim),
    })),
    experiments: experiments.map((experiment) => ({
      ...{ id: experiment.id, title: experiment.title, suite: experiment.suite },
      unstated: experiment.kind === 'training' ? (experiment.unstated ?? []) : [],
      profiles: Object.fromEntries(
        PROFILES.map((profile) => {
          const { cells } = planCells([experiment], [BACKEND], seedsUpTo(DEFAULT_SEED_COUNT[profile]), profile);
          const seconds = cells.reduce((sum, cell) => sum + cell.estimateSeconds, 0);
          const basis = experiment.kind === 'training' ? { basis: experiment.profiles[profile].basis } : {};
          return [profile, { ...basis, cells: cells.length, seconds: Math.round(seconds) }];
        }),
      ) as CheckedDeck['experiments'][number]['profiles'],
    })),
  };
}

function allowedBy(claim: Claim): string {
  if (claim.kind === 'relation') {
    return `${claim.relation === 'not-higher' ? 'not higher' : claim.relation} than ${claim.comparedWith}`;
  }
  const isFraction = claim.kind === 'accuracy' || (claim.kind === 'score' && claim.score === 'accuracy');
  const inWords = (low: number, high: number) =>
    isFraction ? percentInterval({ low, high }) : `${number(low)} to ${number(high)}`;
  if (claim.expected !== undefined) return inWords(claim.expected.low, claim.expected.high);
  const grid = parseGrid(claim.printed);
  if (grid !== undefined) return `${grid.values.length} x ${grid.values[0]?.length ?? 0} numbers`;
  const parsed = parsePrinted(claim.printed);
  if (parsed.kind === 'shape') return `exactly ${parsed.shape.join(' x ')}`;
  return parsed.exact ? `exactly ${number(parsed.value)}` : inWords(parsed.low, parsed.high);
}

function number(value: number): string {
  return value.toLocaleString('en-US', { maximumSignificantDigits: 12 });
}
