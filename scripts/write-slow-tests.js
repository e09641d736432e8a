// CONTRIBUTING.md, between its two markers: what npm test leaves out, file by file, with the command and its seconds.
// usage: npm run test:slow -- --reporter=json --outputFile=slow.json && node scripts/write-slow-tests.js slow.json
import { readFileSync, writeFileSync } from 'node:fs';
import { cpus } from 'node:os';
import { relative } from 'node:path';
import { fileURLToPath } from 'node:url';

const ROOT = fileURLToPath(new URL('..', import.meta.url));
const PAGE = new URL('../CONTRIBUTING.md', import.meta.url);
const BLOCK = /(<!-- slow-tests -->\n)[^]*?(<!-- \/slow-tests -->)/;

/**
 * @param {{ startTime: number, testResults: readonly { name: string, endTime: number, assertionResults: readonly { duration?: number, tags: readonly string[] }[] }[] }} results
 * @returns {string} Markdown
 */
export function slowTestsTable({ startTime, testResults }) {
  const files = testResults
    .map(({ name, assertionResults }) => {
      const slow = assertionResults.filter(({ tags }) => tags.includes('slow'));
      const seconds = slow.reduce((sum, { duration = 0 }) => sum + duration / 1000, 0);
      return { path: relative(ROOT, name), tests: slow.length, seconds };
    })
    .filter(({ tests }) => tests > 0)
    .toSorted((left, right) => right.seconds - left.seconds || left.path.localeCompare(right.path));
  const sum = (of) => files.reduce((total, file) => total + of(file), 0);
  const wall = (Math.max(...testResults.map(({ endTime }) => endTime)) - startTime) / 1000;
  const row = ({ path, tests, seconds }) =>
    `| \`npx vitest run --tags-filter=slow ${path}\` | ${tests} | ${seconds.toFixed(0)} |`;
  return [
    '| command | tests | seconds |',
    '| --- | ---: | ---: |',
    ...files.map(row),
    `| \`npm run test:slow\` | ${sum(({ tests }) => tests)} | ${wall.toFixed(0)} |`,
    '',
    `Measured on ${cpus().length} cores (${cpus()[0]?.model.trim()}), ${new Date(startTime).toISOString().slice(0, 10)}. A row adds up the tests of its file; the last one is the time of the whole, whose files`,
    'run side by side.',
    '',
  ].join('\n');
}

if (import.meta.filename === process.argv[1]) {
  const table = slowTestsTable(JSON.parse(readFileSync(process.argv[2], 'utf8')));
  writeFileSync(
    PAGE,
    readFileSync(PAGE, 'utf8').replace(BLOCK, (_, start, end) => `${start}\n${table}\n${end}`),
  );
}
