import { grouped } from '../../core/grouped.js';
import type { GateFinding, GateResult } from '../../stats/gate/gate.js';
import { counted } from '../../stats/wording.js';
import { text } from '../cells.js';
import { section, table, type Block, type Document } from '../document.js';
import { VERDICT_SIGNS } from '../words.js';

/** The result of a gate for people: what failed, why and what to do, the warnings, and one sentence. */
export function gateDocument(result: GateResult): Document {
  const { failures, warnings, passed } = result;
  return {
    blocks: [
      ...section(`${VERDICT_SIGNS['not reproduced']} Failures: ${failures.length}`, findingTable(failures), {
        tone: 'bad',
      }),
      ...section(`${VERDICT_SIGNS.inconclusive} Warnings: ${warnings.length}`, findingTable(foldUndecided(result)), {
        tone: 'warn',
      }),
    ],
    result: [`${VERDICT_SIGNS[passed ? 'reproduced' : 'not reproduced']} ${gateInWords(result)}`],
  };
}

/** `The gate fails: 2 failures, 1 warning.` */
export function gateInWords({ passed, judged, strict, failures, warnings }: GateResult): string {
  const counts = [
    ...(failures.length > 0 ? [counted(failures.length, 'failure')] : []),
    ...(warnings.length > 0 ? [counted(warnings.length, 'warning')] : []),
  ].join(', ');
  if (!judged) return `Nothing was judged: no cell has a result${counts === '' ? '' : ` (${counts})`}.`;
  const strictly = strict && failures.length === 0 && !passed ? ', which fail with --strict' : '';
  return `The gate ${passed ? 'passes' : 'fails'}${counts === '' ? '' : `: ${counts}`}${strictly}.`;
}

/** What is to be done once for several findings is said once. */
function findingTable(findings: readonly GateFinding[]): readonly Block[] {
  const byRemedy = grouped(findings, ({ remedy }) => [remedy]).flat();
  return table(
    [{ head: 'what', cell: ({ subject, message }: GateFinding) => text(`${subject}: ${message}`) }],
    byRemedy,
    { layout: 'records', noteHead: 'what to do', rowOf: ({ remedy }) => ({ note: remedy }) },
  );
}

/** As many are said one by one. */
const MOST_UNDECIDED = 3;

/**
 * The warnings, with what the seeds leave undecided in one where there is much of it: a run of few seeds decides next to nothing, and
 * the report has each reason. With --strict they fail the gate, so each is said.
 */
export function foldUndecided({ warnings, strict }: GateResult): readonly GateFinding[] {
  if (strict) return warnings;
  return grouped(warnings, ({ kind, remedy }) => [kind, remedy]).flatMap((alike): readonly GateFinding[] => {
    const [first] = alike;
    const what = UNDECIDED[first.kind];
    if (what === undefined || alike.length <= MOST_UNDECIDED) return alike;
    const message = `${what}: ${subjectsInWords(alike)}; the report has each reason`;
    const subject = `${alike.length} ${first.kind === 'claims.inconclusive' ? 'claims' : 'trainings'}`;
    return [{ ...first, subject, message }];
  });
}

const UNDECIDED: Readonly<Partial<Record<GateFinding['kind'], string>>> = {
  'references.inconclusive': 'undecided against the reference',
  'claims.inconclusive': 'inconclusive',
};

/** `mlp-1, mlp-2 on wasm, smoke; cnn-1 on webgpu, smoke`. */
function subjectsInWords(findings: readonly GateFinding[]): string {
  const parts = findings.map(({ subject }) => /^(.*?)( on .*)?$/s.exec(subject)?.slice(1) ?? [subject]);
  return grouped(parts, ([, where]) => [where])
    .map((same) => same.map(([what]) => what).join(', ') + (same[0][1] ?? ''))
    .join('; ');
}
