import type { Symptom } from '../core/symptom.js';

/** Parts of a list that are named before "and n more". */
const NAMED = 4;

/** What is wrong with a training that came to its end, one clause a kind; nothing where nothing is. */
export interface SymptomWords {
  readonly zeroGradients?: string;
  readonly atChance?: string;
}

/** `zero gradient of last.bias, first in step 3 of epoch 1`; `accuracy at chance since epoch 2`. Tensors may be named by anybody. */
export function symptomWords(symptoms: readonly Symptom[] = []): SymptomWords {
  const zeros = symptoms.flatMap((symptom) =>
    symptom.kind === 'zero-gradient'
      ? [`of ${listed(symptom.tensors)}, first in step ${symptom.step} of epoch ${symptom.epoch}`]
      : [],
  );
  const chance = symptoms.find(({ kind }) => kind === 'chance-accuracy');
  return {
    ...(zeros.length > 0 && { zeroGradients: `zero gradient ${listed(zeros, '; ')}` }),
    ...(chance && { atChance: `accuracy at chance since epoch ${chance.epoch}` }),
  };
}

function listed(parts: readonly string[], separator = ', '): string {
  const more = parts.length - NAMED;
  return parts.slice(0, NAMED).join(separator) + (more > 0 ? ` and ${more} more` : '');
}
