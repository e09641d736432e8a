import { Flags } from '@oclif/core';
import type { DataChoice } from '../app/run/data-choice.js';

/** Flags of every command that looks for data. */
export const DATA_FLAGS = {
  'data-dir': Flags.string({
    helpValue: 'DIR',
    env: 'CNNBENCH_DATA',
    description: 'folder with the data sets, looked at before the cache, the system and the network',
  }),
};

/** Those of a command that computes on data, and so needs some. */
export const SOURCE_FLAGS = {
  ...DATA_FLAGS,
  'stand-in': Flags.boolean({
    default: true,
    allowNo: true,
    description: 'use drawn images where a data set cannot be had; --no-stand-in makes that an error',
  }),
  offline: Flags.boolean({
    env: 'CNNBENCH_OFFLINE',
    description: 'never use the network: only data that is on this machine',
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
