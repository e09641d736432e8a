import { cp, mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { summarySchema } from '../../src/core/summary.js';
import { markerLines } from '../../src/report/blocks.js';
import { world } from './world.js';

/** A run on the scripted backend, which takes some allowing, and a page with a place for two tables. */
async function runAndPage(words: readonly string[] = ['ops', 'lenet-5', 'mlp-1', '--seeds', '3'], script = '') {
  const here = await world(script);
  await here.given(['run', ...words, '-b', 'fake', '--profile', 'smoke', '--out', 'my run'], script === '' ? 0 : 1);
  const page = join(here.cwd, 'README.md');
  await writeFile(page, PAGE);
  const publish = (...args: string[]) => here.call(['publish', 'my run', '--into', 'README.md', ...args]);
  const read = () => here.read('README.md');
  return { ...here, page, publish, read };
}

const PAGE = `# Mine\r\n\r\n${markerLines('counts').replace('\n', '\r\n')}\r\n\r\nBetween.\n\n${markerLines('provenance')}\nno newline at the end`;

/** Whether the build under test has a commit and no changes decides which of these are needed; the others do nothing. */
const ALLOWED = ['stand-in', 'dirty', 'unknown-commit'].flatMap((name) => ['--allow', name]);

describe('cnnbench publish', () => {
  test('refuses scripted results, names the way out, and touches nothing', async () => {
    const { publish, read, cwd } = await runAndPage();
    const { code, stdout, stderr } = await publish();
    expect(stderr).toMatch(/- stand-in: my run: \d+ cells \(.*\) were made on stand-in images/);
    expect(stderr).toMatch(/\[E_NOT_PUBLISHABLE\]\n.*--allow stand-in/);
    expect([code, stdout]).toEqual([2, '']);
    expect(await read()).toBe(PAGE);
    expect(await readdir(cwd)).not.toContain('results');
    const json = JSON.parse((await publish('--json')).stdout) as unknown;
    expect(json).toMatchObject({ error: { code: 'E_NOT_PUBLISHABLE' } });
  });

  test('puts the records beside the page, into its repository', async () => {
    const { cwd, call } = await runAndPage();
    const page = join('elsewhere', 'docs', 'page.md');
    await mkdir(join(cwd, 'elsewhere', 'docs'), { recursive: true });
    await mkdir(join(cwd, 'elsewhere', '.git'));
    await writeFile(join(cwd, page), PAGE);
    const folder = join('elsewhere', 'docs', 'results', 'published', 'my run');
    const { code, stdout } = await call(['publish', 'my run', '--into', page, ...ALLOWED]);
    expect([code, stdout]).toEqual([0, `${page}: counts, provenance\n${folder}\n`]);
    expect(await readFile(join(cwd, page), 'utf8')).toContain('(<results/published/my%20run/report.md>)');
    // Another page of that repository links to the same records; one of another gets its own.
    await writeFile(join(cwd, 'elsewhere', 'README.md'), PAGE);
    await call(['publish', folder, '--into', join('elsewhere', 'README.md'), ...ALLOWED]);
    expect(await readFile(join(cwd, 'elsewhere', 'README.md'), 'utf8')).toContain(
      '(<docs/results/published/my%20run/report.md>)',
    );
    await call(['publish', folder, '--into', 'README.md', ...ALLOWED]);
    expect(await readdir(join(cwd, 'results', 'published'))).toEqual(['my run']);
  });

  test('fills the blocks and nothing else, keeps the records, and does the same when done again', async () => {
    const { publish, read, cwd } = await runAndPage();
    const { code, stdout, stderr } = await publish(...ALLOWED);
    expect(stderr).toContain('caveat: ');
    expect([code, stdout]).toEqual([0, `README.md: counts, provenance\n${join('results', 'published', 'my run')}\n`]);
    const page = await read();
    expect(page).toMatch(/^# Mine\r\n\r\n<!-- cnnbench:counts -->\r\n\r\n> \*\*Caveat:\*\* .* stand-in images/);
    expect(page).toMatch(
      /\| all \| \d+ .*\r\n\r\n<!-- \/cnnbench:counts -->\r\n\r\nBetween\.\n\n<!-- cnnbench:provenance -->\n\n> /,
    );
    expect(page).toMatch(/\n<!-- \/cnnbench:provenance -->\nno newline at the end$/);
    expect(page).toContain('[my run](<results/published/my%20run/report.md>)');
    expect(page).toContain('`npx cnnbench run ops lenet-5 mlp-1 --seeds 3 -b fake --profile smoke`');

    const folder = join(cwd, 'results', 'published', 'my run');
    for (const name of await readdir(join(cwd, 'my run', 'records'))) {
      const [original, copy] = [join(cwd, 'my run'), folder].map((each) => readFile(join(each, 'records', name)));
      expect((await copy)?.equals((await original) as Buffer)).toBe(true);
    }
    const { cells, run } = summarySchema.parse(JSON.parse(await readFile(join(folder, 'summary.json'), 'utf8')));
    expect(cells).toHaveLength((await readdir(join(folder, 'records'))).length);
    expect(run.command).not.toContain('--out');
    expect(await readFile(join(folder, 'report.md'), 'utf8')).toContain('## Verdicts');

    const again = JSON.parse((await publish(...ALLOWED, '--json')).stdout) as unknown;
    expect(again).toMatchObject({ changed: false, tables: ['counts', 'provenance'] });
    expect(await read()).toBe(page);
    expect(await readdir(join(cwd, 'results', 'published'))).toEqual(['my run']);
  });

  test('publishes cells that failed as failures', { tags: 'slow' }, async () => {
    const { publish, read } = await runAndPage(['mlp-1', 'lenet-5', '--seeds', '3'], 'mlp-1=crash');
    expect((await publish(...ALLOWED)).code).toBe(0);
    expect(await read()).toContain('4 cells (3 crashed)');
  });

  test('never takes the folder of another run, nor one with other things', { tags: 'slow' }, async () => {
    const { publish, read, cwd } = await runAndPage();
    const other = join(cwd, 'other');
    await cp(join(cwd, 'my run'), other, { recursive: true });
    const manifest = await readFile(join(other, 'run.json'), 'utf8');
    await writeFile(join(other, 'run.json'), manifest.replace(/"id": "[^"]*"/, '"id": "another"'));
    await mkdir(join(cwd, 'things'));
    await writeFile(join(cwd, 'things', 'notes.txt'), 'mine');
    for (const [out, message] of [
      ['other', /other contains another run, another; my run is .* \[E_OUT_FOREIGN\]/],
      ['things', /things is not empty and contains no cnnbench run \[E_OUT_FOREIGN\]/],
    ] as const) {
      const { code, stderr } = await publish('--out', out, ...ALLOWED);
      expect(stderr).toMatch(message);
      expect(code).toBe(2);
    }
    expect(await readdir(join(cwd, 'things'))).toEqual(['notes.txt']);
    expect(await read()).toBe(PAGE);
  });

  test('of a folder that is published already makes its reports again', { tags: 'slow' }, async () => {
    const { publish, call, cwd, read } = await runAndPage();
    await publish('--out', 'published', ...ALLOWED);
    const page = await read();
    await writeFile(join(cwd, 'published', 'report.md'), 'old');
    const args = ['publish', 'published', '--into', 'README.md', '--out', 'published', ...ALLOWED];
    expect(await call(args)).toMatchObject({ code: 0 });
    expect(await read()).toBe(page);
    expect(await readFile(join(cwd, 'published', 'report.md'), 'utf8')).toContain('## Verdicts');
  });

  test('takes several runs as one, and refuses a cell that is in two of them', { tags: 'slow' }, async () => {
    const { cwd, given, read, publish } = await runAndPage(['ops-pooling']);
    await given(['run', 'lenet-5', '-b', 'fake', '--profile', 'smoke', '--out', 'second']);
    const { code, stdout } = await publish('second', ...ALLOWED);
    expect([code, stdout.split('\n').length]).toEqual([0, 4]);
    expect(await read()).toMatch(/\[my run\][^]*\[second\]/);
    await cp(join(cwd, 'my run'), join(cwd, 'third'), { recursive: true });
    const twice = await publish('third', ...ALLOWED);
    expect(twice.stderr).toContain('two of them have cell ops-pooling.fake.smoke.seed0');
    expect(twice.code).toBe(2);
  });

  test.each([
    [
      'without a place for a table',
      'text\n',
      /no block for a table \[E_USAGE\]\n.*:\n<!-- cnnbench:verdicts -->\n<!-- \/cnnbench:verdicts -->/,
    ],
    [
      'with a broken marker',
      'a\n<!-- cnnbench:counts -->\n',
      /README\.md:2: the block "counts" is not closed \[E_USAGE\]/,
    ],
    ['that is not UTF-8', Buffer.from([0x61, 0xff, 0x0a]), /README\.md: it is not UTF-8 \[E_USAGE\]/],
  ])('refuses a page %s', { tags: 'slow' }, async (_, text, message) => {
    const { publish, page } = await runAndPage(['lenet-5']);
    await writeFile(page, text);
    const { code, stderr } = await publish(...ALLOWED);
    expect(stderr).toMatch(message);
    expect(code).toBe(2);
    expect((await readFile(page)).equals(Buffer.from(text))).toBe(true);
  });
});
