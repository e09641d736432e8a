/**
 * P-values adjusted for testing many hypotheses at once (Holm 1979): the k-th smallest of m, from k = 1, times m - k + 1,
 * never below the one before it, at most 1. An adjusted value up to alpha may be called significant; the chance of one
 * wrong call or more is then at most alpha, however the tests depend on each other.
 *
 * @param pValues from 0 to 1, in any order
 * @returns the adjusted values, in the order of `pValues`
 * @throws RangeError where a value is not a probability
 */
export function holmAdjusted(pValues: readonly number[]): number[] {
  const invalid = pValues.find((p) => !(p >= 0 && p <= 1));
  if (invalid !== undefined) throw new RangeError(`${invalid} is no p-value`);
  const adjusted = new Array<number>(pValues.length).fill(0);
  let previous = 0;
  const ordered = pValues.map((p, index) => ({ p, index })).toSorted((a, b) => a.p - b.p);
  ordered.forEach(({ p, index }, rank) => {
    previous = Math.min(1, Math.max(previous, p * (pValues.length - rank)));
    adjusted[index] = previous;
  });
  return adjusted;
}
