import { summarize } from '../model/summary.js';
import { builtInLedger } from '../suites/built-in.js';
import { ascending, median } from '../stats/inference/sample.js';
import type { ContestantResult, WorkloadResult } from './measure.js';
import type { Block } from './protocol.js';

export type Measured = Extract<ContestantResult, { outcome: 'measured' }>;

/** The middle and the ends of a sample. */
export interface Spread {
  readonly median: number;
  readonly lowest: number;
  readonly highest: number;
}

/** `undefined` for an empty sample. */
export function spread(values: readonly number[]): Spread | undefined {
  const sorted = ascending(values);
  const [middle, lowest, highest] = [median(sorted), sorted[0], sorted.at(-1)];
  if (middle === undefined || lowest === undefined || highest === undefined) return undefined;
  return { median: middle, lowest, highest };
}

/** Training images a second over a whole block. */
export function imagesPerSecond(block: Block, batch: number): number {
  return (block.stepSeconds.length * batch) / sum(block.stepSeconds);
}

/** The measured result of a contestant by its name. */
export function resultOf({ results }: WorkloadResult, name: string): Measured | undefined {
  const result = results.find(({ contestant }) => contestant.name === name);
  return result?.outcome === 'measured' ? result : undefined;
}

/**
 * How many times as fast one contestant is as another: one ratio a round, of two blocks measured shortly after each
 * other, so that a slow spell of the machine hits both. `undefined` where one of them was not measured.
 */
export function speedRatio(workload: WorkloadResult, name: string, other: string): Spread | undefined {
  const [own, theirs] = [resultOf(workload, name), resultOf(workload, other)];
  if (own === undefined || theirs === undefined) return undefined;
  const { batch } = workload.workload;
  const rounds = Math.min(own.blocks.length, theirs.blocks.length);
  const speeds = ({ blocks }: Measured) => blocks.slice(0, rounds).map((block) => imagesPerSecond(block, batch));
  const theirSpeeds = speeds(theirs);
  return spread(speeds(own).map((speed, round) => speed / (theirSpeeds[round] as number)));
}

/** Milliseconds of each step that no kernel accounts for. `undefined` if the block was not traced. */
export function outsideKernels({ stepSeconds, kernelSeconds }: Block): Spread | undefined {
  return spread(
    (kernelSeconds ?? []).map((kernels, step) => ((stepSeconds[step] as number) - sum(Object.values(kernels))) * 1000),
  );
}

/** Share of a traced block's time inside each kernel, largest first. What is missing to 1 was outside kernels. */
export function kernelShares({ stepSeconds, kernelSeconds = [] }: Block): readonly (readonly [string, number])[] {
  const names = [...new Set(kernelSeconds.flatMap((kernels) => Object.keys(kernels)))];
  const total = sum(stepSeconds);
  return names
    .map((name) => [name, sum(kernelSeconds.map((kernels) => kernels[name] ?? 0)) / total] as const)
    .toSorted(([, left], [, right]) => right - left);
}

/** Kernels of matrix products, with the bias that some of them add. */
const PRODUCTS: readonly string[] = ['BatchMatMul', '_FusedMatMul'];

/**
 * GFLOP/s of an MLP's step: inside the kernels of its products (traced block) and over the whole step (median of the others).
 * The products are those that training needs: forward, and both gradients but that of the images. `undefined` for a CNN, and
 * where nothing was traced.
 */
export function productSpeed(
  { workload: { experiment, batch } }: WorkloadResult,
  { traced, blocks }: Measured,
): { readonly products: number; readonly step: number } | undefined {
  const { layers, totals } = summarize(builtInLedger().training(experiment).model);
  const first = layers.find(({ macs }) => macs > 0);
  if (traced?.kernelSeconds === undefined || first?.kind !== 'dense') return undefined;
  const flops = 2 * batch * (3 * totals.macs - first.macs);
  const inProducts = traced.kernelSeconds.map((kernels) => sum(PRODUCTS.map((name) => kernels[name] ?? 0)));
  const [products, step] = [inProducts, blocks.flatMap(({ stepSeconds }) => stepSeconds)].map(
    (seconds) => flops / (spread(seconds)?.median ?? NaN) / 1e9,
  ) as [number, number];
  return products === Infinity ? undefined : { products, step };
}

/** Processor time that a contestant used between two of its blocks, seconds, on average: it should be next to none. */
export function idleCpuSeconds({ blocks }: Measured): number {
  return sum(blocks.map((block) => block.idleCpuSeconds)) / blocks.length;
}

/** Processors that a contestant kept busy in its blocks. */
export function processorsUsed({ blocks }: Measured): number {
  return sum(blocks.map(({ cpuSeconds }) => cpuSeconds)) / sum(blocks.flatMap(({ stepSeconds }) => stepSeconds));
}

export function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}
