import type { z } from 'zod';
import { excerpt, messageOf, type CnnbenchError } from '../core/errors.js';
import { parseBoundedJson } from '../core/json.js';

/**
 * Parses JSON that may come from anywhere and validates it.
 *
 * @param invalid makes the error from why it is not valid: the JSON parser's message, or field and problem
 */
export function parseJson<Schema extends z.ZodType>(
  schema: Schema,
  text: string,
  invalid: (why: string) => CnnbenchError,
): z.infer<Schema> {
  let json: unknown;
  try {
    json = parseBoundedJson(text);
  } catch (error) {
    throw invalid(excerpt(messageOf(error)));
  }
  const parsed = schema.safeParse(json);
  if (!parsed.success) throw invalid(excerpt(firstIssue(parsed.error)));
  return parsed.data;
}

/** `field: what is wrong` of the first problem zod found. */
function firstIssue(error: z.ZodError): string {
  const [issue] = error.issues;
  return issue === undefined ? 'invalid' : `${issue.path.join('.') || 'the document'}: ${issue.message}`;
}
