import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { countTests } from '../../../scripts/count-tests.js';
import { slowTestsTable } from '../../../scripts/write-slow-tests.js';

const ROOT = fileURLToPath(new URL('../../../', import.meta.url));

/** As the reporter json of vitest has it. */
const file = (name: string, ...assertionResults: { status: string; tags: string[]; duration?: number }[]) => ({
  ...{ name: join(ROOT, name), status: 'passed', endTime: 64_000, assertionResults },
});

describe('the last line of CI', () => {
  const files = [
    file('a', { status: 'passed', tags: [] }, { status: 'skipped', tags: ['slow'] }, { status: 'skipped', tags: [] }),
    file('b', { status: 'failed', tags: [] }, { status: 'skipped', tags: ['slow'] }),
  ];

  test('takes no test for skipped that the other run has', () => {
    expect(countTests(files, false)).toEqual({ passed: 1, failed: 1, skipped: 1 });
    expect(countTests(files, true)).toEqual({ passed: 0, failed: 0, skipped: 2 });
  });

  test('counts a file that could not be loaded as a failure', () => {
    expect(countTests([{ ...file('a'), status: 'failed' }], false)).toEqual({ passed: 0, failed: 1, skipped: 0 });
  });
});

describe('the table of slow tests in CONTRIBUTING.md', () => {
  test('has the slow tests of each file, the longest first, and the time of them all', () => {
    const table = slowTestsTable({
      startTime: 0,
      testResults: [
        file(
          'test/system/a.test.ts',
          { status: 'passed', tags: ['slow'], duration: 1400 },
          { status: 'skipped', tags: [] },
        ),
        file('test/system/b.test.ts', ...[1, 2].map(() => ({ status: 'passed', tags: ['slow'], duration: 30_000 }))),
        file('test/system/c.test.ts', { status: 'skipped', tags: [] }),
      ],
    });
    expect(table.split('\n').slice(2, 5)).toEqual([
      '| `npx vitest run --tags-filter=slow test/system/b.test.ts` | 2 | 60 |',
      '| `npx vitest run --tags-filter=slow test/system/a.test.ts` | 1 | 1 |',
      '| `npm run test:slow` | 3 | 64 |',
    ]);
  });

  test('has every file that marks a test as slow, and none that is gone', () => {
    const page = readFileSync(join(ROOT, 'CONTRIBUTING.md'), 'utf8');
    const listed = [...page.matchAll(/--tags-filter=slow (test\/\S+)`/g)].map(([, path]) => path as string);
    expect(listed.filter((path) => !existsSync(join(ROOT, path)))).toEqual([]);
    const marking = readdirSync(join(ROOT, 'test'), { recursive: true, encoding: 'utf8' })
      .filter((name) => /^(conformance|faults|gate|system)\/.*\.test\.ts$/.test(name))
      .filter((name) =>
        /tags: .*'slow'|@module-tag slow|testTable\(/.test(readFileSync(join(ROOT, 'test', name), 'utf8')),
      );
    expect(marking.filter((name) => !listed.includes(`test/${name}`))).toEqual([]);
  });
});
