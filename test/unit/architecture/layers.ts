import type { Import } from './import-graph.js';

/** What the files of one folder of `src/` may import besides each other. */
export interface Layer {
  /** Folders whose values and types may be used. */
  readonly uses: readonly string[];
  /** Folders of which only types may be used. */
  readonly typesOf?: readonly string[];
  /** Packages; `node:*` stands for all of Node's own modules. */
  readonly packages?: readonly string[];
  /** Packages that most commands do without, and that are loaded only where they are needed. */
  readonly onDemand?: readonly string[];
}

/** Everything that is not a composition root, in the order in which data flows. docs/architecture.md explains it. */
const INNER = [
  'core',
  'files',
  'model',
  'ledger',
  'decks',
  'plan',
  'data',
  'stats',
  'records',
  'report',
  'parity',
  'runner',
  'native',
  'backends',
];

const LAYERS: Readonly<Record<string, Layer>> = {
  core: { uses: [], packages: ['seedrandom', 'zod'] },
  files: { uses: [], packages: ['node:*', 'zod'] },
  model: { uses: ['core'], packages: ['zod'] },
  ledger: { uses: ['core', 'model'], typesOf: ['data'], packages: ['node:crypto'] },
  decks: {
    uses: ['core', 'model', 'ledger', 'data'],
    typesOf: ['yaml'],
    packages: ['node:*', 'zod'],
    onDemand: ['yaml'],
  },
  suites: { uses: ['core', 'model', 'ledger', 'data'] },
  plan: { uses: ['core', 'model', 'ledger'], packages: ['node:crypto'] },
  data: {
    uses: ['core', 'files'],
    packages: ['node:*', 'tar-stream', 'zod'],
    onDemand: ['undici', 'fzstd', 'hyparquet', 'hyparquet/src/column.js', 'sharp'],
    typesOf: ['hyparquet', 'sharp'],
  },
  stats: { uses: ['core', 'model'] },
  records: { uses: ['core', 'files'], packages: ['node:*', 'zod'] },
  report: { uses: ['core', 'stats'], packages: ['node:util', 'cli-table3'] },
  train: { uses: ['core', 'model'], typesOf: ['backends', '@tensorflow'], packages: ['node:crypto'] },
  examples: { uses: ['core'], typesOf: ['backends', '@tensorflow'] },
  parity: { uses: ['core', 'model', 'train'], typesOf: ['backends', '@tensorflow'], packages: ['zod'] },
  native: { uses: ['core', 'files'], typesOf: ['@tensorflow'], packages: ['node:*', 'zod'] },
  backends: {
    uses: ['core', 'data', 'native'],
    typesOf: ['@tensorflow'],
    packages: ['node:*'],
    onDemand: ['@tensorflow', 'webgpu'],
  },
  runner: {
    uses: ['core', 'model', 'plan', 'data', 'examples', 'records', 'native', 'parity'],
    typesOf: ['backends'],
    packages: ['node:*', 'zod'],
  },
  app: { uses: INNER, packages: ['node:*', 'cli-table3', 'jiti'] },
  cli: { uses: [...INNER, 'app'], packages: ['node:*', '@oclif/core'] },
  commands: { uses: [...INNER, 'app', 'cli', 'suites'], packages: ['node:*', '@oclif/core'] },
  // The package as a library.
  'index.ts': { uses: [...INNER, 'app', 'suites'], packages: ['zod'] },
  bench: { uses: [...INNER, 'suites', 'train'], packages: ['node:*', 'zod'] },
};

/** The child process puts a cell together: data, backend, training loop and measurement. */
export const CHILD = 'src/runner/child/main.ts';
const isChild = (file: string) => file.startsWith('src/runner/child/');
/** What the built-in decks hold reaches everybody else as an argument: their ledger, which composition roots ask for. */
const BUILT_IN = 'src/suites/built-in.ts';
const CHILD_LAYER: Layer = { uses: [...INNER, 'examples', 'train'], packages: ['node:*'] };

/** What is wrong with an import, or nothing. */
export function violation({ from, to, kind }: Import): string | undefined {
  const own = folderOf(from);
  const layer = isChild(from) ? CHILD_LAYER : LAYERS[own];
  if (layer === undefined) return `${from}: the folder ${own} has no rule in test/unit/architecture/layers.ts`;
  const said = `${from} -> ${to} (${kind})`;
  if (isChild(to) && !isChild(from)) return `${said}: the child process is forked, never imported`;
  const target = folderOf(to);
  if (target === own) return undefined;
  if (target === 'suites' && to !== BUILT_IN) return `${said}: take it from the ledger, which is an argument`;
  if (kind === 'type' && layer.typesOf?.includes(target)) return undefined;
  if (kind === 'dynamic') {
    return layer.onDemand?.includes(target) ? undefined : `${said}: only what is in onDemand is imported on demand`;
  }
  const allowed = to.startsWith('src/') ? layer.uses.includes(target) : isListed(to, layer.packages ?? []);
  return allowed ? undefined : said;
}

/** `src/plan/plan.ts` -> `plan`, `@tensorflow/tfjs-core` -> `@tensorflow`, other packages -> their name. */
function folderOf(file: string): string {
  const [first = '', second = ''] = file.split('/');
  if (first === 'src') return second;
  return first === '@tensorflow' ? first : file;
}

function isListed(specifier: string, packages: readonly string[]): boolean {
  return packages.includes(specifier) || (specifier.startsWith('node:') && packages.includes('node:*'));
}
