/** Most letters that may be wrong for "did you mean". */
const MOST_EDITS = 2;

/** The first of `names` that is at most two edits away from `word`, for "did you mean". */
export function nearest(word: string, names: readonly string[]): string | undefined {
  return names.find(
    (name) => Math.abs(name.length - word.length) <= MOST_EDITS && editDistance(name, word) <= MOST_EDITS,
  );
}

/** Levenshtein distance: insertions, deletions and substitutions that turn `a` into `b`. */
function editDistance(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, index) => index);
  for (let i = 1; i <= a.length; i++) {
    const next = [i];
    for (let j = 1; j <= b.length; j++) {
      const change = (row[j - 1] as number) + (a[i - 1] === b[j - 1] ? 0 : 1);
      next.push(Math.min(change, (row[j] as number) + 1, (next[j - 1] as number) + 1));
    }
    row = next;
  }
  return row[b.length] as number;
}
