import { Flags } from '@oclif/core';

const POLICY = {
  helpValue: 'FILE',
  description: 'policy of the gate, JSON or TypeScript (default: cnnbench.config.json or .ts in the current folder)',
};
const STRICT = { description: 'treat warnings of the gate as failures' };

/** Flags of a command that is a gate. */
export const GATE_FLAGS = { policy: Flags.string(POLICY), strict: Flags.boolean(STRICT) };

/** Those of a command that has a gate at its end. */
export const CLOSING_GATE_FLAGS = {
  gate: Flags.boolean({ helpGroup: 'gate', description: 'exit with 1 if the gate fails (see "cnnbench gate")' }),
  policy: Flags.string({ ...POLICY, helpGroup: 'gate', dependsOn: ['gate'] }),
  strict: Flags.boolean({ ...STRICT, helpGroup: 'gate', dependsOn: ['gate'] }),
};
