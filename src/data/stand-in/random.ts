/**
 * The generator behind the stand-ins: mulberry32 (Tommy Ettinger, 2017; public domain). 32-bit integer arithmetic only,
 * hence the same numbers on every machine, and fast enough for one draw a pixel.
 */
export class SmallRandom {
  private state: number;

  constructor(seed: number) {
    this.state = seed | 0;
  }

  /** Uniform integer in [0, 2^32). */
  next(): number {
    this.state = (this.state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(this.state ^ (this.state >>> 15), 1 | this.state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return (mixed ^ (mixed >>> 14)) >>> 0;
  }

  /** Uniform number in [low, high), a multiple of (high - low) / 2^32. */
  between(low: number, high: number): number {
    return low + ((high - low) * this.next()) / 4294967296;
  }

  /** Uniform integer in [0, count); the bias of the remainder is below count / 2^32. */
  below(count: number): number {
    return this.next() % count;
  }

  /** -1 or 1. */
  sign(): number {
    return (this.next() & 1) * 2 - 1;
  }
}

/**
 * A 32-bit seed of a text: FNV-1a over its UTF-16 units, then the finalizer of MurmurHash3 (fmix32), which spreads
 * texts that differ in one digit.
 */
export function seedOf(text: string): number {
  let hash = 0x811c9dc5;
  for (let at = 0; at < text.length; at++) hash = Math.imul(hash ^ text.charCodeAt(at), 0x01000193);
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35);
  return (hash ^ (hash >>> 16)) >>> 0;
}
