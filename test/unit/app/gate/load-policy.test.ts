import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { loadPolicy } from '../../../../src/app/gate/load-policy.js';
import { CnnbenchError } from '../../../../src/core/errors.js';
import { LEDGER } from '../../../fixtures/ledger.js';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'cnnbench-policy-'));
});
afterEach(() => rm(folder, { recursive: true }));

const put = (name: string, text: string) => writeFile(join(folder, name), text);

/** What the user reads where a policy is refused. */
async function refusal(named?: string): Promise<string> {
  try {
    await loadPolicy(LEDGER.experiments, named, folder);
  } catch (error) {
    if (error instanceof CnnbenchError && error.code === 'E_BAD_POLICY') return error.message;
    throw error;
  }
  return 'accepted';
}

describe('loadPolicy', () => {
  test('without a file is the default', async () => {
    expect(await loadPolicy(LEDGER.experiments, undefined, folder)).toEqual({ policy: {} });
  });

  const gate = '{ strict: true, claims: { inconclusive: "ignore" as const } }';
  test.each([
    ['cnnbench.config.json', '{"gate": {"strict": true, "claims": {"inconclusive": "ignore"}}}'],
    ['cnnbench.config.ts', `interface Unused { a: number }\nexport default { gate: ${gate} };`],
    ['cnnbench.config.js', `module.exports = { gate: ${gate.replace(' as const', '')} };`],
    ['cnnbench.config.mjs', `export default { gate: ${gate.replace(' as const', '')} };`],
  ])('finds %s in the folder', async (name, text) => {
    await put(name, text);
    expect(await loadPolicy(LEDGER.experiments, undefined, folder)).toEqual({
      policy: { strict: true, claims: { inconclusive: 'ignore' }, rules: [] },
      path: name,
    });
  });

  test('takes the file that is named, whatever else is there', async () => {
    await put('cnnbench.config.json', 'broken');
    await put('strict.json', '{"gate": {"strict": true}}');
    expect(await loadPolicy(LEDGER.experiments, 'strict.json', folder)).toMatchObject({
      policy: { strict: true },
      path: 'strict.json',
    });
  });

  test('looks up the experiments of a rule: a suite, a pattern, an id', async () => {
    await put(
      'cnnbench.config.json',
      JSON.stringify({ gate: { rules: [{ experiment: 'cnn' }, { experiment: 'mlp-1*', minAccuracy: null }, {}] } }),
    );
    expect((await loadPolicy(LEDGER.experiments, undefined, folder)).policy.rules).toEqual([
      { experiments: ['cnn-1', 'cnn-2'] },
      { experiments: ['mlp-1', 'mlp-1-lr1e-4', 'mlp-1-sigmoid', 'mlp-1-deep'], minAccuracy: null },
      {},
    ]);
  });

  test.each([
    ['{"gate": {"strikt": true}}', 'cnnbench.config.json: gate: Unrecognized key: "strikt"'],
    [
      '{"gate": {"claims": {"inconclusive": "error"}}}',
      'cnnbench.config.json: gate.claims.inconclusive: Invalid option: expected one of "fail"|"warn"|"ignore"',
    ],
    [
      '{"gate": {"rules": [{}, {"minAccuracy": 85}]}}',
      'cnnbench.config.json: gate.rules[1].minAccuracy: Too big: expected number to be <=1',
    ],
    [
      '{"gate": {"rules": [{"experiment": "mlp-9*"}]}}',
      'cnnbench.config.json: gate.rules[0].experiment: there is no suite or experiment "mlp-9*"',
    ],
    ['{}', 'cnnbench.config.json: gate: Invalid input: expected object, received undefined'],
    ['[]', 'cnnbench.config.json: the whole: Invalid input: expected object, received array'],
  ])('refuses %s, naming the field', async (text, message) => {
    await put('cnnbench.config.json', text);
    expect(await refusal()).toContain(message);
  });

  test('refuses what is no JSON, naming the line where Node does', async () => {
    await put('cnnbench.config.json', '{\n  "gate": {"strict": true,,}\n}');
    expect(await refusal()).toMatch(/^cnnbench\.config\.json(:2:27)? is not valid JSON: /);
  });

  test('keeps what a program prints out of the result, and lets it not end the command', async () => {
    const printed = vi.spyOn(process.stderr, 'write').mockReturnValue(true);
    const result = vi.spyOn(process.stdout, 'write').mockReturnValue(true);
    await put('a.ts', 'process.stdout.write("mine"); export default { gate: {} };');
    expect(await loadPolicy(LEDGER.experiments, 'a.ts', folder)).toMatchObject({ path: 'a.ts' });
    process.stdout.write('the result');
    expect(printed.mock.calls).toEqual([['mine']]);
    expect(result.mock.calls).toEqual([['the result']]);
    vi.restoreAllMocks();
    await put('b.ts', 'process.exit(0);');
    expect(await refusal('b.ts')).toBe('b.ts could not be run: it calls process.exit(0)');
  });

  test('refuses a program that throws or is not one, with its own words', async () => {
    await put('cnnbench.config.ts', 'throw new Error("no such stage");');
    expect(await refusal()).toBe('cnnbench.config.ts could not be run: no such stage');
    await put('cnnbench.config.ts', 'export default {');
    expect(await refusal()).toMatch(/^cnnbench\.config\.ts could not be run: .*1:16/s);
    await put('cnnbench.config.ts', 'export const gate = 5;');
    expect(await refusal()).toMatch(/^cnnbench\.config\.ts: gate: Invalid input/);
  });

  test('refuses two files, and one that is not there', async () => {
    expect(await refusal('absent.json')).toMatch(/^cannot read absent\.json: ENOENT/);
    expect(await refusal('absent.ts')).toMatch(/^cannot read absent\.ts: ENOENT/);
    await put('cnnbench.config.json', '{"gate": {}}');
    await put('cnnbench.config.ts', 'export default { gate: {} };');
    expect(await refusal()).toMatch(/^found cnnbench\.config\.json and cnnbench\.config\.ts in /);
  });

  const page = readFileSync(join(import.meta.dirname, '../../../../docs/gate.md'), 'utf8');
  test.each([
    ['json', /```json\n(.*?)```/s],
    ['ts', /```ts\n(.*?)```/s],
  ])('takes the example of docs/gate.md in %s', async (extension, block) => {
    const [, example = ''] = block.exec(page) ?? [];
    await put(`cnnbench.config.${extension}`, example);
    const { policy } = await loadPolicy(LEDGER.experiments, undefined, folder);
    expect(policy.rules?.length).toBeGreaterThan(0);
  });
});
