/** A module of its own, for the benchmark: how fast a processor multiplies and adds in WebAssembly where memory does not matter. */

@inline
function step(sum: v128, factor: v128): v128 {
  return f32x4.add(f32x4.mul(sum, factor), factor);
}

/**
 * Twelve vectors in registers, each multiplied and added to four times a round: 384 operations of float32. That many are under way at
 * once on a processor with two units for each, of three cycles.
 *
 * @param seed less than 1, so that the numbers stay small
 * @returns what keeps the loop from being left out
 */
export function multiplyAndAdd(rounds: i32, seed: f32): f32 {
  const factor = f32x4.splat(seed);
  let s0 = f32x4.splat(0);
  let s1 = f32x4.splat(1);
  let s2 = f32x4.splat(2);
  let s3 = f32x4.splat(3);
  let s4 = f32x4.splat(4);
  let s5 = f32x4.splat(5);
  let s6 = f32x4.splat(6);
  let s7 = f32x4.splat(7);
  let s8 = f32x4.splat(8);
  let s9 = f32x4.splat(9);
  let s10 = f32x4.splat(10);
  let s11 = f32x4.splat(11);
  while (rounds > 0) {
    s0 = step(s0, factor);
    s1 = step(s1, factor);
    s2 = step(s2, factor);
    s3 = step(s3, factor);
    s4 = step(s4, factor);
    s5 = step(s5, factor);
    s6 = step(s6, factor);
    s7 = step(s7, factor);
    s8 = step(s8, factor);
    s9 = step(s9, factor);
    s10 = step(s10, factor);
    s11 = step(s11, factor);
    s0 = step(s0, factor);
    s1 = step(s1, factor);
    s2 = step(s2, factor);
    s3 = step(s3, factor);
    s4 = step(s4, factor);
    s5 = step(s5, factor);
    s6 = step(s6, factor);
    s7 = step(s7, factor);
    s8 = step(s8, factor);
    s9 = step(s9, factor);
    s10 = step(s10, factor);
    s11 = step(s11, factor);
    s0 = step(s0, factor);
    s1 = step(s1, factor);
    s2 = step(s2, factor);
    s3 = step(s3, factor);
    s4 = step(s4, factor);
    s5 = step(s5, factor);
    s6 = step(s6, factor);
    s7 = step(s7, factor);
    s8 = step(s8, factor);
    s9 = step(s9, factor);
    s10 = step(s10, factor);
    s11 = step(s11, factor);
    s0 = step(s0, factor);
    s1 = step(s1, factor);
    s2 = step(s2, factor);
    s3 = step(s3, factor);
    s4 = step(s4, factor);
    s5 = step(s5, factor);
    s6 = step(s6, factor);
    s7 = step(s7, factor);
    s8 = step(s8, factor);
    s9 = step(s9, factor);
    s10 = step(s10, factor);
    s11 = step(s11, factor);
    rounds--;
  }
  const first = f32x4.add(f32x4.add(f32x4.add(s0, s1), f32x4.add(s2, s3)), f32x4.add(s4, s5));
  const second = f32x4.add(f32x4.add(f32x4.add(s6, s7), f32x4.add(s8, s9)), f32x4.add(s10, s11));
  return f32x4.extract_lane(f32x4.add(first, second), 0);
}
