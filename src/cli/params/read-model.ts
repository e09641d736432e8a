import { CnnbenchError, messageOf } from '../../core/errors.js';
import { summarizeJson, type JsonSummary } from '../../model/json/summarize-json.js';
import { readText } from '../../records/read-file.js';

/** @throws CnnbenchError E_MODEL_JSON */
export async function readModelJson(path: string): Promise<JsonSummary> {
  const text = await readText(path).catch((error: unknown) => {
    const remedy = 'Give the path of a model.json that tf.layers saved.';
    throw new CnnbenchError('E_MODEL_JSON', `cannot read ${path}: ${messageOf(error)}`, remedy, { cause: error });
  });
  return summarizeJson(text);
}
