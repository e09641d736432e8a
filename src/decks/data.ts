import { deckDataSchema, type DeckData } from '../core/deck-data.js';
import { formOfDeckData } from '../data/deck/form.js';
import type { Complaints } from './complain.js';
import type { WrittenData } from './data-schema.js';
import type { DataForm } from './experiments.js';

/** How long a split of a file that was not read is taken to be. */
const GUESSED = { train: 50_000, test: 10_000 };

/** @param name as the ledger has it */
export function dataOf(
  name: string,
  written: WrittenData,
  path: readonly PropertyKey[],
  complaints: Complaints,
): DeckData | undefined {
  const { title, classes, split, size, pad, scale, sha256, ...source } = written as Readonly<
    Record<string, unknown>
  > & {
    readonly title?: string;
    readonly split?: { readonly testFraction: number; readonly seed: number; readonly stratified?: boolean };
    readonly size?: readonly number[];
    readonly scale?: unknown;
  };
  const [height, width, depth] = size ?? [];
  const prepare = {
    ...(depth !== undefined && { channels: depth }),
    ...(height !== undefined && { resize: [height, width] }),
    ...(pad !== undefined && { pad }),
  };
  const parsed = deckDataSchema.safeParse({
    name,
    title: title ?? path.at(-1),
    source,
    ...(classes !== undefined && { classes }),
    ...(split !== undefined && {
      split: { testFraction: split.testFraction, seed: split.seed, stratified: split.stratified ?? false },
    }),
    ...(Object.keys(prepare).length > 0 && { prepare }),
    scale: scaleOf(scale),
    ...(sha256 !== undefined && { sha256 }),
  });
  if (parsed.success) return parsed.data;
  for (const { path: inside, message } of parsed.error.issues.slice(0, 5)) {
    complaints.add('E_DECK_FIELD', [...path, ...inside.filter((step) => step !== 'source')], message);
  }
  return undefined;
}

function scaleOf(written: unknown): unknown {
  if (written === 'none') return { divide: 1 };
  if (written === undefined) return { divide: 255 };
  if (!Array.isArray(written)) return written;
  return written[0] === 0 ? { divide: 255 } : { divide: 255, mean: [0.5], sd: [0.5] };
}

/** What the experiments need to know of it. */
export function formOf(data: DeckData): DataForm {
  const { imageShape, classes, counts } = formOfDeckData(data);
  return { name: data.name, imageShape, classes, ...(counts ?? GUESSED), isCounted: counts !== undefined };
}
