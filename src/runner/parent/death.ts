import { stripVTControlCharacters } from 'node:util';

/** Longest reason of a record, characters. */
const LONGEST_REASON = 2000;

/** Longest part of a process's output in a reason, characters. */
const LAST_WORDS = 1000;

/** What the signals mean that end a process by themselves or for want of memory. */
const SIGNALS: Partial<Record<NodeJS.Signals, string>> = {
  SIGABRT: 'it aborted',
  SIGBUS: 'a bus error in native code',
  SIGFPE: 'an arithmetic error in native code',
  SIGILL: 'an illegal instruction, or a trap in native code',
  SIGKILL: 'killed from outside, perhaps by the system for lack of memory',
  SIGSEGV: 'a segmentation fault in native code',
  SIGSYS: 'a forbidden system call',
  SIGTERM: 'it was asked to end',
  SIGTRAP: 'a trap in native code',
};

/** Windows has no signals: what ends a process there is its exit code (NTSTATUS). */
const STATUSES: Readonly<Record<number, string>> = {
  0xc0000005: 'an access violation in native code',
  0xc0000017: 'memory runs out',
  0xc000001d: 'an instruction that this processor does not have, in native code',
  0xc0000094: 'a division by zero in native code',
  0xc00000fd: 'the stack is full',
  0xc0000135: 'a DLL is missing',
  0xc000013a: 'it was asked to end',
  0xc0000409: 'it aborted',
};

/** How a process ended, as Node says it. */
export interface ProcessEnd {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  /** The end of what it wrote to stdout and stderr. */
  readonly output: string;
}

/** One line that says what a process that gave no answer died of, with its last words. */
export function explainDeath({ code, signal, output }: ProcessEnd): string {
  const fatal = /FATAL ERROR: (.*)/.exec(output)?.[1];
  const last = oneLine(fatal ?? output);
  const words =
    last === '' ? '' : `; its last words: ${last.length > LAST_WORDS ? `… ${last.slice(-LAST_WORDS)}` : last}`;
  return reasonOf(`${howItEnded(code, signal, fatal)}${words}`);
}

function howItEnded(code: number | null, signal: NodeJS.Signals | null, fatal: string | undefined): string {
  if (signal === null) {
    const status = STATUSES[code ?? 0];
    return `its process exited with code ${code}${status === undefined ? '' : ` (${status})`} without a result`;
  }
  const cause = fatal?.includes('out of memory') === true ? 'the JavaScript heap is full' : SIGNALS[signal];
  return `its process was killed by ${signal}${cause === undefined ? '' : ` (${cause})`}`;
}

/** What a process said about itself, as the reason of a record: one line of bounded length that no terminal acts on. */
export function reasonOf(text: string): string {
  const line = oneLine(text);
  return line.length > LONGEST_REASON ? `${line.slice(0, LONGEST_REASON - 1)}…` : line;
}

/** Without ANSI sequences and without characters that are invisible, move the cursor or reorder text. */
function oneLine(text: string): string {
  return stripVTControlCharacters(text)
    .replace(/[\p{C}\s]+/gu, ' ')
    .trim();
}
