import type { z } from 'zod';
import { excerpt, messageOf } from '../core/errors.js';
import { parseBoundedJson } from '../core/json.js';
import { SCHEMA_VERSION } from '../core/record.js';

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
  const newer = newerVersion(json);
  if (newer !== undefined) throw invalid(`it is of schema version ${newer}, of a newer cnnbench`);
  const parsed = schema.safeParse(json);
  if (!parsed.success) throw invalid(excerpt(firstIssue(parsed.error)));
  return parsed.data;
}

/** What to do with a file of another version: it may be whole, so nobody is told to delete it. */
export const RESTORE = 'Restore the file from where it came, or use the version of cnnbench that made it';

/** The schema version of a document that this version came too early for. */
function newerVersion(json: unknown): number | undefined {
  const { schemaVersion } = (json ?? {}) as { readonly schemaVersion?: unknown };
  return typeof schemaVersion === 'number' && schemaVersion > SCHEMA_VERSION ? schemaVersion : undefined;
}

/** `field: what is wrong` of the first problem zod found. */
function firstIssue(error: z.ZodError): string {
  const [issue] = error.issues;
  return issue === undefined ? 'invalid' : `${issue.path.join('.') || 'the document'}: ${issue.message}`;
}
