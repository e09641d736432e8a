import type { Expected } from '../core/claim.js';
import { parseGrid } from '../core/printed-grid.js';
import { parsePrinted } from '../core/printed.js';
import type { Complaints } from './complain.js';
import type { Complaint } from './problem.js';
import type { Tree } from './tree.js';

/** What a printed string stands for: a number, a shape, rows of numbers, or nothing of these. */
export type PrintedKind = 'number' | 'shape' | 'grid' | 'words';

export function printedKind(printed: string): PrintedKind {
  if (parseGrid(printed) !== undefined) return 'grid';
  try {
    return parsePrinted(printed).kind;
  } catch (error) {
    if (error instanceof RangeError) return 'words';
    throw error;
  }
}

/**
 * Printed strings that are not in quotes. YAML makes 96.5 of 96.50, and so an interval ten times as wide; between braces it ends
 * 2,432 at the comma. So all have quotes, whether they need them or not.
 */
export function unquotedPrinted(text: string, tree: Tree): Complaint[] {
  const claims = tree.kind === 'map' ? tree.entries.get('claims')?.value : undefined;
  if (claims?.kind !== 'list') return [];
  return claims.items.flatMap((claim) => {
    const printed = claim.kind === 'map' ? claim.entries.get('printed')?.value : undefined;
    if (claim.kind !== 'map' || printed?.kind !== 'scalar' || printed.quoted) return [];
    const written = text.slice(printed.start, printed.end);
    // `{ printed: 2,432 }` is a 2 and a key 432.
    const rest = [...claim.entries].find(
      ([key, { value }]) => /^\d{3}$/.test(key) && value.kind === 'scalar' && value.value === null,
    );
    const meant = rest === undefined ? written : `${written},${rest[0]}`;
    const end = rest === undefined ? printed.end : rest[1].key.end;
    const shown = meant.replaceAll('\\', '\\\\').replaceAll('"', '\\"');
    return [
      {
        code: 'E_DECK_PRINTED',
        message: 'quote printed values, so that every digit is kept',
        start: printed.start,
        end: Math.max(end, printed.start + 1),
        hint: `write printed: "${shown}"`,
      },
    ];
  });
}

/** What a claim has of `printed` and `tolerance`. */
interface Printed {
  readonly printed: string;
  readonly tolerance?: { readonly from: string; readonly to: string; readonly reason: string } | undefined;
}

/**
 * The interval that a `tolerance` says, with a complaint where there is none and the printed string says none either.
 *
 * @param kinds what the printed string may be, where there is no tolerance
 */
export function expectedOf(
  { printed, tolerance }: Printed,
  kinds: readonly PrintedKind[],
  path: readonly PropertyKey[],
  complaints: Complaints,
): { readonly expected?: Expected } {
  if (tolerance === undefined) {
    if (!kinds.includes(printedKind(printed))) {
      const wanted = kinds.map((kind) => KINDS[kind]).join(', or ');
      const hint = 'Or say what it stands for: tolerance: { from: "...", to: "...", reason: "..." }';
      complaints.add('E_DECK_PRINTED', [...path, 'printed'], `"${printed}" is not ${wanted}`, hint);
    }
    return {};
  }
  const [low, high] = (['from', 'to'] as const).map((end) => {
    const text = tolerance[end];
    const parsed = printedKind(text) === 'number' ? parsePrinted(text) : undefined;
    if (parsed?.kind === 'number') return parsed.value;
    complaints.add('E_DECK_PRINTED', [...path, 'tolerance', end], `"${text}" is not ${KINDS.number}`);
    return NaN;
  }) as [number, number];
  if (low > high)
    complaints.add('E_DECK_PRINTED', [...path, 'tolerance'], `${tolerance.from} is more than ${tolerance.to}`);
  return { expected: { low, high, words: `${tolerance.from} to ${tolerance.to} (${tolerance.reason})` } };
}

const KINDS = {
  number: 'a number such as "96.53%", "~89%" or "2,432"',
  shape: 'a shape such as "28x28x32"',
  grid: 'rows of numbers such as "19 25 / 37 43"',
  words: 'words',
} as const;
