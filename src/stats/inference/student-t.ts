/**
 * Student's t distribution, for intervals of means. Why these lines and not a package: docs/decisions/0003-student-t.md.
 */

/**
 * Quantile of Student's t: the t with P(T <= t) = probability.
 *
 * Inverts P(T > t) = I_x(df / 2, 1 / 2) / 2 with x = df / (df + t^2) (Abramowitz and Stegun 26.7.1; DLMF 8.17) by
 * bisection, which needs no starting value and ends on neighbouring doubles.
 *
 * @param probability strictly between 0 and 1
 * @param degreesOfFreedom above 0; need not be an integer (Welch)
 * @throws RangeError outside of these ranges
 */
export function studentTQuantile(probability: number, degreesOfFreedom: number): number {
  if (!(probability > 0 && probability < 1)) throw new RangeError(`probability ${probability} is not between 0 and 1`);
  if (!(degreesOfFreedom > 0)) throw new RangeError(`${degreesOfFreedom} degrees of freedom`);
  if (probability === 0.5) return 0;
  // Not by 1 - probability below one half: that would lose the digits of a small one.
  return probability < 0.5
    ? -quantileOfUpperTail(probability, degreesOfFreedom)
    : quantileOfUpperTail(1 - probability, degreesOfFreedom);
}

/** The t with P(T > t) = tail, for a tail below one half. */
function quantileOfUpperTail(tail: number, degreesOfFreedom: number): number {
  let low = 0;
  let high = 1;
  while (studentTUpperTail(high, degreesOfFreedom) > tail) high *= 2;
  for (;;) {
    const middle = low + (high - low) / 2;
    if (middle <= low || middle >= high) return middle;
    if (studentTUpperTail(middle, degreesOfFreedom) > tail) low = middle;
    else high = middle;
  }
}

/** P(T > t) of Student's t for t >= 0. */
export function studentTUpperTail(t: number, degreesOfFreedom: number): number {
  const squared = t * t;
  // 1 - x computed directly: for small t, x is so close to 1 that subtracting would lose the digits.
  return (
    0.5 *
    incompleteBeta(
      degreesOfFreedom / (degreesOfFreedom + squared),
      squared / (degreesOfFreedom + squared),
      degreesOfFreedom / 2,
      0.5,
    )
  );
}

/**
 * The regularised incomplete beta function I_x(a, b), by its continued fraction on the side where that converges fast
 * (DLMF 8.17.22 and 8.17.4).
 *
 * @param x in [0, 1]
 * @param complement 1 - x, passed apart to keep its digits
 */
function incompleteBeta(x: number, complement: number, a: number, b: number): number {
  if (x <= 0) return 0;
  if (complement <= 0) return 1;
  const front = Math.exp(a * Math.log(x) + b * Math.log(complement) + logGamma(a + b) - logGamma(a) - logGamma(b));
  return x < (a + 1) / (a + b + 2)
    ? (front / a) * betaFraction(x, a, b)
    : 1 - (front / b) * betaFraction(complement, b, a);
}

/** Continued fraction of DLMF 8.17.22, evaluated by the modified Lentz method (Thompson and Barnett 1986). */
function betaFraction(x: number, a: number, b: number): number {
  const tiny = 1e-300;
  const nonZero = (value: number) => (Math.abs(value) < tiny ? tiny : value);
  let c = 1;
  let d = 1 / nonZero(1 - ((a + b) * x) / (a + 1));
  let fraction = d;
  for (let m = 1; m <= 10_000; m++) {
    const even = (m * (b - m) * x) / ((a + 2 * m - 1) * (a + 2 * m));
    d = 1 / nonZero(1 + even * d);
    c = nonZero(1 + even / c);
    fraction *= d * c;
    const odd = (-(a + m) * (a + b + m) * x) / ((a + 2 * m) * (a + 2 * m + 1));
    d = 1 / nonZero(1 + odd * d);
    c = nonZero(1 + odd / c);
    const change = d * c;
    fraction *= change;
    if (Math.abs(change - 1) < 1e-15) return fraction;
  }
  return fraction;
}

/** Coefficients for g = 7, n = 9 (Godfrey 2001); relative error about 1e-15 for positive arguments. */
const [LANCZOS_CONSTANT, ...LANCZOS_TERMS] = [
  0.99999999999980993, 676.5203681218851, -1259.1392167224028, 771.32342877765313, -176.61502916214059,
  12.507343278686905, -0.13857109526572012, 9.9843695780195716e-6, 1.5056327351493116e-7,
] as const;

/** Logarithm of the gamma function for x > 0 (Lanczos 1964); below 1/2 by Gamma(x) = Gamma(x + 1) / x. */
function logGamma(x: number): number {
  if (x < 0.5) return logGamma(x + 1) - Math.log(x);
  const shifted = x - 1;
  const series = LANCZOS_TERMS.reduce(
    (sum: number, term, index) => sum + term / (shifted + index + 1),
    LANCZOS_CONSTANT,
  );
  const base = shifted + 7.5;
  return 0.5 * Math.log(2 * Math.PI) + (shifted + 0.5) * Math.log(base) - base + Math.log(series);
}
