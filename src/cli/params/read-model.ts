import { readFile, stat } from 'node:fs/promises';
import { CnnbenchError, messageOf } from '../../core/errors.js';
import { summarizeJson, type JsonSummary } from '../../model/json/summarize-json.js';

/** A topology takes kilobytes; weights lie in files of their own. */
const MOST_BYTES = 32 * 2 ** 20;

/** @throws CnnbenchError E_MODEL_JSON */
export async function readModelJson(path: string): Promise<JsonSummary> {
  return summarizeJson(await readBounded(path));
}

async function readBounded(path: string): Promise<string> {
  try {
    const info = await stat(path);
    if (!info.isFile()) throw new Error('it is no file');
    if (info.size > MOST_BYTES) throw new Error(`it has more than ${MOST_BYTES / 2 ** 20} MiB`);
    return await readFile(path, 'utf8');
  } catch (error) {
    const remedy = 'Give the path of a model.json that tf.layers saved.';
    throw new CnnbenchError('E_MODEL_JSON', `cannot read ${path}: ${messageOf(error)}`, remedy, { cause: error });
  }
}
