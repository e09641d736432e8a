import type { BackendName } from '../core/cell.js';

/** Why a cell is not even started: what it would take is beyond its time limit. Nothing where it fits, both in seconds. */
export function skipReason(backend: BackendName, estimateSeconds: number, limitSeconds: number): string | undefined {
  if (estimateSeconds <= limitSeconds) return undefined;
  return `it would take about ${roughly(estimateSeconds)} on ${backend}, longer than its time limit of ${limitSeconds} s; raise it with --timeout`;
}

/** `50 s`, `12 min`, `9 h`, `3 days`: no more digits than an estimate has. */
function roughly(seconds: number): string {
  if (seconds < 120) return `${Math.round(seconds)} s`;
  if (seconds < 2 * 3600) return `${Math.round(seconds / 60)} min`;
  if (seconds < 2 * 86_400) return `${Math.round(seconds / 3600)} h`;
  return `${Math.round(seconds / 86_400)} days`;
}
