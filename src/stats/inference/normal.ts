/**
 * P(Z > z) of the standard normal distribution, relative error below 1e-12 where it is above 1e-300: the series of
 * Abramowitz and Stegun 26.2.11 around 0, where the tail is no small difference, and the continued fraction 26.2.14
 * from there on.
 */
export function normalUpperTail(z: number): number {
  if (z < 0) return 1 - normalUpperTail(-z);
  if (z < 2) return 0.5 - density(z) * centralSeries(z);
  return density(z) / tailFraction(z);
}

function density(z: number): number {
  return Math.exp((-z * z) / 2) / Math.sqrt(2 * Math.PI);
}

/** z + z^3 / 3 + z^5 / (3 5) + ... */
function centralSeries(z: number): number {
  let term = z;
  let sum = z;
  for (let factor = 3; term > sum * 1e-17; factor += 2) {
    term *= (z * z) / factor;
    sum += term;
  }
  return sum;
}

/** z + 1 / (z + 2 / (z + 3 / ...)), from the end; from z = 2 on this many terms settle every digit of a double. */
function tailFraction(z: number): number {
  let fraction = z;
  for (let term = 120; term >= 1; term--) fraction = z + term / fraction;
  return fraction;
}
