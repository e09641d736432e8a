import { messageOf } from '../core/errors.js';
import type { Contestant, Workload } from './contestant.js';

import type { Block, BlockRequest } from './protocol.js';
import type { RunningContestant } from './start-contestant.js';

/**
 * How long everybody rests after a block, seconds. OpenBLAS's threads look for work for 0.07 s after the last they did,
 * on the processor that the next contestant is measured on.
 */
export const REST_SECONDS = 0.1;

/** A step that takes as long as this is a block of its own, seconds. */
const LONG_STEP = 4;

/** What is asked of every contestant of a workload. */
export interface MeasureOptions {
  /** Measured blocks of each contestant; one more comes before, to warm up. */
  readonly blocks: number;
  /** Least length of a block; one step is enough if it is a long one. */
  readonly block: BlockRequest;
  /** Resolves after `REST_SECONDS`. */
  readonly rest: () => Promise<unknown>;
  /** Whether a last block shows the time inside kernels, for contestants that can. */
  readonly traced: (contestant: Contestant) => boolean;
}

/** What a contestant did on a workload: all its blocks, or why there are none. */
export type ContestantResult =
  | {
      readonly contestant: Contestant;
      readonly outcome: 'measured';
      readonly software: string;
      readonly warmUp: Block;
      /** In the order of the rounds. */
      readonly blocks: readonly Block[];
      /** With `kernelSeconds`; not among `blocks`. */
      readonly traced?: Block;
    }
  | { readonly contestant: Contestant; readonly outcome: 'failed'; readonly reason: string };

export interface WorkloadResult {
  readonly workload: Workload;
  readonly results: readonly ContestantResult[];
}

/**
 * Measures contestants against each other: a round is one block of each, in an order that changes from round to round.
 * One computes at a time, the others wait. A contestant that fails leaves; the others go on.
 *
 * @param open starts a contestant
 * @param report told what is being done, one line
 */
export async function measureWorkload(
  workload: Workload,
  contestants: readonly Contestant[],
  options: MeasureOptions,
  open: (contestant: Contestant, workload: Workload) => Promise<RunningContestant>,
  report: (line: string) => void,
): Promise<WorkloadResult> {
  const name = `${workload.experiment}, batch ${workload.batch}`;
  const runners = contestants.map((contestant) => ({
    contestant,
    running: undefined as RunningContestant | undefined,
    blocks: [] as Block[],
    traced: undefined as Block | undefined,
    reason: undefined as string | undefined,
  }));
  type Runner = (typeof runners)[number];
  const attempt = async (runner: Runner, act: () => Promise<void>) => {
    if (runner.reason !== undefined) return;
    try {
      await act();
    } catch (error) {
      runner.reason = messageOf(error);
      report(`${name}: ${runner.contestant.name} failed: ${runner.reason}`);
    }
  };
  const ask = async ({ running, blocks: [warmUp] }: Runner, more: Partial<BlockRequest> = {}) => {
    const isLong = (warmUp?.stepSeconds.at(-1) ?? 0) >= LONG_STEP;
    const request = { ...options.block, ...(isLong && { steps: 1 }), ...more };
    const answer = await (running as RunningContestant).measure(request);
    await options.rest();
    return answer;
  };
  const block = (runner: Runner) => attempt(runner, async () => void runner.blocks.push(await ask(runner)));

  for (const runner of runners) {
    report(`${name}: warming up ${runner.contestant.name}`);
    await attempt(runner, async () => void (runner.running = await open(runner.contestant, workload)));
    await block(runner);
  }
  for (let round = 0; round < options.blocks; round++) {
    report(`${name}: round ${round + 1} of ${options.blocks}`);
    for (const runner of orderOf(runners, round)) await block(runner);
  }
  for (const runner of runners.filter(({ contestant }) => options.traced(contestant))) {
    await attempt(runner, async () => void (runner.traced = await ask(runner, { trace: true })));
  }
  for (const { running } of runners) await running?.end();

  return {
    workload,
    results: runners.map(({ contestant, running, blocks: [warmUp, ...blocks], traced, reason }) =>
      reason === undefined && running !== undefined && warmUp !== undefined
        ? {
            contestant,
            outcome: 'measured',
            software: running.software,
            warmUp,
            blocks,
            ...(traced && { traced }),
          }
        : { contestant, outcome: 'failed', reason: reason ?? 'it gave no block' },
    ),
  };
}

/** The order of a round: every second one is reversed (ABBA), every two the first one moves to the end. */
export function orderOf<T>(items: readonly T[], round: number): readonly T[] {
  const first = Math.floor(round / 2) % Math.max(1, items.length);
  const rotated = [...items.slice(first), ...items.slice(0, first)];
  return round % 2 === 0 ? rotated : rotated.toReversed();
}
