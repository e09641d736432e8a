import { homedir, userInfo } from 'node:os';

/** What is asked about the user of a process. */
interface User {
  readonly shell: () => unknown;
  readonly home: () => unknown;
}

const SYSTEM: User = { shell: userInfo, home: homedir };

/**
 * A container may run as a user that its system does not know (`docker run --user 12345`): asking for shell or home is an error then,
 * and oclif asks for both where the environment does not say them.
 */
export function nameUser(env: NodeJS.ProcessEnv, user: User = SYSTEM): void {
  if (env['SHELL'] === undefined && fails(user.shell)) env['SHELL'] = '/bin/sh';
  if (env['HOME'] === undefined && fails(user.home)) env['HOME'] = '/';
}

function fails(ask: () => unknown): boolean {
  try {
    ask();
    return false;
  } catch {
    return true;
  }
}
