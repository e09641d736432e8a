import type { Throughput } from '../core/record.js';
import { medianInterval95 } from './inference/interval.js';
import { median } from './inference/sample.js';

/** Blocks aimed for: 20 to 39 where there are that many steps, so that the median's interval leaves outliers out. */
const BLOCKS = 20;

/**
 * Training speed from the times of steps, those of the warm-up left out. They are cut into blocks of equally many steps, because
 * one step can be shorter than the clock's noise; steps left over at the start are dropped.
 *
 * @param stepSeconds wall time of every training step in order, but for the warm-up of each process
 * @param batchSize images a step
 * @param warmupSteps how many steps were left out at the start of each process; told, not used
 * @returns `undefined` where no step is left, or a block took no measurable time
 */
export function summarizeThroughput(
  stepSeconds: readonly number[],
  batchSize: number,
  warmupSteps: number,
): Throughput | undefined {
  const stepsPerBlock = Math.max(1, Math.floor(stepSeconds.length / BLOCKS));
  const blockSeconds: number[] = [];
  for (let start = stepSeconds.length % stepsPerBlock; start < stepSeconds.length; start += stepsPerBlock) {
    blockSeconds.push(stepSeconds.slice(start, start + stepsPerBlock).reduce((sum, seconds) => sum + seconds, 0));
  }
  if (!blockSeconds.every((seconds) => seconds > 0)) return undefined;
  const speeds = blockSeconds.map((seconds) => (stepsPerBlock * batchSize) / seconds);
  const imagesPerSecond = median(speeds);
  const interval = medianInterval95(speeds);
  if (imagesPerSecond === undefined || interval === undefined) return undefined;
  const seconds = blockSeconds.reduce((sum, block) => sum + block, 0);
  return { imagesPerSecond, ...interval, blocks: blockSeconds.length, seconds, warmupSteps };
}
