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
