import { z } from 'zod';

/** What decks, suites, experiments and data sets are called: nothing that a page, a path or a terminal takes for its own. */
export const nameSchema = z
  .string()
  .regex(/^[a-z0-9][a-z0-9._-]{0,99}$/i, 'a name of letters, digits, dots, hyphens and underscores');
