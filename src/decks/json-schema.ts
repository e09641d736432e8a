import { z } from 'zod';
import { deckSchema } from './schema.js';

/**
 * The JSON Schema of a deck for editors, draft 7, which all of them know. What it cannot say is in the errors of the reader: quotes, names
 * that are not there, layers that do not fit.
 */
export function deckJsonSchema(): object {
  return z.toJSONSchema(deckSchema, {
    io: 'input',
    target: 'draft-7',
    override({ jsonSchema }) {
      // Keys of the author, which the reader passes over.
      if (jsonSchema.type === 'object' && jsonSchema.properties !== undefined) {
        Object.assign(jsonSchema, { patternProperties: { '^x-': {} } });
      }
    },
  });
}
