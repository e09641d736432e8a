import type { Writable } from 'node:stream';
import { CnnbenchError, messageOf } from '../core/errors.js';

/**
 * What happens when nobody reads what is printed, or there is no room for it. A closed stdout (`| head`) ends nothing and changes no exit
 * code: who stops reading has read enough. Any other error of stdout is one message, and the exit code of `E_WRITE`. Errors of stderr
 * are ignored: it has the progress, and a run goes on without somebody watching.
 */
export function guardOutput({ stdout, stderr }: { readonly stdout: Writable; readonly stderr: Writable }): void {
  stderr.on('error', () => undefined);
  stdout.removeAllListeners('error'); // oclif's ends the process with a stack trace.
  let told = false;
  stdout.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code === 'EPIPE' || told) return;
    told = true;
    const problem = new CnnbenchError(
      'E_WRITE',
      `the result could not be written to stdout: ${messageOf(error)}`,
      'Free some space, or send stdout elsewhere. Records and reports of a run are saved: "cnnbench report DIR" prints them again.',
    );
    stderr.write(`cnnbench: ${problem.message} [${problem.code}]\n  ${problem.remedy}\n`);
    process.once('exit', () => (process.exitCode = problem.exitCode));
  });
}
