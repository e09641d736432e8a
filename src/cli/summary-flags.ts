import { Flags } from '@oclif/core';

/** Flags of a command that ends with a summary. */
export const EXPORT_FLAGS = {
  'export-csv': Flags.string({ helpValue: 'FILE', description: 'write a row a cell to this file, as CSV' }),
};
