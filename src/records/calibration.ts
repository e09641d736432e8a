import { createHash } from 'node:crypto';
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { calibrationSchema, type Calibration } from '../core/calibration.js';
import { CnnbenchError, messageOf } from '../core/errors.js';
import { machineKey, type MachineFacts } from '../core/machine.js';
import { writeAtomically } from './atomic.js';
import { parseJson } from './parse.js';
import { MOST_SMALL_BYTES, readText } from './read-file.js';

/** Where the calibration of a machine and backend is kept: one file each, named by a digest of their facts. */
export function calibrationPath(directory: string, machine: MachineFacts): string {
  const digest = createHash('sha256').update(machineKey(machine)).digest('hex');
  return join(directory, 'calibration', `${digest.slice(0, 16)}.json`);
}

/** Replaces the calibration of its machine and backend. Returns the path. @throws CnnbenchError E_WRITE */
export async function writeCalibration(directory: string, calibration: Calibration): Promise<string> {
  const path = calibrationPath(directory, calibration.machine);
  try {
    await mkdir(join(directory, 'calibration'), { recursive: true });
  } catch (cause) {
    throw new CnnbenchError(
      'E_WRITE',
      `could not make the folder of ${path}: ${messageOf(cause)}`,
      'Set XDG_CACHE_HOME to a folder you can write to, then run the same command again.',
      { cause },
    );
  }
  await writeAtomically(path, `${JSON.stringify(calibration, undefined, 2)}\n`);
  return path;
}

/**
 * The calibration of a machine and backend; nothing where there is none.
 *
 * @throws CnnbenchError E_RECORD_INVALID where the file is damaged, or is of another machine
 */
export async function readCalibration(directory: string, machine: MachineFacts): Promise<Calibration | undefined> {
  const path = calibrationPath(directory, machine);
  const invalid = (why: string) =>
    new CnnbenchError(
      'E_RECORD_INVALID',
      `${path} is not a calibration of this machine: ${why}`,
      'Run "cnnbench calibrate" again: it replaces the file.',
    );
  let text: string;
  try {
    text = await readText(path, MOST_SMALL_BYTES);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw invalid(messageOf(error));
  }
  const calibration = parseJson(calibrationSchema, text, invalid);
  if (machineKey(calibration.machine) !== machineKey(machine)) throw invalid('it describes another machine');
  return calibration;
}
