import { extremesOf } from '../../stats/curves.js';

/** A linear axis: where values land, and the values worth a tick. */
export interface Scale {
  readonly ticks: readonly number[];
  /** Position of a value in pixels. */
  readonly at: (value: number) => number;
}

/** Step of 1, 2 or 5 times a power of ten that cuts a span into about `count` pieces (Heckbert 1990, nice numbers). */
export function niceStep(span: number, count: number): number {
  const rough = span / count;
  const power = 10 ** Math.floor(Math.log10(rough));
  const fraction = rough / power;
  return power * (fraction <= 1 ? 1 : fraction <= 2 ? 2 : fraction <= 5 ? 5 : 10);
}

/** An axis that is widened to whole steps, so that its first and last tick are its ends. Values beyond stay at the end. */
export function valueScale(values: readonly number[], start: number, end: number, tickCount: number): Scale {
  const { low: smallest, high: largest } = extremesOf(values);
  const margin = largest > smallest ? 0 : Math.abs(largest) * 0.05 || 0.5;
  const [lowest, highest] = [smallest - margin, largest + margin];
  const span = highest - lowest;
  const step = niceStep(span, tickCount);
  const low = Math.floor(lowest / step + 1e-9) * step;
  const steps = Math.max(1, Math.ceil((highest - low) / step - 1e-9));
  const high = low + steps * step;
  return {
    ticks: Array.from({ length: steps + 1 }, (_, index) => Number((low + index * step).toPrecision(12))),
    at: (value) => start + ((Math.min(Math.max(value, low), high) - low) / (high - low)) * (end - start),
  };
}

/** An axis of whole epochs from 1 to the last one. A single epoch stands in the middle. */
export function epochScale(last: number, start: number, end: number): Scale {
  if (last <= 1) return { ticks: [1], at: () => (start + end) / 2 };
  const step = Math.max(1, niceStep(last, 8));
  const ticks = Array.from({ length: Math.floor(last / step) }, (_, index) => (index + 1) * step);
  return {
    ticks: step === 1 ? ticks : [1, ...ticks],
    at: (epoch) => start + ((epoch - 1) / (last - 1)) * (end - start),
  };
}

/**
 * Moves positions apart until each two are `gap` away and none is outside of low..high, as little as possible in the sum
 * of squares: isotonic regression by pooling adjacent violators (Ayer et al. 1955) on the positions less their gaps.
 */
export function spread(positions: readonly number[], gap: number, low: number, high: number): readonly number[] {
  const order = positions.map((_, index) => index).toSorted((a, b) => (positions[a] ?? 0) - (positions[b] ?? 0));
  const blocks: { mean: number; size: number }[] = [];
  for (const [place, index] of order.entries()) {
    let block = { mean: (positions[index] ?? 0) - place * gap, size: 1 };
    for (let last = blocks.at(-1); last !== undefined && last.mean > block.mean; last = blocks.at(-1)) {
      blocks.pop();
      const size = last.size + block.size;
      block = { mean: (last.mean * last.size + block.mean * block.size) / size, size };
    }
    blocks.push(block);
  }
  const latest = Math.max(low, high - (positions.length - 1) * gap);
  const starts = blocks.flatMap(({ mean, size }) =>
    Array.from({ length: size }, () => Math.min(Math.max(mean, low), latest)),
  );
  const placed = [...positions];
  order.forEach((index, place) => (placed[index] = (starts[place] ?? 0) + place * gap));
  return placed;
}
