import { readFile, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect } from 'vitest';
import { ERROR_CODES, type ErrorCode } from '../../../src/core/errors.js';
import { world } from '../world.js';

export type World = Awaited<ReturnType<typeof world>>;

/** An error, and what its remedy says to do, done. */
export interface Remedy {
  readonly code: ErrorCode;
  readonly command: string;
  /** As the source has it, `…` for what is put in: the unit tests hold the two together. */
  readonly remedy: string;
  /** A group of what is printed goes into `then` as `$1`. */
  readonly says?: RegExp;
  /** What is there beforehand. */
  readonly given?: (here: World) => Promise<unknown>;
  /** What the scripted backend does while it goes wrong. */
  readonly script?: string;
  /** The environment while it goes wrong. */
  readonly env?: Readonly<Record<string, string>>;
  /** What is done by hand. */
  readonly by?: (here: World, group: string) => Promise<unknown>;
  /** The command afterwards, which has to end with 0. Default: the same. */
  readonly then?: string;
}

export type Remedies = Readonly<Record<string, Remedy>>;

/** A run of the scripted backend into the folder `out`. */
export const FAKE = '-b fake --profile smoke';
export const RUN = `run lenet-5 ${FAKE} --out out`;
export const RECORD = 'lenet-5.fake.smoke.seed0.json';

/** That these commands have run. */
export const after =
  (...commands: string[]) =>
  async (here: World) => {
    for (const command of commands) await here.given(command.split(' '));
  };

/** That a file of the folder has changed. */
export const edited =
  (path: string, edit: (text: string) => string) =>
  async ({ cwd }: World) => {
    const file = join(cwd, path);
    await writeFile(file, edit(await readFile(file, 'utf8')));
  };

export const written =
  (name: string, text: string) =>
  ({ cwd }: World) =>
    writeFile(join(cwd, name), text);

export const moved =
  (from: string, to: string) =>
  ({ cwd }: World) =>
    rename(join(cwd, from), join(cwd, to));

/** What is printed for a remedy of the source. */
function printed(remedy: string): RegExp {
  const parts = remedy.trim().split('…');
  return new RegExp(parts.map((part) => part.replaceAll(/[.*+?^${}()|[\]\\]/g, String.raw`\$&`)).join('[^]*?'));
}

/** Runs into the error, does what it says, and sees that the trouble is over. */
export async function walk(walked: Remedy): Promise<void> {
  const { code, command, remedy, says = /()/, given, script, env, by, then = command } = walked;
  const here = await world();
  await given?.(here);
  const failed = await here.call(command.split(' '), {
    ...env,
    ...(script !== undefined && { CNNBENCH_FAKE: script }),
  });
  expect(failed.stderr).toContain(`[${code}]`);
  expect(failed.code).toBe(ERROR_CODES[code]);
  expect(failed.stderr).toMatch(printed(remedy));
  expect(failed.stderr).toMatch(says);
  const [, group = ''] = says.exec(failed.stderr) ?? [];
  await by?.(here, group);
  const args = then.replace('$1', group).split(' ');
  const { code: exit, stderr } = await here.call(args);
  expect([exit, stderr], args.join(' ')).toEqual([0, expect.any(String)]);
}
