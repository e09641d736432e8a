import { appendFile } from 'node:fs/promises';
import { messageOf } from '../../core/errors.js';
import type { RenderOptions } from '../../report/format.js';
import { annotations, jobOutputs } from '../../report/github.js';
import { renderDocument } from '../../report/render.js';
import { gateDocument } from '../../report/sections/gate.js';
import type { GateResult } from '../../stats/gate/gate.js';
import type { LoadedPolicy } from './load-policy.js';
import { stderrOptions } from '../terminal.js';

interface Surroundings {
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly stderr: { write(text: string): unknown };
}

/**
 * Says what the gate found, wherever somebody looks for it: in words, and on GitHub as annotations, in the summary of the job
 * and as outputs of its step. All but the words of a command whose stdout is free for them goes to stderr, so that nothing is
 * lost where stdout goes into a file. A file of GitHub that cannot be written is a warning.
 *
 * @param stdout prints the words there; absent where stdout has another result
 */
export async function announceGate(
  result: GateResult,
  { path }: Pick<LoadedPolicy, 'path'>,
  stdout?: { readonly log: (text: string) => void; readonly options: RenderOptions },
  { env, stderr }: Surroundings = process,
): Promise<void> {
  stderr.write(`Policy: ${path ?? 'the default'}\n`);
  const document = gateDocument(result);
  if (stdout === undefined) stderr.write(renderDocument(document, 'terminal', stderrOptions()).text);
  else stdout.log(renderDocument(document, 'terminal', stdout.options).text.trimEnd());
  if (env['GITHUB_ACTIONS'] === 'true') stderr.write(annotations(result));
  for (const [name, text] of [
    ['GITHUB_STEP_SUMMARY', `${renderDocument(document, 'markdown').text}\n`],
    ['GITHUB_OUTPUT', jobOutputs(result)],
  ] as const) {
    const file = env[name];
    if (file === undefined || file === '') continue;
    await appendFile(file, text).catch((error: unknown) => {
      stderr.write(`warning: ${name} could not be written: ${messageOf(error)}\n`);
    });
  }
}

/** The result as JSON has it, with the policy that it goes by. */
export function gateAsJson(result: GateResult, { path }: Pick<LoadedPolicy, 'path'>) {
  return { ...result, policy: path ?? null };
}
