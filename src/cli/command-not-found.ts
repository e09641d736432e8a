import type { Hook } from '@oclif/core';
import { nearest } from '../core/nearest.js';

/** oclif hook: an unknown command gets the same form of message and exit code as any other wrong usage. */
const hook: Hook<'command_not_found'> = async function ({ id, config, argv }) {
  const words = [...id.split(':'), ...(argv ?? [])];
  const asTyped = words[0] ?? id;
  const near = nearest(asTyped, config.commandIDs);
  process.stderr.write(
    `cnnbench: there is no command "${asTyped}"${near === undefined ? '' : `; did you mean "${near}"?`} [E_USAGE]\n` +
      '  Run "cnnbench --help" to see them all.\n',
  );
  this.exit(2);
};

export default hook;
