import { parseContestant } from '../../../src/bench/contestant.js';
import type { ContestantResult, WorkloadResult } from '../../../src/bench/measure.js';
import type { Block } from '../../../src/bench/protocol.js';

/** A block of steps of these lengths, seconds, that kept one processor busy. */
export function block(stepSeconds: number[], more: Partial<Block> = {}): Block {
  const cpuSeconds = stepSeconds.reduce((total, seconds) => total + seconds, 0);
  return { type: 'block', stepSeconds, loss: 2.3, cpuSeconds, idleCpuSeconds: 0, ...more };
}

export function measured(name: string, blocks: Block[], traced?: Block): ContestantResult {
  return {
    contestant: parseContestant(name),
    outcome: 'measured',
    software: `the software of ${name}`,
    warmUp: block([9]),
    blocks,
    ...(traced && { traced }),
  };
}

export function failed(name: string, reason: string): ContestantResult {
  return { contestant: parseContestant(name), outcome: 'failed', reason };
}

export function workload(experiment: string, batch: number, results: ContestantResult[]): WorkloadResult {
  return { workload: { experiment, batch }, results };
}
