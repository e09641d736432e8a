import { PassThrough } from 'node:stream';
import { describe, expect, test } from 'vitest';
import { CHANNEL_STDIO, encodeMessage, readMessages } from '../../../src/runner/channel.js';

/** What is received and refused of bytes that arrive in these chunks. */
async function read(chunks: readonly Buffer[], longestLine?: number) {
  const events: unknown[] = [];
  const channel = new PassThrough();
  const refuse = (problem: string) => events.push(`refused: ${problem}`);
  readMessages(channel, (message) => events.push(message), refuse, longestLine);
  for (const chunk of chunks) channel.write(chunk);
  await new Promise((resolve) => setImmediate(resolve));
  return events;
}

describe('the channel of a cell', () => {
  test('gives the same messages however their bytes are cut', async () => {
    const messages = [{ type: 'a', text: 'zwölf ≠ 12\n' }, [], 'x'];
    const bytes = Buffer.from(messages.map(encodeMessage).join(''));
    for (const size of [1, 2, 3, 7, bytes.length]) {
      const chunks = Array.from({ length: Math.ceil(bytes.length / size) }, (_, index) =>
        bytes.subarray(index * size, (index + 1) * size),
      );
      expect(await read(chunks)).toEqual(messages);
    }
  });
  test('can be written while it is read, on Windows too', () => {
    // A mere 'pipe' blocks writes there as long as a read waits: nodejs/node#29238.
    expect(CHANNEL_STDIO[3]).toBe('overlapped');
  });
  test('keeps an unfinished message to itself', async () => {
    expect(await read([Buffer.from('{"a":1}\n{"a":')])).toEqual([{ a: 1 }]);
  });
  test('refuses a line that is not JSON, and reads nothing after it', async () => {
    const events = await read([Buffer.from('1\n{]\n2\n'), Buffer.from('3\n')]);
    expect(events).toEqual([1, 'refused: a line that is not valid JSON: "{]"']);
  });
  test('refuses a message without an end as soon as it is too long', async () => {
    const chunk = Buffer.alloc(2 ** 20, 'x');
    expect(await read([chunk, chunk, chunk], 2 ** 20)).toEqual(['refused: a message of more than 1 MiB']);
  });
});
