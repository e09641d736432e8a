import { Command, Errors, Flags, type Interfaces } from '@oclif/core';
import { CnnbenchError, messageOf, type ErrorCode } from '../core/errors.js';
import { DeckError, type DeckProblem } from '../decks/problem.js';
import { plainLines, printableJson } from '../report/escape.js';
import { CLEAR_LINE } from '../app/terminal.js';

/** Exit code of an interrupted run, as shells use it: 128 + SIGINT. */
const INTERRUPTED = 130;
const BUG = 70;

/** A problem as the user sees it, on the terminal or as JSON. */
interface Problem {
  readonly code: ErrorCode | 'E_INTERRUPTED';
  readonly message: string;
  readonly remedy: string;
  readonly exitCode: number;
  readonly stack?: string;
  /** Of a deck: each mistake with its place. */
  readonly problems?: readonly DeckProblem[];
}

type Parsed = Record<string, unknown>;

/** What every command shares: `--json`, and the one place where errors become text and exit codes. */
export abstract class BaseCommand extends Command {
  static override enableJsonFlag = true;
  static override baseFlags = { help: Flags.help({ char: 'h', helpGroup: 'GLOBAL', description: 'show this help' }) };

  /**
   * Reads the command line; never stdin, from which oclif would take an argument that is left out: in a loop of a shell
   * or a hook of git that is somebody else's input.
   *
   * @throws CnnbenchError E_USAGE for `--dry-run=true`, of which oclif would make an argument "true"
   */
  protected override async parse<F extends Parsed, B extends Parsed, A extends Parsed>(
    given?: Interfaces.Input<F, B, A>,
    argv = this.argv,
  ): Promise<Interfaces.ParserOutput<F, B, A>> {
    const input = given ?? (this.ctor as Interfaces.Input<F, B, A>);
    refuseValues(argv, { ...input.baseFlags, ...input.flags });
    const args = Object.entries((input.args ?? {}) as Readonly<Record<string, Interfaces.Arg<unknown>>>).map(
      ([name, arg]) => [name, { ...arg, ignoreStdin: true }] as const,
    );
    const { flags, baseFlags, strict, enableJsonFlag } = input;
    const options = { flags, baseFlags, strict, enableJsonFlag, args: Object.fromEntries(args) };
    return super.parse(options as typeof input, argv);
  }

  /**
   * Aborted by the first SIGINT or SIGTERM; the second one ends the process at once.
   *
   * @param remedy how the user goes on afterwards
   */
  protected interruption(remedy = 'Run the same command again.'): AbortSignal {
    const controller = new AbortController();
    const onSignal = () => {
      if (controller.signal.aborted) process.exit(INTERRUPTED);
      controller.abort(new Interrupted(remedy));
    };
    process.on('SIGINT', onSignal);
    process.on('SIGTERM', onSignal);
    return controller.signal;
  }

  /** A result may quote records of other machines, and a terminal acts on some characters that JSON leaves as they are. */
  protected override logJson(json: unknown): void {
    process.stdout.write(`${printableJson(json)}\n`);
  }

  protected override async catch(error: Error & { exitCode?: number }): Promise<void> {
    if (error instanceof Errors.ExitError) throw error;
    const { stack, exitCode, ...raw } = problemOf(error, this.id ?? '');
    // Messages quote files that may come from anywhere.
    const problem = { ...raw, message: plainLines(raw.message), remedy: plainLines(raw.remedy) };
    // Also with --json, where stdout often goes into a file: the log of a CI would have no word of what went wrong.
    if (process.stderr.isTTY) process.stderr.write(CLEAR_LINE); // Progress may have left a line there.
    process.stderr.write(`cnnbench: ${problem.message} [${problem.code}]\n  ${problem.remedy}\n`);
    if (stack !== undefined) process.stderr.write(`${plainLines(stack)}\n`);
    if (this.jsonEnabled()) this.logJson({ error: problem });
    this.exit(exitCode);
  }
}

/** @throws CnnbenchError E_USAGE where a flag that takes no value is given one */
function refuseValues(argv: readonly string[], flags: Readonly<Record<string, { readonly type: string }>>): void {
  const end = argv.indexOf('--');
  for (const word of end < 0 ? argv : argv.slice(0, end)) {
    const [, name = '', value = ''] = /^--(?:no-)?([^=]+)=(.*)$/s.exec(word) ?? [];
    if (flags[name]?.type !== 'boolean' && name !== 'json') continue;
    const remedy = value === 'true' ? `Use --${name} without a value.` : `Use --${name} without a value, or omit it.`;
    throw new CnnbenchError('E_USAGE', `--${name} takes no value, but was given "${value}"`, remedy);
  }
}

/** Thrown where a signal ended the work. */
class Interrupted extends Error {
  override readonly name = 'Interrupted';
  constructor(readonly remedy: string) {
    super('interrupted');
  }
}

function problemOf(error: Error, command: string): Problem {
  if (error instanceof CnnbenchError) {
    const { code, message, remedy, exitCode } = error;
    return { code, message, remedy, exitCode, ...(error instanceof DeckError && { problems: error.problems }) };
  }
  if (error instanceof Interrupted) {
    return {
      code: 'E_INTERRUPTED',
      message: error.message,
      remedy: error.remedy,
      exitCode: INTERRUPTED,
    };
  }
  if (error instanceof Errors.CLIError) {
    const message =
      messageOf(error)
        .split(/\nSee more help|\n+Note: /)[0]
        ?.trim()
        .replaceAll(/\s*\n\s*/g, ' ') ?? '';
    return { code: 'E_USAGE', message, remedy: `Run "cnnbench ${command.replaceAll(':', ' ')} --help".`, exitCode: 2 };
  }
  return {
    code: 'E_BUG',
    message: `unexpected: ${messageOf(error)}`,
    remedy: 'This is a bug in cnnbench: please report it with the lines below.',
    exitCode: BUG,
    ...(error.stack !== undefined && { stack: error.stack }),
  };
}
