// reference/pytorch/results -> src/suites/references.ts: what the product has to know of the PyTorch reference.
import { existsSync, readFileSync, writeFileSync } from 'node:fs';

const RESULTS = new URL('../reference/pytorch/results/', import.meta.url);
const TARGET = new URL('../src/suites/references.ts', import.meta.url);

/** The files that hold results on a test set. Order decides the order of the table. */
const FILES = ['smoke', 'quick', 'full-mlp', 'full-cnn-gpu', 'smoke-stand-in', 'quick-stand-in'];

const HEAD = `import type { Reference, ReferenceSetup } from '../core/reference.js';

// Written by scripts/write-references.js from reference/pytorch/results; a test compares the two.

`;

/** The text of references.ts. */
export function referencesText() {
  const files = FILES.map((name) => new URL(`${name}.json`, RESULTS)).filter((file) => existsSync(file));
  const results = files.map((file) => JSON.parse(readFileSync(file, 'utf8')));
  const setupLines = [...new Set(results.map((result) => literal(setupOf(result))))];
  const entries = results.flatMap(({ what, experiments, environment }) =>
    experiments.map(({ recipe, runs }) => ({
      experiment: recipe.id,
      profile: what.profile,
      data: what.data ?? 'real',
      accuracies: runs.toSorted((a, b) => a.seed - b.seed).map(({ finalAccuracy }) => finalAccuracy),
      setup: nameOf(setupLines.indexOf(literal(setupOf({ environment })))),
    })),
  );
  const lines = entries.map(
    ({ experiment, profile, data, accuracies, setup }) =>
      `  { experiment: '${experiment}', profile: '${profile}', data: '${data}', accuracies: [${accuracies.join(', ')}], setup: ${setup} },\n`,
  );
  return [
    HEAD,
    `${setupLines.map((setup, index) => `const ${nameOf(index)}: ReferenceSetup = ${setup};\n`).join('')}\n`,
    '/** Final test accuracies of PyTorch, one a seed. */\n',
    '// prettier-ignore\n',
    `export const REFERENCES: readonly Reference[] = [\n${lines.join('')}];\n`,
  ].join('');
}

/** What a file of results was trained with: its framework, and its processor or GPU. */
function setupOf({ environment }) {
  return { framework: `PyTorch ${environment.torch}`, machine: environment.gpu?.name ?? environment.cpu };
}

function nameOf(index) {
  return `SETUP_${index + 1}`;
}

function literal(setup) {
  return `{ ${Object.entries(setup)
    .map(([key, value]) => `${key}: '${value}'`)
    .join(', ')} }`;
}

if (import.meta.filename === process.argv[1]) writeFileSync(TARGET, referencesText());
