import { Flags } from '@oclif/core';

/** Flags of every command that looks for data. */
export const DATA_FLAGS = {
  'data-dir': Flags.string({
    helpValue: 'DIR',
    env: 'CNNBENCH_DATA',
    description: 'folder with the data sets, looked at before the cache, the system and the network',
  }),
};
