import type { Claim } from '../core/claim.js';
import type { Operation } from '../core/operation.js';
import type { Layers, Quantity } from '../core/quantity.js';
import type { WrittenClaim } from './claim-schema.js';
import type { Complaints } from './complain.js';
import { readExample } from './examples.js';
import { fullName, modelId } from './models.js';
import { expectedOf, printedKind } from './printed.js';

/** The experiment of a deck's worked examples, and that which counts a data set. */
export const examplesId = (deck: string): string => fullName(deck, 'examples');
export const countingId = (deck: string, dataset: string): string => fullName(deck, `data-${dataset}`);

/** What the claims of a deck need of it. */
export interface ClaimContext {
  readonly deck: string;
  /** Those of the deck. */
  readonly experiments: ReadonlySet<string>;
  readonly models: ReadonlySet<string>;
  /** Those of the deck, and the built-in ones. */
  readonly datasets: ReadonlySet<string>;
  /** Calls a part that is not there by its name; says whether it is there. */
  readonly check: (kind: 'experiment' | 'model' | 'data set', name: string, path: readonly PropertyKey[]) => boolean;
  readonly complaints: Complaints;
}

export interface ReadClaims {
  readonly claims: readonly Claim[];
  readonly operations: readonly Operation[];
}

/** The claims of a deck, and the operations of its worked examples. */
export function readClaims(written: readonly WrittenClaim[], context: ClaimContext): ReadClaims {
  const claims: Claim[] = [];
  const operations: Operation[] = [];
  const seen = new Set<string>();
  for (const [index, claim] of written.entries()) {
    const path = ['claims', index];
    const id = claim.id.toLowerCase();
    if (seen.has(id))
      context.complaints.add('E_DECK_NAME', [...path, 'id'], `"${claim.id}" is already the id of another claim`);
    seen.add(id);
    if ('example' in claim) {
      const operation = operationOf(claim, path, context);
      if (operation !== undefined) operations.push(operation);
    }
    claims.push(claimOf(claim, path, context));
  }
  return { claims, operations };
}

type Path = readonly PropertyKey[];

function claimOf(written: WrittenClaim, path: Path, { deck, check, complaints }: ClaimContext): Claim {
  const { id, place, printed, statement, quote } = written;
  const base = (suite: string, said: string) => ({
    id: `${deck}/${id}`,
    suite,
    deck,
    place,
    printed,
    statement: statement ?? (quote === undefined ? said : `"${quote}"`),
  });
  const experiment = (name: string, key: Path) => {
    check('experiment', name, [...path, ...key]);
    return fullName(deck, name);
  };
  const erratum = 'erratum' in written && written.erratum !== undefined ? { erratum: written.erratum } : {};
  if ('accuracy' in written || 'loss' in written) {
    const score = 'accuracy' in written ? 'accuracy' : 'loss';
    const what = 'accuracy' in written ? written.accuracy : written.loss;
    const { of, set = 'test', epoch } = typeof what === 'string' ? { of: what } : what;
    const subject = experiment(of, typeof what === 'string' ? [score] : [score, 'of']);
    const after = epoch === undefined ? '' : ` after epoch ${epoch}`;
    const common = base(deck, `${of} reaches a ${set} ${score} of ${printed}${after}.`);
    const expected = expectedOf(written, ['number'], path, complaints);
    if (score === 'accuracy' && set === 'test' && epoch === undefined) {
      return { kind: 'accuracy', ...common, experiment: subject, ...expected };
    }
    return {
      kind: 'score',
      ...common,
      experiment: subject,
      score,
      set,
      ...(epoch !== undefined && { epoch }),
      ...expected,
    };
  }
  if ('than' in written) {
    const [key, relation, words] =
      'higher' in written
        ? (['higher', 'higher', 'has a higher accuracy than'] as const)
        : 'lower' in written
          ? (['lower', 'lower', 'has a lower accuracy than'] as const)
          : (['notHigher', 'not-higher', 'is no better than'] as const);
    const name = (written as Readonly<Record<string, string>>)[key] as string;
    const subject = experiment(name, [key]);
    const comparedWith = experiment(written.than, ['than']);
    if (name === written.than)
      complaints.add('E_DECK_NAME', [...path, 'than'], 'an experiment is not compared with itself');
    return {
      kind: 'relation',
      ...base(deck, `${name} ${words} ${written.than}.`),
      experiment: subject,
      comparedWith,
      relation,
    };
  }
  if ('example' in written) {
    const [word = ''] = Object.keys(written.example);
    const kind = printedKind(printed);
    const expected = expectedOf(written, ['number', 'shape', 'grid'], path, complaints);
    return {
      kind: 'op',
      ...base('ops', `The example ${id} (${word}) gives ${printed}.`),
      experiment: examplesId(deck),
      unit: kind === 'shape' ? 'shape' : kind === 'grid' ? 'values' : 'value',
      ...expected,
      ...erratum,
      measure: { operation: id, part: { take: kind === 'shape' ? 'size' : kind === 'grid' ? 'grid' : 'first' } },
    };
  }
  if ('data' in written) {
    const { set, what } = written.data;
    check('data set', set, [...path, 'data', 'set']);
    const expected = expectedOf(written, [what === 'resolution' ? 'shape' : 'number'], path, complaints);
    return {
      kind: 'data',
      ...base('data', `${capital(inWords(what))} of ${set}: ${printed}.`),
      experiment: countingId(deck, set),
      unit: UNITS[what],
      ...expected,
      ...erratum,
      measure: what,
    };
  }
  const { model, measure, unit, said, shapes, path: at } = countOf(written);
  check('model', model, [...path, at, 'model']);
  const expected = expectedOf(written, [shapes ? 'shape' : 'number'], path, complaints);
  return {
    kind: 'count',
    ...base('params', `${said} of ${model}: ${printed}.`),
    model: modelId(deck, model),
    unit,
    measure,
    ...expected,
    ...erratum,
  };
}

type WrittenCount = Extract<WrittenClaim, { count: unknown } | { share: unknown } | { memory: unknown }>;

interface ReadCount {
  readonly model: string;
  readonly measure: Quantity;
  readonly unit: string;
  readonly said: string;
  /** Whether it is a shape, and not a number. */
  readonly shapes: boolean;
  readonly path: string;
}

/** What the reports write behind a number. */
const UNITS = {
  parameters: 'parameters',
  weights: 'weights',
  biases: 'biases',
  activations: 'values',
  macs: 'multiply-accumulates',
  layers: 'layers',
  'weight-layers': 'layers',
  size: 'shape',
  height: 'pixels',
  channels: 'channels',
  kernel: 'shape',
  stride: 'value',
  filters: 'shape',
  inputs: 'inputs',
  shape: 'shape',
  'training-images': 'images',
  'test-images': 'images',
  images: 'images',
  'images-per-class': 'images',
  classes: 'classes',
  resolution: 'shape',
  values: 'values',
  range: 'value',
} as const;

const SHAPES: readonly string[] = ['shape', 'size', 'kernel', 'filters'];

function countOf(written: WrittenCount): ReadCount {
  if ('share' in written) {
    const { model, of, what, in: all } = written.share;
    const whole = quantity({ what, ...(all !== undefined && { layer: all }) });
    const measure = { share: quantity({ what, layer: of }), of: whole };
    return {
      model,
      measure,
      unit: 'share',
      said: `Share of ${listed(of)} in the ${inWords(what)}`,
      shapes: false,
      path: 'share',
    };
  }
  if ('memory' in written) {
    const { model, layer, what } = written.memory;
    const measure = { memory: quantity({ what, ...(layer !== undefined && { layer }) }) };
    return {
      model,
      measure,
      unit: 'MiB',
      said: `Memory of the ${inWords(what)}${ofLayers(layer)}`,
      shapes: false,
      path: 'memory',
    };
  }
  const { count } = written;
  if ('sum' in count) {
    const said = `Sum of ${count.sum.map(({ what, layer }) => inWords(what) + ofLayers(layer)).join(', ')}`;
    return {
      model: count.model,
      measure: { sum: count.sum.map(quantity) },
      unit: 'value',
      said,
      shapes: false,
      path: 'count',
    };
  }
  const { what, layer } = count;
  const said = `${capital(inWords(what))}${ofLayers(layer)}`;
  return {
    model: count.model,
    measure: quantity(count),
    unit: UNITS[what],
    said,
    shapes: SHAPES.includes(what),
    path: 'count',
  };
}

interface Term {
  readonly what: string;
  readonly layer?: Layers | undefined;
  readonly as?: string | undefined;
}

function quantity({ what, layer, as }: Term): Quantity {
  return { what, ...(layer !== undefined && { of: layer }), ...(as !== undefined && { as }) } as Quantity;
}

function operationOf(
  claim: Extract<WrittenClaim, { example: unknown }>,
  path: Path,
  { complaints }: ClaimContext,
): Operation | undefined {
  const read = readExample(claim.id, claim.example);
  if ('operation' in read) return read.operation;
  const [word = ''] = Object.keys(claim.example);
  const inside = word === read.key ? [word] : [word, read.key];
  complaints.add('E_DECK_FIELD', [...path, 'example', ...inside], read.why);
  return undefined;
}

function inWords(what: string): string {
  return what.replaceAll('-', ' ');
}

function capital(text: string): string {
  return text.slice(0, 1).toUpperCase() + text.slice(1);
}

function listed(layers: Layers): string {
  return typeof layers === 'string' ? layers : layers.join(', ');
}

function ofLayers(layers: Layers | undefined): string {
  return layers === undefined ? '' : ` of ${listed(layers)}`;
}
