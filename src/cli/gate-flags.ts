import { Flags } from '@oclif/core';

const POLICY = {
  helpValue: 'FILE',
  description: 'what the gate goes by, JSON or TypeScript (default: cnnbench.config.json or .ts here, if there is one)',
};
const STRICT = { description: 'let a warning of the gate fail it, too: an inconclusive claim or comparison' };

/** Flags of a command that is a gate. */
export const GATE_FLAGS = { policy: Flags.string(POLICY), strict: Flags.boolean(STRICT) };

/** Those of a command that has a gate at its end. */
export const CLOSING_GATE_FLAGS = {
  gate: Flags.boolean({ description: 'exit with 1 when the gate fails, as "cnnbench gate" on the folder of the run' }),
  policy: Flags.string({ ...POLICY, dependsOn: ['gate'] }),
  strict: Flags.boolean({ ...STRICT, dependsOn: ['gate'] }),
};
