import { ORACLE, type LadderObserver } from '../../parity/ladder.js';
import type { ProgressStream } from '../run/progress.js';
import { CLEAR_LINE } from '../terminal.js';
import { subjectOf } from './parity-table.js';

/** A line a rung; on a terminal also what is being computed. */
export function parityProgress(stream: ProgressStream): LadderObserver {
  const live = stream.isTTY === true;
  return {
    onStage(backend, what, stage) {
      const about = `${backend === ORACLE ? `${ORACLE}, the oracle` : backend}: ${what}: ${stage}`;
      if (live) stream.write(CLEAR_LINE + about.slice(0, (stream.columns ?? 100) - 1));
    },
    onRung(result) {
      const { backend, rung, outcome, comparisons } = result;
      const what = `${rung} ${subjectOf(result)}`.trim();
      const count = comparisons.length === 0 ? '' : ` (${comparisons.length})`;
      stream.write(`${live ? CLEAR_LINE : ''}[${backend}] ${what}: ${outcome}${count}\n`);
    },
  };
}
