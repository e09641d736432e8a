import { existsSync } from 'node:fs';
import { extname, join, relative, resolve } from 'node:path';
import { createJiti } from 'jiti';
import { CnnbenchError, excerpt, messageOf } from '../../core/errors.js';
import { parseBoundedJson } from '../../core/json.js';
import type { Experiment } from '../../core/experiment.js';
import { configSchema, type Config, type Policy, type PolicyRule } from '../../core/policy.js';
import { selectExperiments } from '../../plan/select.js';
import { readText } from '../../records/read-file.js';

/** Names that are looked for in the current folder. */
const NAMES = ['json', 'ts', 'js', 'mjs'].map((extension) => `cnnbench.config.${extension}`);

const MOST_ISSUES = 5;

/** A thousand rules take 200 kB. */
const MOST_BYTES = 2 ** 18;

/** A policy that is a program asks a server at most. */
const LONGEST_MS = 30_000;

export interface LoadedPolicy {
  readonly policy: Policy;
  /** The file it comes from, relative to the current folder. Absent: there is none, and the default holds. */
  readonly path?: string;
}

/**
 * The policy of `--policy`, else of `cnnbench.config.*` in `folder`, else the default. A file that is no JSON is a program:
 * it is run.
 *
 * @param experiments that its rules may name
 * @throws CnnbenchError E_BAD_POLICY with the line or the field that is wrong
 */
export async function loadPolicy(
  experiments: readonly Experiment[],
  named: string | undefined,
  folder = process.cwd(),
): Promise<LoadedPolicy> {
  const path = named === undefined ? findPolicy(folder) : resolve(folder, named);
  if (path === undefined) return { policy: {} };
  const shown = relative(folder, path);
  const { gate } = validate(
    shown,
    extname(path) === '.json' ? await readJson(path, shown) : await runModule(path, shown),
  );
  const rules = gate.rules?.map((rule, index) =>
    resolveRule(rule, experiments, `${shown}: gate.rules[${index}].experiment`),
  );
  return { policy: { ...gate, rules: rules ?? [] }, path: shown };
}

function findPolicy(folder: string): string | undefined {
  const found = NAMES.filter((name) => existsSync(join(folder, name)));
  const [only] = found;
  if (found.length > 1)
    throw bad(`found ${found.join(' and ')} in ${folder}`, 'Keep one of them, or choose one with --policy.');
  return only === undefined ? undefined : join(folder, only);
}

async function readJson(path: string, shown: string): Promise<unknown> {
  const text = await readText(path, MOST_BYTES).catch(unreadable(shown));
  try {
    return parseBoundedJson(text);
  } catch (error) {
    throw bad(`${shown}${lineOf(messageOf(error), text)} is not valid JSON: ${excerpt(messageOf(error))}`);
  }
}

/** `:3:14`, from the position in V8's message; nothing where it names none. */
function lineOf(message: string, text: string): string {
  const position = /position (\d+)/.exec(message)?.[1];
  if (position === undefined) return '';
  const lines = text.slice(0, Number(position)).split('\n');
  return `:${lines.length}:${(lines.at(-1) ?? '').length + 1}`;
}

async function runModule(path: string, shown: string): Promise<unknown> {
  await readText(path, MOST_BYTES).catch(unreadable(shown));
  const jiti = createJiti(import.meta.url, { fsCache: false, moduleCache: false });
  try {
    return await apart(() => jiti.import(path, { default: true }));
  } catch (cause) {
    const remedy = 'Fix the program: it has to export the policy as default. See docs/gate.md.';
    throw bad(`${shown} could not be run: ${messageOf(cause)}`, remedy);
  }
}

/** A policy is a program, but no part of this one: what it prints is not the result, and it may not end the process, nor wait for ever. */
async function apart<T>(run: () => Promise<T>): Promise<T> {
  const { stdout, stderr } = process;
  const exit = process.exit.bind(process);
  const write = stdout.write.bind(stdout);
  let timer: NodeJS.Timeout | undefined;
  process.exit = (code) => {
    throw new Error(`it calls process.exit(${code ?? ''})`);
  };
  stdout.write = stderr.write.bind(stderr);
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error(`it did not finish within ${LONGEST_MS / 1000} s`)), LONGEST_MS);
  });
  try {
    return await Promise.race([run(), late]);
  } finally {
    clearTimeout(timer);
    process.exit = exit;
    stdout.write = write;
  }
}

function validate(shown: string, value: unknown): Config {
  const parsed = configSchema.safeParse(value);
  if (parsed.success) return parsed.data;
  const issues = parsed.error.issues.map(({ path, message }) => excerpt(`${fieldOf(path) || 'the whole'}: ${message}`));
  const more = issues.length > MOST_ISSUES ? `; and ${issues.length - MOST_ISSUES} more` : '';
  throw bad(`${shown}: ${issues.slice(0, MOST_ISSUES).join('; ')}${more}`);
}

/** `gate.rules[0].minAccuracy`. */
function fieldOf(path: readonly PropertyKey[]): string {
  return path
    .map((part, index) => (typeof part === 'number' ? `[${part}]` : `${index === 0 ? '' : '.'}${String(part)}`))
    .join('');
}

function resolveRule(
  { experiment, ...rule }: NonNullable<Config['gate']['rules']>[number],
  all: readonly Experiment[],
  field: string,
): PolicyRule {
  if (experiment === undefined) return rule;
  try {
    return { ...rule, experiments: selectExperiments(all, [experiment]).map(({ id }) => id) };
  } catch (error) {
    throw bad(`${field}: ${messageOf(error)}`);
  }
}

function unreadable(shown: string): (cause: unknown) => never {
  return (cause) => {
    throw bad(`cannot read ${shown}: ${messageOf(cause)}`, 'Check the path.');
  };
}

function bad(message: string, remedy = 'See docs/gate.md for all fields and an example.'): CnnbenchError {
  return new CnnbenchError('E_BAD_POLICY', message, remedy);
}
