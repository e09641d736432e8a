import { z } from 'zod';

/** Most elements of a list that has no bound of its own: above any real one. */
const MOST_ELEMENTS = 50_000;

/**
 * An array from a file that may come from anywhere. It is refused for its length before its elements are looked at, and at
 * the first element that is wrong: z.array keeps issues for each of them, which takes gigabytes for a file of megabytes.
 */
export function list<Element extends z.ZodType>(
  element: Element,
  { least = 0, most = MOST_ELEMENTS }: { readonly least?: number; readonly most?: number } = {},
) {
  return z.array(z.unknown()).transform((values, context): z.output<Element>[] => {
    const refuse = (message: string) => {
      context.issues.push({ code: 'custom', message, input: values });
      return z.NEVER;
    };
    if (values.length < least) return refuse(`has ${values.length} elements; the least is ${least}`);
    if (values.length > most) return refuse(`has ${values.length} elements; the most is ${most}`);
    const elements: z.output<Element>[] = [];
    for (const [index, value] of values.entries()) {
      const parsed = element.safeParse(value);
      if (!parsed.success) {
        context.issues.push(
          ...parsed.error.issues.map(({ message, path }) => ({
            code: 'custom' as const,
            message,
            input: value,
            path: [index, ...path],
          })),
        );
        return z.NEVER;
      }
      elements.push(parsed.data);
    }
    return elements;
  });
}
