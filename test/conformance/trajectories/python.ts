import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import type { Answer, Problem } from './problem.js';

export type Reference = 'pytorch' | 'keras';

/** Where another Python is wanted than the system's. Keras is in few of them. */
const PYTHON = process.env['CNNBENCH_PYTHON'] ?? '/usr/bin/python3';

const SCRIPTS = new URL('../../../reference/', import.meta.url);

interface Reply {
  readonly software: string;
  readonly answers: readonly Answer[];
  /** Of Keras, where asked for: of each weight of each layer. */
  readonly moments?: readonly (readonly Moments[])[];
}

/** What start values are like. */
export interface Moments {
  readonly shape: readonly number[];
  readonly mean: number;
  readonly deviation: number;
  readonly largest: number;
}

export function hasReference(reference: Reference): boolean {
  const module = reference === 'pytorch' ? 'torch' : 'keras';
  const environment = { ...process.env, OMP_NUM_THREADS: '1', KERAS_BACKEND: 'torch' };
  return spawnSync(PYTHON, ['-c', `import torch, ${module}`], { env: environment }).status === 0;
}

/** Asks PyTorch or Keras. */
export function ask(reference: Reference, problems: readonly Problem[], moments: readonly object[] = []): Reply {
  const script = fileURLToPath(new URL(`${reference}/trajectories.py`, SCRIPTS));
  const input = JSON.stringify(reference === 'pytorch' ? problems : { problems, moments });
  const { status, stdout, stderr } = spawnSync(PYTHON, [script], { input, encoding: 'utf8', maxBuffer: 2 ** 28 });
  if (status !== 0) throw new Error(`${reference}: ${stderr.slice(-2000)}`);
  return JSON.parse(stdout) as Reply;
}

type Defaults = Readonly<Record<string, number | boolean | undefined>>;

/** Default arguments of both frameworks, by their own names. */
export interface FrameworkDefaults {
  readonly keras: Readonly<Record<string, Defaults>>;
  readonly pytorch: Readonly<Record<string, Defaults>>;
  readonly layers: Readonly<Record<Reference, Readonly<Record<string, Defaults>>>>;
}

export function askDefaults(): FrameworkDefaults {
  const script = fileURLToPath(new URL('keras/defaults.py', SCRIPTS));
  const { status, stdout, stderr } = spawnSync(PYTHON, [script], { encoding: 'utf8' });
  if (status !== 0) throw new Error(stderr.slice(-2000));
  return JSON.parse(stdout) as FrameworkDefaults;
}

const goldenPath = (reference: Reference) =>
  fileURLToPath(new URL(`../../fixtures/train/golden-${reference}.json`, import.meta.url));

/** Answers by the name of the problem. */
export interface Golden {
  readonly software: string;
  readonly answers: Readonly<Record<string, Answer>>;
}

export function readGolden(reference: Reference): Golden | undefined {
  const path = goldenPath(reference);
  return existsSync(path) ? (JSON.parse(readFileSync(path, 'utf8')) as Golden) : undefined;
}

/** Keeps answers: a line each, in seven digits, which a float32 has. */
export function writeGolden(reference: Reference, problems: readonly Problem[], { software, answers }: Reply): void {
  const short = (_: string, value: unknown) => (typeof value === 'number' ? Number(value.toPrecision(7)) : value);
  const lines = answers.map(
    (answer, index) => `${JSON.stringify(problems[index]?.name)}: ${JSON.stringify(answer, short)}`,
  );
  const text = `{"software": ${JSON.stringify(software)}, "answers": {\n${lines.join(',\n')}\n}}\n`;
  writeFileSync(goldenPath(reference), text);
}
