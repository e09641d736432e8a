// Asks `npm audit` for the production dependencies and fails on each advisory that SECURITY.md does not explain by its GHSA id.
// Where the audit service cannot be asked, that is an error too: nothing was checked.
import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { pathToFileURL } from 'node:url';

/**
 * Advisories of a report of `npm audit --json`, each with the package that has it.
 *
 * @param {unknown} report
 * @returns {{ package: string, title: string, url: string }[]}
 */
export function advisoriesOf(report) {
  if (typeof report?.vulnerabilities !== 'object') throw new Error(report?.message ?? 'npm audit gave no report');
  return Object.values(report.vulnerabilities).flatMap(({ via }) =>
    // A string names the package below, which has an entry of its own.
    via.flatMap((cause) =>
      typeof cause === 'string' ? [] : [{ package: cause.name, title: cause.title, url: cause.url }],
    ),
  );
}

/**
 * Those of them that a text does not name.
 *
 * @template {{ url: string }} T
 * @param {readonly T[]} advisories
 * @param {string} text
 * @returns {T[]}
 */
export function unexplained(advisories, text) {
  return advisories.filter(({ url }) => {
    const id = /GHSA(-[0-9a-z]{4}){3}/.exec(url)?.[0];
    return id === undefined || !text.includes(id);
  });
}

function main() {
  const { stdout, stderr } = spawnSync('npm', ['audit', '--omit=dev', '--json'], { encoding: 'utf8' });
  let advisories;
  try {
    advisories = advisoriesOf(JSON.parse(stdout));
  } catch (error) {
    process.stderr.write(`npm audit could not be asked: ${error.message}\n${stderr}`);
    process.exitCode = 1;
    return;
  }
  const news = unexplained(advisories, readFileSync(new URL('../SECURITY.md', import.meta.url), 'utf8'));
  for (const { package: name, title, url } of news) {
    process.stdout.write(`not explained in SECURITY.md: ${name}: ${title} ${url}\n`);
  }
  process.stdout.write(
    `${advisories.length} advisories of production dependencies, ${news.length} of them not explained\n`,
  );
  if (news.length > 0) process.exitCode = 1;
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) main();
