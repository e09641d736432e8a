// README.md, between its two markers: what `cnnbench claims` prints; and docs/curves.svg, drawn from a published run.
// usage: npm run build && node scripts/write-readme.js
import { execFileSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const at = (path) => new URL(`../${path}`, import.meta.url);
const BLOCK = /(<!-- output -->\n)[^]*?(<!-- \/output -->)/;
const PUBLISHED = 'results/published/full-wasm/summary.json';
const EXPERIMENTS = ['mlp-2', 'mlp-3', 'mlp-4'];

export const ARGS = ['claims', '--deck', '004'];

/**
 * One erratum and the conclusion, of all that the command prints.
 * @param {string} stdout
 * @returns {string} the block of README.md
 */
export function excerpt(stdout) {
  const lines = stdout.trimEnd().split('\n');
  const start = lines.findIndex((line) => line.includes('Inputs of FC4'));
  const indent = (line) => line.length - line.trimStart().length;
  const after = lines.slice(start + 1).findIndex((line) => indent(line) <= indent(lines[start]));
  const shown = [...lines.slice(start, start + 1 + after), '  ...', '', lines.at(-1)];
  return ['', '```', `$ npx cnnbench ${ARGS.join(' ')}`, ...shown, '```', ''].join('\n');
}

/** The curves of three MLPs against the numbers on the slides, as the Markdown report draws them. */
export async function curves() {
  const { renderReport } = await import(at('dist/report/render.js').href);
  const summary = JSON.parse(readFileSync(at(PUBLISHED), 'utf8'));
  const cells = summary.cells.filter(({ experiment }) => EXPERIMENTS.includes(experiment));
  const { files } = renderReport({ ...summary, cells }, 'markdown', {});
  const [chart] = files;
  return chart.text;
}

if (import.meta.filename === process.argv[1]) {
  const stdout = execFileSync(process.execPath, [fileURLToPath(at('bin/run.js')), ...ARGS], {
    encoding: 'utf8',
    env: { ...process.env, NO_COLOR: '1' },
  });
  const page = readFileSync(at('README.md'), 'utf8');
  writeFileSync(
    at('README.md'),
    page.replace(BLOCK, (_, open, close) => `${open}${excerpt(stdout)}\n${close}`),
  );
  writeFileSync(at('docs/curves.svg'), await curves());
}
