import { Flags } from '@oclif/core';

/** Flags of a command that ends with a summary. */
export const EXPORT_FLAGS = {
  'export-csv': Flags.string({
    helpGroup: 'output',
    helpValue: 'FILE',
    description: 'write one row per cell to this CSV file',
  }),
};
