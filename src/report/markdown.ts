import type { ClaimVerdict, Summary, SummaryCell, Verdict } from '../core/summary.js';
import type { SweepResult } from '../core/sweep.js';
import { checkThreshold, findingInWords } from '../stats/gate.js';
import { percent } from '../stats/wording.js';
import { absentCells, accuracyRows, failedCells, grouped, throughputRows } from './cells.js';
import {
  byDeck,
  countVerdicts,
  findings,
  groupClaims,
  headline,
  leavesDeckUnjudged,
  verdictsByDeck,
  VERDICT_COLUMNS,
  VERDICT_TITLES,
} from './claims.js';
import type { ClaimGroup } from './claims.js';
import { curveCharts } from './curves.js';
import { markdown, markdownBlock, markdownCode, markdownHtml } from './escape.js';
import type { Renderer } from './format.js';
import { markdownTable } from './markdown-table.js';
import { differenceInWords, referenceInWords, referenceNoteInWords, referenceVerdictInWords } from './references.js';
import { effectLine, POINT_COLUMNS, pointRow, printedLine, rangeLines, SWEEP_NOTE } from './sweep.js';
import {
  accuracyInWords,
  backendInWords,
  cnnbenchInWords,
  dataLabel,
  deviceInWords,
  durationInWords,
  fmaInWords,
  looksInWords,
  measuredInWords,
  numberInWords,
  seedsInWords,
  signedVerdict,
  softwareInWords,
  speedInWords,
  speedIntervalInWords,
  testSetNoiseInWords,
  versionInWords,
  VERDICT_SIGNS,
} from './words.js';

/** `report.md`: the verdicts first, then what they rest on, then how to get it again. */
export const renderMarkdown: Renderer = (summary) => {
  const charts = curveCharts(summary);
  const sections = [
    `# cnnbench report: ${markdown(summary.run.id)}`,
    ...(summary.sweep === undefined ? [] : sweepSection(summary.sweep)),
    ...verdictSections(summary),
    ...failureSections(summary),
    ...headed('## Accuracy', accuracyTables(summary)),
    ...referenceSection(summary),
    ...headed('## Throughput', throughputTable(summary)),
    ...EXPERIMENT_SECTIONS.flatMap(([heading, kind]) => experimentSection(summary, heading, kind)),
    ...(charts.length === 0
      ? []
      : ['## Curves', ...charts.map(({ title, file }) => `![${markdown(title)}](${file.name})`)]),
    ...environmentSection(summary),
    ...seedSection(summary),
    '## How to run it again',
    markdownBlock(summary.run.command, 'sh'),
    `Started ${markdown(summary.run.startedAt)}. The rules behind the verdicts are in \`docs/methodology.md\` of cnnbench.`,
  ];
  return { text: `${sections.join('\n\n')}\n`, files: charts.map(({ file }) => file) };
};

function sweepSection(result: SweepResult): readonly string[] {
  const { experiment, profile, backend } = result.grid;
  const lines = [...rangeLines(result), ...result.printed.map((each) => printedLine(each, result))];
  return [
    `## What is left out of ${markdown(experiment)}`,
    `Profile ${profile}, backend ${backend}. ${markdown(SWEEP_NOTE)}`,
    markdownTable(
      POINT_COLUMNS,
      result.points.map((point) => pointRow(point).map(markdown)),
      ['right', 'left', 'right', 'right', 'left', 'right'],
    ),
    lines.map((line) => `- ${markdown(line)}`).join('\n'),
    ...(result.effects.length === 0
      ? []
      : [
          '### What matters, the most first',
          result.effects.map((effect) => `- ${markdown(effectLine(effect))}`).join('\n'),
        ]),
  ];
}

function verdictSections(summary: Summary): readonly string[] {
  const groups = groupClaims(summary.claims);
  const { cells, run } = summary;
  const state = run.finished
    ? []
    : [`> Unfinished: ${cells.length} of ${run.plannedCells} planned cells have a record.`];
  const standIns = cells.some(({ dataset }) => dataset?.standIn)
    ? [
        '> Some results are of **stand-in images**, drawn because a data set could not be had. They say nothing about the slides.',
      ]
    : [];
  const hint = leavesDeckUnjudged(summary)
    ? ['Accuracies are held against the slides with `--profile full` on real data only.']
    : [];
  const said = [fmaInWords(cells), softwareInWords(summary.backends), looksInWords(run)];
  const notes = [...state, ...standIns, ...said.flatMap((note) => (note === undefined ? [] : [`> ${markdown(note)}`]))];
  if (groups.length === 0) return notes;
  return [
    ...notes,
    '## Verdicts',
    `**${headline(groups)}**`,
    ...hint,
    verdictCounts(groups),
    ...byDeck(summary.claims).flatMap(({ deck, claims }) => deckSection(deck, claims)),
  ];
}

/** How many claims of each deck have which verdict. */
export function verdictCounts(groups: readonly ClaimGroup[]): string {
  return markdownTable(
    ['deck', ...VERDICT_COLUMNS.map(signedVerdict)],
    verdictsByDeck(groups).map(({ label, counts }) => [
      label,
      ...VERDICT_COLUMNS.map((verdict) => String(counts[verdict])),
    ]),
    ['left', 'right', 'right', 'right', 'right', 'right'],
  );
}

/** What a reader of a deck has to know, its errata first. */
function deckSection(deck: string, claims: readonly ClaimVerdict[]): readonly string[] {
  const sections = [
    ...findingSection(claims, 'erratum'),
    ...findingSection(claims, 'not reproduced'),
    ...findingSection(claims, 'inconclusive'),
    ...folded(`Not run (${countVerdicts(groupClaims(claims))['not run']})`, findingTable(claims, 'not run')),
  ];
  return sections.length === 0 ? [] : [`## Deck ${deck}`, ...sections];
}

function findingSection(claims: readonly ClaimVerdict[], verdict: Verdict): readonly string[] {
  const table = findingTable(claims, verdict);
  return table === '' ? [] : [`### ${VERDICT_SIGNS[verdict]} ${VERDICT_TITLES[verdict]}`, table];
}

function findingTable(claims: readonly ClaimVerdict[], verdict: Verdict): string {
  const found = findings(claims, verdict);
  if (found.length === 0) return '';
  return markdownTable(
    ['claim', 'where', 'printed', 'measured', 'backend', 'why'],
    found.map(({ claim, backends }) => [
      markdown(claim.statement),
      markdown(claim.place),
      markdown(claim.printed),
      markdown(measuredInWords(claim)),
      backends.join(', '),
      markdown(claim.reason),
    ]),
  );
}

function failureSections(summary: Summary): readonly string[] {
  const failed = failedCells(summary);
  const table = (cells: typeof failed) =>
    markdownTable(
      ['experiment', 'data', 'backend', 'profile', 'seed', 'outcome', 'reason'],
      cells.map(({ experiment, dataset, backend, profile, seed, outcome, reason }) => [
        markdownCode(experiment),
        dataset === undefined ? '\u2013' : markdown(dataLabel(dataset)),
        backend,
        profile,
        String(seed),
        outcome,
        markdown(reason ?? ''),
      ]),
    );
  const absent = absentCells(summary);
  const missed = summary.thresholds.map(checkThreshold).filter((found) => found !== undefined);
  return [
    ...(failed.length === 0 ? [] : ['## Cells that failed', table(failed)]),
    ...(absent.length === 0 ? [] : folded(`Cells that were not started (${absent.length})`, table(absent))),
    ...(missed.length === 0
      ? []
      : ['## Below the threshold', missed.map((found) => `- ${markdown(findingInWords(found))}`).join('\n')]),
  ];
}

/** Accuracy of every experiment, then the relations between them; nothing where nothing was trained. */
export function accuracyTables(summary: Summary): readonly string[] {
  const rows = accuracyRows(summary);
  if (rows.length === 0) return [];
  const table = markdownTable(
    ['experiment', 'profile', 'data', 'backend', 'seeds', 'expected', 'measured', 'verdict'],
    rows.map(({ verdict, ...row }) => [
      markdownCode(row.experiment),
      row.profile,
      row.real ? markdown(row.data ?? '\u2013') : `**${markdown(row.data ?? '')}**`,
      row.backend,
      [seedsInWords(row.seeds), row.failed > 0 && `${row.failed} failed`]
        .filter((part) => part !== false && part !== '')
        .join(' + '),
      markdown(row.expected ?? '\u2013'),
      row.mean === undefined ? 'failed' : accuracyInWords(row.mean, row.halfWidth),
      verdict === undefined
        ? '\u2013'
        : verdict === 'not compared'
          ? `${VERDICT_SIGNS['not run']} not compared`
          : signedVerdict(verdict),
    ]),
    ['left', 'left', 'left', 'left', 'left', 'right', 'right', 'left'],
  );
  const relations = summary.claims.filter(({ kind }) => kind === 'relation');
  const notes = [...new Set(summary.cells.flatMap(({ dataset }) => dataset?.note ?? []))];
  const noise = testSetNoiseInWords(rows);
  return [
    'Test accuracy after the last epoch, never the best one: mean over the seeds \u00b1 half the width of its 90% confidence interval.',
    table,
    ...(noise === undefined ? [] : [noise]),
    ...notes.map((note) => `Known variant: ${markdown(note)}.`),
    ...(relations.length === 0 ? [] : [relationTable(relations)]),
  ];
}

function relationTable(relations: readonly ClaimVerdict[]): string {
  return markdownTable(
    ['relation', 'backend', 'expected', 'measured', 'verdict', 'why'],
    relations.map((claim) => [
      markdown(claim.statement),
      claim.backend ?? '\u2013',
      markdown(`${String(claim.expected)} points`),
      markdown(measuredInWords(claim)),
      signedVerdict(claim.verdict),
      markdown(claim.reason),
    ]),
    ['left', 'left', 'right', 'right', 'left', 'left'],
  );
}

function referenceSection({ references }: Summary): readonly string[] {
  if (references.length === 0) return [];
  const table = markdownTable(
    ['experiment', 'profile', 'backend', 'seeds', 'measured', 'reference', 'difference', 'verdict', 'why'],
    references.map((comparison) => [
      markdownCode(comparison.experiment) + (comparison.standIn ? ' **(STAND-IN)**' : ''),
      comparison.profile,
      comparison.backend,
      seedsInWords(comparison.seeds),
      percent(comparison.testAccuracy),
      referenceInWords(comparison),
      differenceInWords(comparison),
      referenceVerdictInWords(comparison.verdict),
      markdown(comparison.reason),
    ]),
    ['left', 'left', 'left', 'left', 'right', 'right', 'right', 'left', 'left'],
  );
  return ['## Against the reference', `${markdown(referenceNoteInWords(references))}.`, table];
}

/** Training speeds with how they were measured; nothing where none were. */
export function throughputTable(summary: Summary): readonly string[] {
  const rows = throughputRows(summary);
  if (rows.length === 0) return [];
  const table = markdownTable(
    ['experiment', 'profile', 'data', 'backend', 'batch', 'cells', 'images/s', '95% interval'],
    rows.map((row) => [
      markdownCode(row.experiment),
      row.profile,
      markdown(row.data),
      backendInWords(row),
      String(row.batchSize),
      String(row.cells),
      speedInWords(row.imagesPerSecond),
      speedIntervalInWords(row.interval),
    ]),
    ['left', 'left', 'left', 'left', 'right', 'right', 'right', 'right'],
  );
  const note =
    'Training steps only, warm-up excluded: median of the timed blocks. Speeds of this machine, never compared with a slide.';
  return [note, table];
}

/** Kinds of claims that are shown experiment by experiment, and under which heading. */
const EXPERIMENT_SECTIONS: readonly (readonly [title: string, kind: ClaimVerdict['kind']])[] = [
  ['Worked examples and formulas', 'op'],
  ['Parameters and shapes', 'count'],
  ['Data sets', 'data'],
];

function experimentSection({ cells, claims }: Summary, heading: string, kind: ClaimVerdict['kind']): readonly string[] {
  const experiments = grouped(groupClaims(claims.filter((claim) => claim.kind === kind)), ({ claim }) => [
    claim.experiment,
  ]);
  const sections = experiments.flatMap((groups) => {
    const { reproduced } = countVerdicts(groups);
    const id = groups[0]?.claim.experiment ?? '';
    const verdict = `${reproduced} of ${groups.length} hold`;
    return folded(`${describeExperiment(id, cells)}: ${verdict}`, parameterTable(groups), reproduced < groups.length);
  });
  return sections.length === 0 ? [] : [`## ${heading}`, ...sections];
}

/** `googlenet, GoogLeNet of the paper, 6,998,552 parameters`: which variant it is, as far as the cells say. */
function describeExperiment(id: string, cells: readonly SummaryCell[]): string {
  const cell = cells.find(({ experiment, outcome }) => experiment === id && outcome === 'completed');
  const count = cell?.parameters === undefined ? [] : [`${numberInWords(cell.parameters)} parameters`];
  return [id, ...(cell?.title === undefined ? [] : [cell.title]), ...count].join(', ');
}

function parameterTable(groups: readonly ClaimGroup[]): string {
  const backends = [...new Set(groups.flatMap(({ verdicts }) => verdicts.flatMap(({ backend }) => backend ?? [])))];
  const on = ({ verdicts }: ClaimGroup, name: string) => {
    const own = verdicts.find(({ backend }) => backend === name);
    return own === undefined ? '\u2013' : `${VERDICT_SIGNS[own.verdict]} ${markdown(measuredInWords(own))}`;
  };
  return markdownTable(
    ['claim', 'where', 'expected', ...backends, 'verdict'],
    groups.map((group) => [
      markdown(group.claim.statement),
      `${group.claim.deck}, ${markdown(group.claim.place)}`,
      markdown(group.claim.printed),
      ...backends.map((name) => on(group, name)),
      signedVerdict(group.verdict),
    ]),
    ['left', 'left', 'right', ...backends.map(() => 'right' as const), 'left'],
  );
}

function environmentSection({ environment, backends, cells }: Summary): readonly string[] {
  const seconds = cells.reduce((sum, cell) => sum + cell.seconds, 0);
  const machine = markdownTable(
    ['', ''],
    [
      ['cnnbench', markdown(cnnbenchInWords(environment))],
      ['Node.js', markdown(environment.node)],
      ['system', markdown(`${environment.platform} ${environment.arch}`)],
      ['processor', markdown(`${environment.cpu}, ${environment.cores} cores`)],
      ['memory', `${numberInWords(environment.memory / 2 ** 30)} GiB`],
      ['time in cells', durationInWords(seconds)],
    ],
  );
  return ['## Environment', machine, ...backendAndDataTables({ backends, cells })];
}

/** What computed, and on which files; without the tables that would be empty. */
export function backendAndDataTables({ backends, cells }: Pick<Summary, 'backends' | 'cells'>): readonly string[] {
  const table = markdownTable(
    ['backend', 'version', 'device', 'threads', 'variant', 'own kernels'],
    backends.map((backend) => [
      backend.name,
      markdown(versionInWords(backend)),
      markdown(deviceInWords(backend)),
      String(backend.threads),
      markdown(backend.variant),
      markdown(backend.ownKernels.join(', ')),
    ]),
  );
  const data = grouped(
    cells.flatMap(({ dataset }) => dataset ?? []),
    ({ fingerprint }) => [fingerprint],
  ).flatMap(([dataset]) => dataset ?? []);
  const files = markdownTable(
    ['data', 'provenance', 'fingerprint (SHA-256)'],
    data.map(({ name, provenance, fingerprint }) => [name, provenance, markdownCode(fingerprint)]),
  );
  return [...(backends.length === 0 ? [] : [table]), ...(data.length === 0 ? [] : [files])];
}

function seedSection({ cells }: Summary): readonly string[] {
  const trained = cells.filter(({ testAccuracy }) => testAccuracy !== undefined);
  if (trained.length === 0) return [];
  const table = markdownTable(
    [
      'experiment',
      'data',
      'backend',
      'profile',
      'seed',
      'epochs',
      'train / test images',
      'batch',
      'test accuracy',
      'weights (SHA-256)',
    ],
    trained.map((cell) => [
      markdownCode(cell.experiment),
      cell.dataset === undefined ? '\u2013' : markdown(dataLabel(cell.dataset)),
      cell.backend,
      cell.profile,
      String(cell.seed),
      String(cell.epochs ?? '\u2013'),
      `${numberInWords(cell.trainImages ?? 0)} / ${numberInWords(cell.testImages ?? 0)}`,
      String(cell.batchSize ?? '\u2013'),
      cell.testAccuracy === undefined ? '\u2013' : percent(cell.testAccuracy),
      markdownCode((cell.weightsSha256 ?? '').slice(0, 16)),
    ]),
    ['left', 'left', 'left', 'left', 'right', 'right', 'right', 'right', 'right', 'left'],
  );
  return ['## Seeds', ...folded(`Every cell that was trained (${trained.length})`, table)];
}

function headed(heading: string, body: readonly string[]): readonly string[] {
  return body.length === 0 ? [] : [heading, ...body];
}

/** A section that is closed until it is clicked on. The title is HTML; GitHub reads Markdown only after a blank line. */
function folded(title: string, body: string, open = false): readonly string[] {
  if (body === '') return [];
  return [`<details${open ? ' open' : ''}>\n<summary>${markdownHtml(title)}</summary>`, body, '</details>'];
}
