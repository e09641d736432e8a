import { z } from 'zod';
import { singleLayerSchema, type LayerSpec, type SingleLayer } from '../core/model.js';

/** How a deck writes a kind of layer. */
interface LayerWord {
  readonly kind: SingleLayer['kind'];
  /** The option that a bare value stands for: `dense: 10`. */
  readonly short?: string;
  /** Takes an `activation`, a layer of its own behind it. */
  readonly activation?: true;
}

/** The word of a deck -> the kind of `core/model.ts`, which has the options. docs/decks.md explains them. */
export const LAYERS = {
  dense: { kind: 'dense', short: 'units', activation: true },
  conv: { kind: 'conv2d', activation: true },
  conv1d: { kind: 'conv1d', activation: true },
  convTranspose: { kind: 'conv2d-transpose', activation: true },
  depthwiseConv: { kind: 'depthwise-conv2d', activation: true },
  separableConv: { kind: 'separable-conv2d', activation: true },
  maxPool: { kind: 'max-pool', short: 'size' },
  averagePool: { kind: 'average-pool', short: 'size' },
  maxPool1d: { kind: 'max-pool1d', short: 'size' },
  averagePool1d: { kind: 'average-pool1d', short: 'size' },
  globalAveragePool: { kind: 'global-average-pool' },
  globalMaxPool: { kind: 'global-max-pool' },
  globalAveragePool1d: { kind: 'global-average-pool1d' },
  globalMaxPool1d: { kind: 'global-max-pool1d' },
  flatten: { kind: 'flatten' },
  reshape: { kind: 'reshape', short: 'shape' },
  rescaling: { kind: 'rescaling', short: 'scale' },
  dropout: { kind: 'dropout', short: 'rate' },
  batchNorm: { kind: 'batch-norm' },
  layerNorm: { kind: 'layer-norm' },
  zeroPad: { kind: 'zero-padding', short: 'padding' },
  zeroPad1d: { kind: 'zero-padding1d', short: 'padding' },
  upsample: { kind: 'upsampling', short: 'size' },
  upsample1d: { kind: 'upsampling1d', short: 'size' },
  embedding: { kind: 'embedding' },
  simpleRnn: { kind: 'simple-rnn', short: 'units' },
  lstm: { kind: 'lstm', short: 'units' },
  gru: { kind: 'gru', short: 'units' },
  relu: { kind: 'relu' },
  sigmoid: { kind: 'sigmoid' },
  tanh: { kind: 'tanh' },
  softmax: { kind: 'softmax' },
  logSoftmax: { kind: 'log-softmax' },
  relu6: { kind: 'relu6' },
  selu: { kind: 'selu' },
  silu: { kind: 'silu' },
  softplus: { kind: 'softplus' },
  leakyRelu: { kind: 'leaky-relu', short: 'slope' },
  elu: { kind: 'elu', short: 'alpha' },
  gelu: { kind: 'gelu' },
} as const satisfies Readonly<Record<string, LayerWord>>;

/** Activations that a layer may bring with it. */
const ACTIVATIONS = [
  ...(['relu', 'sigmoid', 'tanh', 'softmax', 'logSoftmax', 'relu6', 'selu', 'silu', 'softplus'] as const),
  ...(['leakyRelu', 'elu', 'gelu'] as const),
] satisfies readonly (keyof typeof LAYERS)[];

/** The words of `core/model.ts` for branches. */
const JUNCTIONS = ['concat', 'add'] as const;

const MOST_LAYERS = 2000;
const MOST_BRANCHES = 64;

/** No slash, which leads to a layer within branches, and no asterisk, which is a pattern. */
const layerName = z
  .string()
  .regex(/^[a-z0-9][a-z0-9_.-]{0,59}$/i, 'a name of letters, digits, dots, hyphens and underscores, at most 60')
  .describe('what the claims call it; else its word and its number: conv1, dense2');

const WORDS = new Map<string, LayerWord>(Object.entries(LAYERS));

/** Options of a kind of layer, without kind and name. */
function optionsOf(kind: SingleLayer['kind']): Readonly<Record<string, z.ZodType>> {
  const found = singleLayerSchema.options.find(({ shape }) => shape.kind.safeParse(kind).success);
  if (found === undefined) throw new TypeError(`core/model.ts has no layer "${kind}"`);
  return Object.fromEntries(Object.entries(found.shape).filter(([key]) => key !== 'kind' && key !== 'name'));
}

function optionalIn(fields: Readonly<Record<string, z.ZodType>>): boolean {
  return Object.values(fields).every((field) => field.safeParse(undefined).success);
}

const isBare = (word: string) => optionalIn(optionsOf((WORDS.get(word) as LayerWord).kind));

/** A layer as a deck writes it: a word, or a map with a word and its options. */
type Written = string | Readonly<Record<string, unknown>>;

const wordSchemas = [...WORDS].map(([word, { kind, short, activation }]) => {
  const fields = optionsOf(kind);
  const options = z.strictObject({
    ...fields,
    ...(activation && { activation: z.enum(ACTIVATIONS).optional() }),
    name: layerName.optional(),
  });
  const field = short === undefined ? undefined : fields[short];
  // What has a default is left out by the word alone: "leakyRelu", and not "leakyRelu:".
  const brief = field instanceof z.ZodOptional ? (field.unwrap() as z.ZodType) : field;
  return z.strictObject({ [word]: brief === undefined ? options : z.union([brief, options]) });
});

const branchesSchema: z.ZodType<Written[][]> = z
  .array(z.lazy(() => layersSchema))
  .min(2)
  .max(MOST_BRANCHES);

export const layersSchema: z.ZodType<Written[]> = z.lazy(() => z.array(layerSchema).max(MOST_LAYERS));

const layerSchema = z
  .union([
    z.enum([...WORDS.keys()].filter(isBare)),
    ...wordSchemas,
    ...JUNCTIONS.map((word) =>
      z.strictObject({
        [word]: z.union([branchesSchema, z.strictObject({ branches: branchesSchema, name: layerName.optional() })]),
      }),
    ),
  ])
  .meta({
    id: 'layer',
    description: 'a word such as flatten, or a word with its options: conv: { filters: 32, kernel: 3 }',
  }) as z.ZodType<Written>;

/** A name that two neighbours have, and which of the list the second one is. */
export interface NameTwice {
  readonly name: string;
  /** Of the second one, within the list of layers: places, words and `branches` between them. */
  readonly path: readonly PropertyKey[];
}

/**
 * The layers of `core/model.ts`, each with a name.
 *
 * @param twice gets the names that are not unique among neighbours
 */
export function layersOf(written: readonly Written[], twice: (found: NameTwice) => void): LayerSpec[] {
  return listOf(written, [], twice);
}

function listOf(
  written: readonly Written[],
  path: readonly PropertyKey[],
  twice: (found: NameTwice) => void,
): LayerSpec[] {
  const numbers = new Map<string, number>();
  const names = new Set<string>();
  return written.flatMap((each, index): LayerSpec[] => {
    const [word, value] = typeof each === 'string' ? [each, {}] : (Object.entries(each)[0] as [string, unknown]);
    const number = (numbers.get(word) ?? 0) + 1;
    numbers.set(word, number);
    const options = optionsFrom(word, value);
    const name = typeof options['name'] === 'string' ? options['name'] : defaultName(word, number);
    if (names.has(name)) twice({ name, path: [...path, index] });
    names.add(name);
    if (isJunction(word)) {
      const inner = Array.isArray(value) ? [word] : [word, 'branches'];
      const branches = (options['branches'] as Written[][]).map((branch, place) =>
        listOf(branch, [...path, index, ...inner, place], twice),
      );
      return [{ kind: word, name, branches }];
    }
    const { kind } = WORDS.get(word) as LayerWord;
    const { activation, ...fields } = options;
    const layer = inOrder({ ...fields, kind, name } as LayerSpec);
    if (typeof activation !== 'string') return [layer];
    return [layer, { kind: LAYERS[activation as (typeof ACTIVATIONS)[number]].kind, name: `${name}/${activation}` }];
  });
}

/** Kind, name, then the options by the alphabet: the digest of a recipe is of its text. */
export function inOrder(layer: LayerSpec): LayerSpec {
  if ('branches' in layer) return { ...layer, branches: layer.branches.map((branch) => branch.map(inOrder)) };
  const { kind, name, ...options } = layer;
  const ordered = Object.entries(options)
    .filter(([, option]) => option !== undefined)
    .toSorted(([a], [b]) => (a < b ? -1 : 1));
  return { kind, name, ...Object.fromEntries(ordered) } as LayerSpec;
}

/** `conv1`, `conv1d_1`. */
function defaultName(word: string, number: number): string {
  return /\d/.test(word) ? `${word}_${number}` : `${word}${number}`;
}

function optionsFrom(word: string, value: unknown): Record<string, unknown> {
  if (isJunction(word) && Array.isArray(value)) return { branches: value };
  if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value as Record<string, unknown>;
  const short = WORDS.get(word)?.short;
  return short === undefined ? {} : { [short]: value };
}

function isJunction(word: string): word is (typeof JUNCTIONS)[number] {
  return (JUNCTIONS as readonly string[]).includes(word);
}
