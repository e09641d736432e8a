import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { temporaryFolder } from '../fixtures/temporary-folder.js';
import { cnnbench } from './cnnbench.js';
import { world } from './world.js';

describe('cnnbench report', () => {
  test.each([
    ['a file that is no JSON', 'oops', 'E_RECORD_INVALID'],
    ['JSON that is no record', '{"schemaVersion":99}', 'E_RECORD_INVALID'],
  ])('refuses %s', async (_, content, code) => {
    const path = join(await temporaryFolder(), 'record.json');
    await writeFile(path, content);
    const result = await cnnbench(['report', path]);
    expect([result.code, result.stderr]).toEqual([2, expect.stringContaining(code)]);
  });
  test('refuses a path that is not there', async () => {
    const { code, stderr } = await cnnbench(['report', 'nowhere']);
    expect([code, stderr]).toEqual([2, expect.stringContaining('E_RECORD_NOT_FOUND')]);
  });
  test('renders every format of a run, and of a single record', async () => {
    const { given } = await world();
    await given(['run', 'lenet-5', 'mlp-1', '--backend', 'fake', '--profile', 'smoke', '--out', 'out']);
    for (const path of ['out', 'out/summary.json', 'out/records/lenet-5.fake.smoke.seed0.json']) {
      const outputs = await Promise.all(
        ['terminal', 'markdown', 'json', 'junit'].map((format) => given(['report', path, '--format', format])),
      );
      const [terminal, markdown, json, junit] = outputs.map(({ stdout }) => stdout) as [string, string, string, string];
      expect(terminal).toContain('LeNet-5: Architecture in table');
      expect(markdown).toContain('# ');
      expect(JSON.parse(json)).toHaveProperty('claims');
      expect(junit).toMatch(/^<\?xml/);
    }
  });
});
