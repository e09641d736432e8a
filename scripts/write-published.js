// results/published/*/summary.json -> src/suites/published.ts: the verdicts of published runs that a user has not the time to reach.
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';

const PUBLISHED = new URL('../results/published/', import.meta.url);
const TARGET = new URL('../src/suites/published.ts', import.meta.url);

const HEAD = `import type { KnownVerdict } from '../core/known.js';

// Written by scripts/write-published.js from results/published; a test compares the two.

/** Verdicts of the published runs on accuracies and their order, by the id of the claim. */
// prettier-ignore
export const PUBLISHED: Readonly<Record<string, readonly KnownVerdict[]>> = {
`;

/** The text of published.ts. */
export function publishedText() {
  const runs = readdirSync(PUBLISHED).sort();
  const verdicts = new Map();
  for (const run of runs) {
    const summary = JSON.parse(readFileSync(new URL(`${run}/summary.json`, PUBLISHED), 'utf8'));
    for (const claim of summary.claims.filter(isOverSeeds)) {
      verdicts.set(claim.id, [...(verdicts.get(claim.id) ?? []), knownOf(claim, summary)]);
    }
  }
  const lines = [...verdicts].map(([id, known]) => `  '${id}': ${JSON.stringify(known)},\n`);
  return `${HEAD}${lines.join('')}};\n`;
}

function isOverSeeds({ kind, verdict }) {
  return (kind === 'accuracy' || kind === 'relation') && verdict !== 'not run';
}

function knownOf({ verdict, reason, measured, interval, level, seeds, backend }, { run, environment }) {
  return {
    ...{ verdict, reason, measured, interval, level, seeds: seeds.length, by: backend },
    ...{ machine: environment.cpu, date: run.startedAt.slice(0, 10) },
  };
}

if (import.meta.filename === process.argv[1]) writeFileSync(TARGET, publishedText());
