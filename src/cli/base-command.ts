import { Command, Errors, Flags } from '@oclif/core';
import { CnnbenchError, messageOf, type ErrorCode } from '../core/errors.js';
import { plainLines, printableJson } from '../report/escape.js';
import { CLEAR_LINE } from './terminal.js';

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
}

/** What every command shares: `--json`, and the one place where errors become text and exit codes. */
export abstract class BaseCommand extends Command {
  static override enableJsonFlag = true;
  static override baseFlags = { help: Flags.help({ char: 'h' }) };

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

/** Thrown where a signal ended the work. */
class Interrupted extends Error {
  override readonly name = 'Interrupted';
  constructor(readonly remedy: string) {
    super('interrupted');
  }
}

function problemOf(error: Error, command: string): Problem {
  if (error instanceof CnnbenchError) {
    return { code: error.code, message: error.message, remedy: error.remedy, exitCode: error.exitCode };
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
    remedy: 'This is a bug in cnnbench; please report it with the lines below.',
    exitCode: BUG,
    ...(error.stack !== undefined && { stack: error.stack }),
  };
}
