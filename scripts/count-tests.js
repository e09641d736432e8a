// The last line of CI, `N passed, N failed`, and `, N skipped` where there are any: of `npm test` and `npm run test:slow`, each as vitest's
// reporter json wrote it, and of what failed beside them.
// usage: count-tests.js FAILURES TESTS.json EXIT SLOW.json EXIT
import { readFileSync } from 'node:fs';

/**
 * A test that a run left out by its tag was not skipped: the other run has it.
 *
 * @typedef {{ assertionResults: readonly { status: string, tags: readonly string[] }[], status: string }} TestFile
 * @param {readonly TestFile[]} files
 * @param {boolean} slow whether it was the run of the slow tests
 * @returns {{ passed: number, failed: number, skipped: number }}
 */
export function countTests(files, slow) {
  const tests = files
    .flatMap(({ assertionResults }) => assertionResults)
    .filter(({ tags }) => tags.includes('slow') === slow);
  const count = (...statuses) => tests.filter(({ status }) => statuses.includes(status)).length;
  // A file that could not be loaded has failed, too, but has no tests to count.
  const broken = files.filter(({ status, assertionResults }) => status === 'failed' && assertionResults.length === 0);
  const [passed, failed] = [count('passed'), count('failed')];
  return { passed, failed: failed + broken.length, skipped: tests.length - passed - failed };
}

/** A run that left no results has failed as a whole, and so has one whose exit code says more than its tests: an error between them. */
function readCounts(path, exit, slow) {
  try {
    const counts = countTests(JSON.parse(readFileSync(path, 'utf8')).testResults, slow);
    return { ...counts, failed: counts.failed === 0 && exit !== '0' ? 1 : counts.failed };
  } catch {
    process.stdout.write(`the tests left no results in ${path}\n`);
    return { passed: 0, failed: 1, skipped: 0 };
  }
}

if (import.meta.filename === process.argv[1]) {
  const [failures, tests, testsExit, slow, slowExit] = process.argv.slice(2);
  const runs = [readCounts(tests, testsExit, false), readCounts(slow, slowExit, true)];
  const sum = (what) => runs.reduce((total, counts) => total + counts[what], 0);
  const failed = sum('failed') + Number(failures);
  const skipped = sum('skipped');
  process.stdout.write(`${sum('passed')} passed, ${failed} failed${skipped > 0 ? `, ${skipped} skipped` : ''}\n`);
  process.exitCode = failed > 0 ? 1 : 0;
}
