import { CnnbenchError } from '../../core/errors.js';
import { explainPrinted, type Explanation } from '../../model/explain.js';
import type { ModelSummary } from '../../model/summary.js';

/** @throws CnnbenchError E_USAGE for what is no number */
export function explain(model: ModelSummary, printed: string): Explanation {
  try {
    return explainPrinted(model, printed);
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    throw new CnnbenchError(
      'E_USAGE',
      `--printed ${error.message}`,
      'Give the number as printed, for example 33024, 138M or 93MB.',
    );
  }
}

/** What a printed number stands for, a sentence each. */
export function explanationLines(
  { printed, agrees, difference, because }: Explanation,
  parameters: number,
): readonly string[] {
  const total = `the ${number(parameters)} parameters`;
  if (agrees) return [`Printed ${printed}: agrees with ${total}.`];
  const [first, ...others] = because;
  if (first === undefined)
    return [`Printed ${printed}: ${distance(difference)} than ${total}; no explanation was found.`];
  const isSize = /B$/i.test(printed);
  const head = isSize ? `Printed ${printed}` : `Printed ${printed}: ${distance(difference)} than ${total}`;
  return [`${head}. It is ${first}.`, ...others.map((each) => `Or it is ${each}.`)];
}

function distance(difference: number): string {
  return `${number(Math.abs(difference))} ${difference < 0 ? 'less' : 'more'}`;
}

function number(value: number): string {
  return value.toLocaleString('en-US');
}
