/** A number as printed, with the interval of true values that the printed digits stand for. */
interface PrintedNumber {
  readonly kind: 'number';
  /** Percentages as fractions, K/M/G multiplied out; a byte count keeps its unit: `93MB` is 93. */
  readonly value: number;
  /** Inclusive. */
  readonly low: number;
  /** Inclusive. */
  readonly high: number;
  /** True for plain integers and products of them: low and high are the value. */
  readonly exact: boolean;
}

/** A shape as printed, in the printed order of its axes. */
interface PrintedShape {
  readonly kind: 'shape';
  readonly shape: readonly number[];
}

type Printed = PrintedNumber | PrintedShape;

const ABBREVIATIONS = { K: 3, M: 6, G: 9 } as const;

/**
 * What a string on a slide stands for. Half a unit of the last significant digit each way, unless said otherwise:
 * - `2,635,146`, `784 nodes`, `8*8*256`: exact. Thousands separators, a trailing word and products are understood.
 * - `10.05`, `96.53%`, `93MB`: +-0.005, +-0.005 %, +-0.5. A percentage is returned as a fraction.
 * - `3.2M`, `138M`, `150K`: +-0.05M, +-0.5M, +-5K. Trailing zeros of an abbreviated integer are placeholders, not digits:
 *   800K is 800K +-50K.
 * - a leading `~`: a whole unit of the last significant digit. `~89%` is 0.89 +-0.01.
 * - `most`, `much less`: a share of at least one half, of at most one tenth; its value is that bound.
 * - `54x54x96`, `[224x224x3]`, `(4,28,28)`: a shape. The batch axis of torchsummary's `[-1, 32, 22, 22]` is left out.
 *
 * Throws RangeError for anything else.
 */
export function parsePrinted(printed: string): Printed {
  const text = printed.trim().replaceAll('\u2212', '-').replaceAll('\u00d7', 'x');
  return parseShape(text) ?? parseShare(text) ?? parseProduct(text) ?? parseNumber(text) ?? refuse(printed);
}

/** Whether a measured number lies in the printed interval, or a measured shape is the printed one. */
export function agreesWithPrinted(printed: Printed, measured: number | readonly number[]): boolean {
  if (printed.kind === 'number') {
    return typeof measured === 'number' && printed.low <= measured && measured <= printed.high;
  }
  return (
    typeof measured !== 'number' &&
    measured.length === printed.shape.length &&
    measured.every((length, axis) => length === printed.shape[axis])
  );
}

function parseShape(text: string): PrintedShape | undefined {
  const inner = /^\((.+)\)$|^\[(.+)\]$/.exec(text);
  const body = inner?.[1] ?? inner?.[2] ?? text;
  const crossed = /^\d+(?:\s*x\s*\d+)+$/.test(body);
  const listed = inner !== null && /^-?\d+(?:\s*,\s*\d+)*$/.test(body);
  if (!crossed && !listed) return undefined;
  const lengths = body.split(crossed ? 'x' : ',').map(Number);
  return { kind: 'shape', shape: lengths[0] === -1 ? lengths.slice(1) : lengths };
}

function parseShare(text: string): PrintedNumber | undefined {
  switch (text.toLowerCase()) {
    case 'most':
      return { kind: 'number', value: 0.5, low: 0.5, high: 1, exact: false };
    case 'much less':
      return { kind: 'number', value: 0.1, low: 0, high: 0.1, exact: false };
    default:
      return undefined;
  }
}

function parseProduct(text: string): PrintedNumber | undefined {
  const factors = /^(\d+(?:\s*\*\s*\d+)+)(?:\s+[a-z]+)?$/i.exec(text)?.[1];
  if (factors === undefined) return undefined;
  const value = factors.split('*').reduce((product, factor) => product * Number(factor), 1);
  return { kind: 'number', value, low: value, high: value, exact: true };
}

const NUMBER =
  /^(?<about>~?)\s*(?<sign>-?)(?<whole>\d{1,3}(?:,\d{3})+|\d+)(?:\.(?<decimals>\d+))?(?:(?<percent>\s?%)|(?<abbreviation>[KMG])|(?<bytes>\s?[KMG]i?B))?(?:\s+[a-z]+)?$/i;

function parseNumber(text: string): PrintedNumber | undefined {
  const parts = NUMBER.exec(text)?.groups;
  if (parts === undefined) return undefined;
  const { whole = '', decimals = '', abbreviation } = parts;
  const digits = Number(whole.replaceAll(',', '') + decimals) * (parts['sign'] === '-' ? -1 : 1);
  const exact =
    parts['about'] === '' && decimals === '' && !parts['percent'] && abbreviation === undefined && !parts['bytes'];
  const shift =
    abbreviation === undefined ? 0 : ABBREVIATIONS[abbreviation.toUpperCase() as keyof typeof ABBREVIATIONS];
  const exponent = shift - decimals.length - (parts['percent'] ? 2 : 0);
  const unit = abbreviation !== undefined && decimals === '' ? 10 ** trailingZeros(digits) : 1;
  const half = exact ? 0 : (parts['about'] === '~' ? 1 : 0.5) * unit;
  return {
    kind: 'number',
    value: scale(digits, exponent),
    low: scale(digits - half, exponent),
    high: scale(digits + half, exponent),
    exact,
  };
}

/** digits * 10^exponent with a single rounding, so that 0.89 is the double that `0.89` is. */
function scale(digits: number, exponent: number): number {
  return exponent < 0 ? digits / 10 ** -exponent : digits * 10 ** exponent;
}

function trailingZeros(digits: number): number {
  let zeros = 0;
  while (digits !== 0 && digits % 10 ** (zeros + 1) === 0) zeros++;
  return zeros;
}

function refuse(printed: string): never {
  throw new RangeError(`"${printed}" is neither a number nor a shape as decks print them`);
}
