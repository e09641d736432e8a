import type { CountClaim, DataClaim, OpClaim } from '../../../../src/core/claim.js';

/**
 * The claim as it would be if something else were printed: each number of the string moved by one unit of its last
 * significant digit, one at a time; `much less` in place of `most`; a value beside that which words or a formula stand for.
 */
export function otherwise<Claim extends CountClaim | OpClaim | DataClaim>(claim: Claim): readonly Claim[] {
  const { expected, printed } = claim;
  if (expected === undefined) return otherwisePrinted(printed).map((other) => ({ ...claim, printed: other }));
  const { low, high } = expected;
  const by = high - low + 1;
  return [by, -by].map((step) => ({ ...claim, expected: { low: low + step, high: high + step, words: '' } }));
}

function otherwisePrinted(printed: string): readonly string[] {
  const lower = printed.toLowerCase();
  if (lower === 'most') return ['much less'];
  if (lower === 'much less') return ['most'];
  // The batch axis of torchsummary, -1, is no number of the slide.
  return [...printed.matchAll(/(?<!\[-)\d[\d,]*(?:\.\d+)?(?<abbreviation>[KMG](?!B))?/g)].map((match) => {
    const [found] = match;
    const number = found.replace(/,+$/, '');
    const moved = oneMore(number, match.groups?.['abbreviation'] !== undefined);
    return printed.slice(0, match.index) + moved + printed.slice(match.index + number.length);
  });
}

/** `3.2M` becomes `3.3M`, `800K` `900K`, `2,635,146` `2,635,147`: trailing zeros of an abbreviated integer are no digits. */
function oneMore(number: string, abbreviated: boolean): string {
  const suffix = abbreviated ? number.slice(-1) : '';
  const digits = number.slice(0, number.length - suffix.length);
  const decimals = digits.split('.')[1]?.length ?? 0;
  const whole = Number(digits.replaceAll(/[,.]/g, ''));
  const zeros = abbreviated && decimals === 0 ? (/0*$/.exec(digits) as RegExpExecArray)[0].length : 0;
  const moved = whole + 10 ** zeros;
  const text = decimals === 0 ? String(moved) : (moved / 10 ** decimals).toFixed(decimals);
  return (digits.includes(',') ? Number(text).toLocaleString('en-US') : text) + suffix;
}
