import { CnnbenchError, messageOf } from '../../core/errors.js';
import { summarizeJson, type JsonSummary } from '../../model/json/summarize-json.js';
import { readStdin, readText } from '../../records/read-file.js';

/**
 * @param path "-": stdin
 * @throws CnnbenchError E_MODEL_JSON
 */
export async function readModelJson(path: string): Promise<JsonSummary> {
  const isStdin = path === '-';
  const text = await (isStdin ? readStdin() : readText(path)).catch((error: unknown) => {
    const remedy = 'Give the path of a model.json of tf.layers or Keras, or - to read it from stdin.';
    throw new CnnbenchError('E_MODEL_JSON', `cannot read ${isStdin ? 'stdin' : path}: ${messageOf(error)}`, remedy, {
      cause: error,
    });
  });
  return summarizeJson(text);
}
