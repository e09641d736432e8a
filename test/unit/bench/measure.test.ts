import { describe, expect, test } from 'vitest';
import { parseContestant } from '../../../src/bench/contestant.js';
import type { RunningContestant } from '../../../src/bench/start-contestant.js';
import { measureWorkload, orderOf } from '../../../src/bench/measure.js';
import type { BlockRequest } from '../../../src/bench/protocol.js';
import { block } from './fixture.js';

const WORKLOAD = { experiment: 'mlp-2', batch: 64 };
const BLOCK = { steps: 2, seconds: 0.5 };

/** Scripted contestants, and the order in which they were asked. `failing`: contestant -> the block that fails, from 0. */
function scripted(failing: Record<string, number>, stepSeconds: number[]) {
  const requests: BlockRequest[] = [];
  const said: string[] = [];
  let computing = 0;
  const open = async ({ name }: { name: string }): Promise<RunningContestant> => {
    if (failing[name] === -1) throw new Error(`${name} cannot start`);
    let asked = 0;
    return {
      software: name,
      async measure(request) {
        requests.push(request);
        expect(computing).toBe(0);
        computing++;
        await new Promise((resolve) => setImmediate(resolve));
        computing--;
        said.push(request.trace === true ? `trace ${name}` : name);
        if (failing[name] === asked) throw new Error(`${name} broke`);
        asked++;
        return block(stepSeconds, { loss: asked });
      },
      end: async () => void said.push(`end ${name}`),
    };
  };
  return { said, requests, open };
}

async function measureScripted(
  names: string[],
  blocks: number,
  failing: Record<string, number> = {},
  stepSeconds = [1, 1],
) {
  const { said, requests, open } = scripted(failing, stepSeconds);
  const lines: string[] = [];
  const traced = ({ backend }: { backend: string }) => backend === 'wasm';
  const rest = async () => void said.push('rest');
  const options = { blocks, block: BLOCK, rest, traced };
  const contestants = names.map(parseContestant);
  const { results } = await measureWorkload(WORKLOAD, contestants, options, open, (line) => lines.push(line));
  return { said, requests, lines, results };
}

describe('measuring a workload', () => {
  test('warms all up, then goes round by round, one at a time, with a rest after each, and traces last', async () => {
    const { said } = await measureScripted(['wasm-1', 'torch-1'], 2);
    const rounds = ['wasm-1', 'torch-1', 'torch-1', 'wasm-1'];
    const blocks = ['wasm-1', 'torch-1', ...rounds, 'trace wasm-1'];
    expect(said).toEqual([...blocks.flatMap((name) => [name, 'rest']), 'end wasm-1', 'end torch-1']);
  });

  test('keeps the warm-up and the traced block apart from the measured ones', async () => {
    const { results } = await measureScripted(['wasm-1'], 2);
    const [warmUp, ...blocks] = [1, 2, 3, 4].map((loss) => block([1, 1], { loss }));
    const traced = blocks.pop();
    expect(results).toEqual([
      { contestant: parseContestant('wasm-1'), outcome: 'measured', software: 'wasm-1', warmUp, blocks, traced },
    ]);
  });

  test.each([
    ['seconds', [9, 3.9], [2, 2, 2]],
    ['long steps', [9, 4], [2, 1, 1]],
  ])('asks for as many steps as a block needs, in steps of %s', async (_, stepSeconds, steps) => {
    const { requests } = await measureScripted(['torch-1'], 2, {}, stepSeconds);
    expect(requests.map((request) => request.steps)).toEqual(steps);
    expect(requests.map(({ seconds }) => seconds)).toEqual([0.5, 0.5, 0.5]);
  });

  test.each([
    ['at the start', -1, 'torch-1 cannot start'],
    ['while it warms up', 0, 'torch-1 broke'],
    ['in the last round', 2, 'torch-1 broke'],
  ])('goes on without a contestant that fails %s, and says why', async (_, at, reason) => {
    const { results, lines, said } = await measureScripted(['torch-1', 'wasm-1'], 2, { 'torch-1': at });
    expect(results[0]).toEqual({ contestant: parseContestant('torch-1'), outcome: 'failed', reason });
    expect(results[1]).toMatchObject({ outcome: 'measured', blocks: [2, 3].map((loss) => block([1, 1], { loss })) });
    expect(lines).toContain(`mlp-2, batch 64: torch-1 failed: ${reason}`);
    expect(said).toContain('end wasm-1');
  });
});

test('the order of the rounds puts everyone first and last equally often', () => {
  const rounds = Array.from({ length: 6 }, (_, round) => orderOf(['a', 'b', 'c'], round).join(''));
  expect(rounds).toEqual(['abc', 'cba', 'bca', 'acb', 'cab', 'bac']);
});
