import type { z } from 'zod';
import { excerpt, messageOf } from '../core/errors.js';
import { parseBoundedJson } from '../core/json.js';

/**
 * Parses JSON that may come from anywhere and validates it.
 *
 * @param invalid makes the error from why it is not valid: the JSON parser's message, or field and problem
 */
export function parseJson<Schema extends z.ZodType>(
  schema: Schema,
  text: string,
  invalid: (why: string) => Error,
): z.infer<Schema> {
  let json: unknown;
  try {
    json = parseBoundedJson(text);
  } catch (error) {
    throw invalid(excerpt(messageOf(error)));
  }
  const parsed = schema.safeParse(json);
  if (!parsed.success) throw invalid(excerpt(firstIssue(parsed.error, json)));
  return parsed.data;
}

/** What to do with a file of another version: it may be whole, so nobody is told to delete it. */
export const RESTORE = 'Restore the file, or use the version of cnnbench that made it';

/** `field: what is wrong` of the first problem zod found; a document of another version has many, and that one counts. */
function firstIssue({ issues }: z.ZodError, json: unknown): string {
  const { schemaVersion } = (json ?? {}) as { readonly schemaVersion?: unknown };
  if (typeof schemaVersion === 'number' && issues.some(({ path }) => path[0] === 'schemaVersion')) {
    return `schemaVersion: this version of cnnbench does not read ${schemaVersion}`;
  }
  const [issue] = issues;
  return issue === undefined ? 'invalid' : `${issue.path.join('.') || 'the document'}: ${issue.message}`;
}
