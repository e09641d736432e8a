import { describe, expect, test } from 'vitest';
import { startContestant } from '../../../src/bench/start-contestant.js';
import { block } from './fixture.js';

const READY = `console.log(JSON.stringify({ type: 'ready', software: 'a script' }));`;
const BLOCK = JSON.stringify(block([0.5, 0.25]));
const ON_LINE = (act: string) => `process.stdin.on('data', (line) => { ${act} });`;

function script(text: string) {
  return startContestant({ file: process.execPath, args: ['-e', text] });
}

describe('a contestant that was started', () => {
  test('answers each request with a block, and ends with stdin', async () => {
    const contestant = await script(
      `${READY} ${ON_LINE(`console.log(JSON.stringify({ ...${BLOCK}, loss: JSON.parse(line).steps }))`)}`,
    );
    expect(contestant.software).toBe('a script');
    expect(await contestant.measure({ steps: 2, seconds: 0 })).toEqual(block([0.5, 0.25], { loss: 2 }));
    expect(await contestant.measure({ steps: 3, seconds: 0 })).toEqual(block([0.5, 0.25], { loss: 3 }));
    await contestant.end();
  });

  test.each([
    ['what it says of its failure', `console.log('{"type":"failed","message":"no PyTorch"}')`, 'no PyTorch'],
    ['its last words', `process.stderr.write('out of memory'); process.exitCode = 3`, '(code 3): out of memory'],
    [
      'what is not of the protocol',
      `console.log('Hello!'); setInterval(() => {}, 1000)`,
      'not of the protocol: a line that is not valid JSON: "Hello!"',
    ],
    ['a block out of turn', `console.log('${BLOCK}'); setInterval(() => {}, 1000)`, 'it was not ready, but said block'],
  ])('that never gets ready fails with %s', async (_, text, reason) => {
    await expect(script(text)).rejects.toThrow(reason);
  });

  test.each([
    ['fails', `console.log('{"type":"failed","message":"the loss became NaN"}')`, 'the loss became NaN'],
    ['dies', `process.exit(7)`, 'its process ended (code 7)'],
    ['gives no number', `console.log('${BLOCK.replace('2.3', 'null')}')`, 'not of the protocol'],
  ])('that %s in a block fails with the reason, and can still be ended', async (_, act, reason) => {
    const contestant = await script(`${READY} ${ON_LINE(act)}`);
    await expect(contestant.measure({ steps: 1, seconds: 0 })).rejects.toThrow(reason);
    await contestant.end();
  });

  test('that cannot be started says so', async () => {
    await expect(startContestant({ file: '/nonexistent/python3', args: [] })).rejects.toThrow(
      'it could not be started',
    );
  });
});
