import { curveCharts } from '../curves.js';
import { markdown, markdownBlock } from '../escape.js';
import type { Renderer } from '../format.js';
import { environmentSection } from './environment.js';
import { EXPERIMENT_SECTIONS, experimentSection } from './experiments.js';
import { failureSections } from './failures.js';
import { TIME_TO_TARGET_TITLE } from '../time-to-target.js';
import { headed } from './fold.js';
import { sweepSection } from './sweep.js';
import {
  accuracyTables,
  referenceSection,
  seedSection,
  symptomList,
  throughputTable,
  timeToTargetTable,
} from './training.js';
import { verdictSections } from './verdicts.js';

/** `report.md`: the verdicts first, then what they rest on, then how to get it again. */
export const renderMarkdown: Renderer = (summary) => {
  const charts = curveCharts(summary);
  const sections = [
    `# cnnbench report: ${markdown(summary.run.id)}`,
    ...(summary.sweep === undefined ? [] : sweepSection(summary.sweep)),
    ...verdictSections(summary),
    ...failureSections(summary),
    ...headed('## Accuracy', accuracyTables(summary)),
    ...headed('## Symptoms', symptomList(summary)),
    ...referenceSection(summary),
    ...headed('## Throughput', throughputTable(summary)),
    ...headed(`## ${TIME_TO_TARGET_TITLE}`, timeToTargetTable(summary)),
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
