import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import type { WorkloadResult } from './measure.js';
import type { Setting } from './render.js';

/** What `--json` writes. */
export interface Saved {
  readonly schemaVersion: 1;
  readonly setting: Setting;
  readonly options: object;
  readonly workloads: readonly WorkloadResult[];
}

/** Without the workloads that the time was up for; they may be measured now. */
export function readSaved(path: string): Saved | undefined {
  if (!existsSync(path)) return undefined;
  const saved = JSON.parse(readFileSync(path, 'utf8')) as Saved;
  const isMeasured = ({ results }: WorkloadResult) => results.some(({ outcome }) => outcome === 'measured');
  return { ...saved, workloads: saved.workloads.filter(isMeasured) };
}

/** Times to the microsecond: more is noise. */
export function writeSaved(path: string, saved: Saved): void {
  const rounded = (_: string, value: unknown) => (typeof value === 'number' ? Math.round(value * 1e6) / 1e6 : value);
  writeFileSync(path, `${JSON.stringify(saved, rounded)}\n`);
}
