import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { expect, test } from 'vitest';

const PROGRAM = fileURLToPath(new URL('../fixtures/wasm/mobilenet.mjs', import.meta.url));

interface Result {
  readonly before: number[];
  readonly after: number[];
  readonly accuracy: number;
}

async function run(kernels: string): Promise<Result> {
  const { stdout } = await promisify(execFile)(process.execPath, [PROGRAM, kernels], { timeout: 240_000 });
  return JSON.parse(stdout.trim().split('\n').at(-1) as string) as Result;
}

test('a small MobileNet is fine-tuned as on the pure-JavaScript backend', { tags: 'slow' }, async () => {
  const oracle = await run('cpu');
  for (const kernels of ['module', 'xnnpack']) {
    const { before, after, accuracy } = await run(kernels);
    // Nine epochs, three steps each: rounding errors grow.
    const errors = [...before, ...after].map((loss, epoch) =>
      Math.abs(loss - ([...oracle.before, ...oracle.after][epoch] as number)),
    );
    expect(Math.max(...errors)).toBeLessThan(1e-3);
    expect(after.at(-1)).toBeLessThan((after[0] as number) / 2);
    expect(accuracy).toBeGreaterThan(0.9);
  }
});
