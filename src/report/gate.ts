import { findingInWords, type GateFinding, type GateResult } from '../stats/gate/gate.js';
import { grouped } from '../core/grouped.js';
import { counted } from '../stats/wording.js';
import { markdown, plain } from './escape.js';
import type { RenderOptions } from './format.js';
import { indented, pageOf, section, type Page } from './page.js';
import type { Style } from './paint.js';
import { VERDICT_SIGNS } from './words.js';

/** The result of a gate for people: what failed, why and what to do, the warnings, and one sentence at the end. */
export function renderGate(result: GateResult, options: RenderOptions = {}): string {
  const page = pageOf(options);
  const { failures, warnings, passed } = result;
  const sections = [
    list(failures, `${VERDICT_SIGNS['not reproduced']} Failures: ${failures.length}`, 'red', page),
    list(foldUndecided(result), `${VERDICT_SIGNS.inconclusive} Warnings: ${warnings.length}`, 'yellow', page),
    page.paint(gateInWords(result), 'bold', passed ? 'green' : 'red'),
  ];
  return `${sections.filter((each) => each !== '').join('\n\n')}\n`;
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

function list(findings: readonly GateFinding[], title: string, style: Style, page: Page): string {
  if (findings.length === 0) return '';
  const lines = byRemedy(findings).flatMap(({ remedy, alike }) => [
    ...alike.flatMap((finding) => indented(plain(findingInWords(finding)), 2, page)),
    ...indented(plain(remedy), 4, page).map((line) => page.paint(line, 'dim')),
  ]);
  return section(title, lines, page, style);
}

/** The summary of a job on GitHub. */
export function renderGateMarkdown(result: GateResult): string {
  const { failures, warnings } = result;
  const sections = [
    `## ${VERDICT_SIGNS[result.passed ? 'reproduced' : 'not reproduced']} ${gateInWords(result)}`,
    ...(failures.length === 0 ? [] : ['### Failures', bullets(failures)]),
    ...(warnings.length === 0 ? [] : ['### Warnings', bullets(foldUndecided(result))]),
  ];
  return `${sections.join('\n\n')}\n`;
}

function bullets(findings: readonly GateFinding[]): string {
  return byRemedy(findings)
    .flatMap(({ remedy, alike }) => [
      ...alike.map(({ subject, message }) => `- **${markdown(subject)}**: ${markdown(message)}`),
      `  <br>${markdown(remedy)}`,
    ])
    .join('\n');
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
    return [
      {
        ...first,
        subject: `${alike.length} ${first.kind === 'claims.inconclusive' ? 'claims' : 'trainings'}`,
        message,
      },
    ];
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

/** What is to be done once for several findings is said once, after the last of them. */
function byRemedy(
  findings: readonly GateFinding[],
): readonly { readonly remedy: string; readonly alike: readonly GateFinding[] }[] {
  const remedies = [...new Set(findings.map(({ remedy }) => remedy))];
  return remedies.map((remedy) => ({ remedy, alike: findings.filter((finding) => finding.remedy === remedy) }));
}
