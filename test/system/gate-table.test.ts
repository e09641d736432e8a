import { readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { world } from './world.js';

/** A row of "Every ending" in docs/gate.md. */
interface Row {
  readonly situation: string;
  /** Exit codes of `run`, `run --gate`, `gate` and `gate --strict`. */
  readonly codes: readonly number[];
  readonly words: string;
}

/** How a situation comes about. */
interface Making {
  readonly command?: string;
  /** What the scripted backend does, and what the folder has afterwards. */
  readonly script?: string;
  readonly policy?: object;
  readonly record?: (record: { readonly environment: object }) => object | undefined;
}

const RULE = { experiment: 'mlp-1-deep', minAccuracy: 0.99 };
const BOTH = 'run mlp-1-deep mlp-1-sigmoid --profile full';
const FIRST = 'mlp-1-deep.fake.full.seed1.json';

const MAKINGS: Readonly<Record<string, Making>> = {
  passed: {},
  failed: { command: 'run mlp-1 --profile smoke', script: 'mlp-1=0.9' },
  inconclusive: { command: 'run mlp-1 --profile smoke', script: 'mlp-1=0.12' },
  'unsupported or skipped, beside others': { script: 'mlp-1-deep=unsupported' },
  'crashed, beside others': { script: 'mlp-1-deep=crash' },
  'diverged in a sweep': { command: 'sweep mlp-1 --lr 3e-4,1e-3 --profile full', script: 'mlp-1@lr=3e-4=diverge' },
  'threshold of a rule, stand-in': { policy: { rules: [RULE] } },
  'threshold of a rule, no result': { script: 'mlp-1-deep=unsupported', policy: { rules: [RULE] } },
  'unused rule': { policy: { rules: [{ ...RULE, backend: 'wasm' }] } },
  'unused rule, `notJudged` is `warn`': {
    policy: { rules: [{ ...RULE, backend: 'wasm', thresholds: { notJudged: 'warn' } }] },
  },
  'other build': { record: ({ environment }) => ({ environment: { ...environment, cnnbench: '0.0.9' } }) },
  'other recipe': { record: () => ({ recipeSha256: 'b'.repeat(64) }) },
  'record missing': { record: () => undefined },
  'nothing run': { script: 'mlp-1-deep=unsupported,mlp-1-sigmoid=unsupported' },
};

/** Of which every test run asks; the others are slow. */
const ALWAYS = ['failed', 'unused rule', 'nothing run'];

const rows = rowsOf(await readFile(fileURLToPath(new URL('../../docs/gate.md', import.meta.url)), 'utf8'));

function rowsOf(page: string): readonly Row[] {
  const [, section = ''] = page.split('## Every ending');
  return section.split('\n').flatMap((line): readonly Row[] => {
    const [situation = '', ...cells] = line
      .split('|')
      .slice(1, -1)
      .map((cell) => cell.trim());
    if (cells.length !== 5 || !/^\d$/.test(cells[0] ?? '')) return [];
    return [{ situation, codes: cells.slice(0, 4).map(Number), words: cells[4] ?? '' }];
  });
}

test('docs/gate.md and this test have the same situations', () => {
  expect(rows.map(({ situation }) => situation)).toEqual(Object.keys(MAKINGS));
});

for (const row of rows) {
  test(`${row.situation}: as docs/gate.md says`, { tags: ALWAYS.includes(row.situation) ? [] : ['slow'] }, () =>
    walk(row, MAKINGS[row.situation] ?? {}),
  );
}

async function walk({ codes, words }: Row, { command = BOTH, script, policy = {}, record }: Making): Promise<void> {
  const { call, cwd, out } = await world(script);
  const [ofRun, ofRunGate, ofGate, ofStrict] = codes;
  const step = { summary: join(cwd, 'step.md'), output: join(cwd, 'step') };
  const github = { GITHUB_ACTIONS: 'true', GITHUB_STEP_SUMMARY: step.summary, GITHUB_OUTPUT: step.output };
  const flags = ['-b', 'fake', '--seeds', '1', '--out', 'out'];

  /** A gate in one of its forms: its exit code, and its words wherever they belong. */
  const gated = async (args: readonly string[], code: number | undefined, said: boolean) => {
    const json = args.includes('--json');
    await Promise.all([rm(step.summary, { force: true }), rm(step.output, { force: true })]);
    const result = await call(args, github);
    const shown = args.join(' ');
    expect(result.code, shown).toBe(code);
    const spoken = json || args[0] === 'run' ? result.stderr : result.stdout;
    const summary = await readFile(step.summary, 'utf8');
    if (said) for (const text of [spoken, summary]) expect(flat(text), shown).toContain(words);
    expect(flat(spoken), shown).toMatch(code === 0 ? /The gate passes/ : /The gate fails|Nothing was judged/);
    expect(/^::error /m.test(result.stderr), shown).toBe(code !== 0);
    expect(await readFile(step.output, 'utf8')).toContain(`gate=${code === 0 ? 'passed' : 'failed'}\n`);
    if (!json) return;
    const printed = JSON.parse(result.stdout) as { passed?: boolean; gate?: { passed: boolean } };
    expect((printed.gate ?? printed).passed, shown).toBe(code === 0);
  };

  expect((await call([...command.split(' '), ...flags])).code).toBe(ofRun);
  if (record !== undefined) {
    const path = join(out, 'records', FIRST);
    const made = JSON.parse(await readFile(path, 'utf8')) as { environment: object };
    const changed = record(made);
    await (changed === undefined ? rm(path) : writeFile(path, JSON.stringify({ ...made, ...changed })));
  }
  await writeFile(join(cwd, 'cnnbench.config.json'), JSON.stringify({ gate: policy }));
  await gated(['gate', 'out'], ofGate, true);
  await gated(['gate', 'out', '--json'], ofGate, true);
  await gated(['gate', 'out', '--strict', '--json'], ofStrict, true);
  // What goes on makes good what was missing: then there is nothing to say.
  const goesOn = ['run', '--resume', 'out', '--gate'];
  await gated(goesOn, ofRunGate, ofRunGate === ofGate);
  await gated([...goesOn, '--json'], ofRunGate, ofRunGate === ofGate);
  const left = await call(['gate', 'out', '--strict']);
  await gated([...goesOn, '--strict', '--json'], left.code ?? undefined, false);
}

function flat(text: string): string {
  return text.replaceAll(/\s+/g, ' ');
}
