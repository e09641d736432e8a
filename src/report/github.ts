import type { GateFinding, GateResult } from '../stats/gate/gate.js';
import { plain } from './escape.js';
import { foldUndecided, gateInWords } from './sections/gate.js';

/** GitHub shows ten annotations of a kind for a step; more only fill its log. */
const MOST_OF_A_KIND = 10;

/**
 * Workflow commands of GitHub Actions, a line each, that show what failed beside the job: its toolkit's
 * `::error title=...::message`.
 */
export function annotations(result: GateResult): string {
  const { judged, strict, failures } = result;
  const lines = [
    ...(judged ? [] : [`::error title=${property('cnnbench gate failed')}::${data(gateInWords(result))}`]),
    ...commands(failures, 'error', 'cnnbench gate failed'),
    ...commands(
      foldUndecided(result),
      strict ? 'error' : 'warning',
      strict ? 'cnnbench gate failed (strict)' : 'cnnbench gate',
    ),
  ];
  return lines.map((line) => `${line}\n`).join('');
}

/** Outputs of the step, a line each as GITHUB_OUTPUT has them: `steps.ID.outputs.gate` decides what comes next. */
export function jobOutputs({ passed, failures, warnings }: GateResult): string {
  return `gate=${passed ? 'passed' : 'failed'}\nfailures=${failures.length}\nwarnings=${warnings.length}\n`;
}

function commands(findings: readonly GateFinding[], command: 'error' | 'warning', title: string): readonly string[] {
  const shown = findings.slice(0, findings.length > MOST_OF_A_KIND ? MOST_OF_A_KIND - 1 : MOST_OF_A_KIND);
  const lines = shown.map(({ subject, message, remedy }) => {
    const text = `${plain(message)}\n${plain(remedy)}`;
    return `::${command} title=${property(`${title}: ${plain(subject)}`)}::${data(text)}`;
  });
  const rest = findings.length - shown.length;
  return rest === 0 ? lines : [...lines, `::${command} title=${property(title)}::${data(`and ${rest} more`)}`];
}

/** Escaped as `escapeData` of actions/toolkit, packages/core/src/command.ts. */
function data(text: string): string {
  return text.replaceAll('%', '%25').replaceAll('\r', '%0D').replaceAll('\n', '%0A');
}

/** Escaped as its `escapeProperty`. */
function property(text: string): string {
  return data(text).replaceAll(':', '%3A').replaceAll(',', '%2C');
}
