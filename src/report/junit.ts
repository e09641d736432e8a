import { xml } from './escape.js';
import type { Renderer } from './format.js';
import { testCases, type Kind, type TestCase } from './sections/test-cases.js';

/** JUnit XML as CI servers read it. */
export const renderJunit: Renderer = (summary, options) => {
  const cases = testCases(summary, options);
  const suites = [...new Set(cases.map(({ suite }) => suite))].map((suite) => ({
    name: suite,
    cases: cases.filter((each) => each.suite === suite),
  }));
  const lines = [
    '<?xml version="1.0" encoding="UTF-8"?>',
    `<testsuites name="cnnbench" ${totals(cases)}>`,
    ...suites.flatMap(({ name, cases: own }) => [
      `  <testsuite name="${xml(name)}" errors="0" ${totals(own)} timestamp="${xml(summary.run.startedAt)}">`,
      ...own.flatMap(caseLines),
      '  </testsuite>',
    ]),
    '</testsuites>',
  ];
  return { text: `${lines.join('\n')}\n`, files: [] };
};

function totals(cases: readonly TestCase[]): string {
  const count = (kind: Kind) => cases.filter(({ problem }) => problem?.kind === kind).length;
  const seconds = cases.reduce((sum, each) => sum + each.seconds, 0);
  return `tests="${cases.length}" failures="${count('failure')}" skipped="${count('skipped')}" time="${seconds.toFixed(3)}"`;
}

function caseLines({ suite, name, seconds, problem }: TestCase): readonly string[] {
  const opening = `    <testcase classname="${xml(suite)}" name="${xml(name)}" time="${seconds.toFixed(3)}"`;
  if (problem === undefined) return [`${opening}/>`];
  const { kind, type, message } = problem;
  const attributes = kind === 'failure' ? `type="${xml(type)}" message="${xml(message)}"` : `message="${xml(message)}"`;
  return [`${opening}>`, `      <${kind} ${attributes}/>`, '    </testcase>'];
}
