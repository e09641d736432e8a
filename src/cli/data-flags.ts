import { Flags } from '@oclif/core';
import type { DataChoice } from '../app/run/data-choice.js';

/** Flags of every command that looks for data. */
export const DATA_FLAGS = {
  'data-dir': Flags.string({
    helpGroup: 'data',
    helpValue: 'DIR',
    env: 'CNNBENCH_DATA',
    description: 'folder with data sets, tried before the cache, the system and the network',
  }),
};

/** Those of a command that computes on data, and so needs some. */
export const SOURCE_FLAGS = {
  ...DATA_FLAGS,
  'stand-in': Flags.boolean({
    helpGroup: 'data',
    default: true,
    allowNo: true,
    description: 'generate images where a data set is missing; --no-stand-in makes that an error',
  }),
  offline: Flags.boolean({
    helpGroup: 'data',
    env: 'CNNBENCH_OFFLINE',
    description: 'never use the network',
  }),
};

/** What the flags of `SOURCE_FLAGS` say. */
export function dataChoice(flags: {
  readonly 'data-dir': string | undefined;
  readonly 'stand-in': boolean;
  readonly offline: boolean;
}): DataChoice {
  return { dataDir: flags['data-dir'], allowStandIn: flags['stand-in'], allowDownload: !flags.offline };
}
