import { z } from 'zod';
import { nameSchema } from './name.js';

const text = z.string().min(1).max(4000);

/** Something of a deck that is checked by looking, not by measuring: a name, a symbol, a reference. Never counted as a claim. */
export const noteSchema = z.strictObject({
  /** Unique among notes and claims, stable: `004/note/k`. */
  id: text,
  /** Id of the deck. */
  deck: nameSchema,
  /** Slide number or heading where it is printed. */
  place: text,
  /** The string as printed. */
  printed: text,
  /** Whether the source says the same. */
  holds: z.boolean(),
  /** What is right, as one sentence. */
  right: text,
  /** Where that can be looked up. */
  source: text,
});
export type Note = Readonly<z.infer<typeof noteSchema>>;
