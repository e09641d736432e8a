import { z } from 'zod';
import { list } from './list.js';

/** Something that did not hold, and what it does to the gate. */
const findingSchema = z.strictObject({
  level: z.enum(['failure', 'warning']),
  kind: z.string(),
  subject: z.string(),
  message: z.string(),
  remedy: z.string(),
});

/** What `gate --json` prints, and `run --gate --json` as `gate`. */
export const gateResultSchema = z.strictObject({
  passed: z.boolean(),
  /** Whether some cell came to a result. Nothing passes where none did. */
  judged: z.boolean(),
  /** Whether warnings fail. */
  strict: z.boolean(),
  failures: list(findingSchema),
  warnings: list(findingSchema),
  /** The file it goes by; null for the default. */
  policy: z.string().nullable(),
});
