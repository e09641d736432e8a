import { expect, test } from 'vitest';
import { COMMON, KERAS_CASES, PYTORCH_CASES, type Case } from './trajectories/cases.js';
import { errorOf } from './trajectories/error.js';
import { problemOf, type Answer } from './trajectories/problem.js';
import { ask, hasReference, readGolden, writeGolden, type Reference } from './trajectories/python.js';
import { SEED } from './trajectories/suite.js';

/** Frameworks and their versions round otherwise. */
const TOLERANCE = 1e-5;

const problemsOf = (cases: readonly Case[]) => cases.map((wanted) => problemOf(wanted, SEED));

function needs(reference: Reference, skip: (note: string) => void): void {
  if (!hasReference(reference)) skip(`no Python with ${reference}; CNNBENCH_PYTHON names one`);
}

/** CNNBENCH_WRITE_GOLDEN=1 keeps what the frameworks compute; else it has to be what is kept. */
test.for([
  ['pytorch', PYTORCH_CASES],
  ['keras', KERAS_CASES],
] as const)('the golden trajectories are those of %s', { tags: 'slow' }, ([reference, cases], { skip }) => {
  needs(reference, skip);
  const problems = problemsOf(cases);
  const reply = ask(reference, problems);
  if (process.env['CNNBENCH_WRITE_GOLDEN'] !== undefined) writeGolden(reference, problems, reply);
  const golden = readGolden(reference)?.answers ?? {};
  expect(Object.keys(golden)).toEqual(problems.map(({ name }) => name));
  for (const [index, { name }] of problems.entries()) {
    expect(errorOf(reply.answers[index] as Answer, golden[name] as Answer), name).toBeLessThan(TOLERANCE);
  }
});

test('Keras takes the steps of PyTorch where both compute the same', { tags: 'slow' }, ({ skip }) => {
  needs('keras', skip);
  const { answers } = ask('keras', problemsOf(COMMON));
  const golden = readGolden('pytorch')?.answers ?? {};
  for (const [index, { name }] of COMMON.entries()) {
    expect(errorOf(answers[index] as Answer, golden[name] as Answer), name).toBeLessThan(TOLERANCE);
  }
});
