import { parsePrinted } from '../core/printed.js';
import { sizeOf, type LayerSummary, type ModelSummary } from './summary.js';

/** What a printed number has to do with a model. */
export interface Explanation {
  readonly printed: string;
  /** The number it stands for. */
  readonly value: number;
  /** Printed minus the model's parameters. */
  readonly difference: number;
  readonly agrees: boolean;
  /** What the printed number is instead, most plausible first; empty where nothing was found. */
  readonly because: readonly string[];
}

/** A number that somebody could have printed in place of the parameters, and in which words. */
interface Candidate {
  readonly value: number;
  readonly words: string;
}

/** Explanations that are printed at most. */
const MOST_EXPLANATIONS = 3;

/**
 * Compares a printed number of parameters with the model, and looks for what else it could be: the weights alone, one layer
 * or block missing, alone or twice, a dense layer with other inputs or outputs, another column of the table.
 *
 * @param printed as decks print it: `33024`, `2,635,146`, `138M`, `527.8 MB`
 * @throws RangeError for what is no number
 */
export function explainPrinted(model: ModelSummary, printed: string): Explanation {
  const parsed = parsePrinted(printed);
  if (parsed.kind === 'shape') throw new RangeError(`"${printed}" is a shape, not a number`);
  const { parameters } = model.totals;
  const isBytes = /B$/i.test(printed.trim());
  const fits = ({ value }: Candidate) => parsed.low <= value && value <= parsed.high;
  const agrees = !isBytes && fits({ value: parameters, words: '' });
  const tiers = isBytes
    ? [sizes(model)]
    : parsed.exact
      ? [...counts(model), resized(model, parsed.value)]
      : counts(model);
  const because = agrees ? [] : (tiers.map((tier) => tier.filter(fits)).find((tier) => tier.length > 0) ?? []);
  return {
    printed,
    value: parsed.value,
    difference: parsed.value - parameters,
    agrees,
    because: [...new Set(because.map(({ words }) => words))].slice(0, MOST_EXPLANATIONS),
  };
}

/** Counts, the most plausible mistakes first. An explanation of one tier makes those after it improbable. */
function counts(model: ModelSummary): Candidate[][] {
  const { layers, totals } = model;
  const parts = partsOf(layers);
  return [wholeModel(model), kinds(layers), parts.flatMap((part) => onePart(totals.parameters, part)), columns(model)];
}

function wholeModel({ layers, totals }: ModelSummary): Candidate[] {
  const { weights, biases, parameters, nonTrainable } = totals;
  const missing = layers.filter(canHaveBias).filter((layer) => layer.biases === 0);
  const more = sumOf(missing, biasesIfAny);
  const number = (value: number) => value.toLocaleString('en-US');
  return [
    ...(biases > 0 ? [{ value: weights, words: `the weights alone: the ${number(biases)} biases are missing` }] : []),
    ...(more > 0
      ? [{ value: parameters + more, words: `the model with ${number(more)} biases, which it does not have` }]
      : []),
    ...(nonTrainable > 0
      ? [
          {
            value: parameters + nonTrainable,
            words: `the parameters and the ${number(nonTrainable)} running means and variances, which are not trained`,
          },
        ]
      : []),
  ];
}

function canHaveBias({ weights, kind }: LayerSummary): boolean {
  return weights > 0 && !isNormalisation(kind) && !/^(embedding|prelu)$/i.test(kind);
}

/** Biases of a layer that has none: one for each output; of a recurrent layer for each column of its kernels. */
function biasesIfAny({ kind, weights, inputShape, outputShape }: LayerSummary): number {
  const units = outputShape.at(-1) ?? 0;
  return isRecurrent(kind) ? weights / ((inputShape.at(-1) ?? 0) + units) : units;
}

/** Sums over all layers of a kind, and over all others. */
function kinds(layers: readonly LayerSummary[]): Candidate[] {
  const names = {
    'convolutional layers': ({ kind }: LayerSummary) => /conv/i.test(kind),
    'fully connected layers': ({ kind }: LayerSummary) => /^dense$/i.test(kind),
    normalisations: ({ kind }: LayerSummary) => isNormalisation(kind),
  };
  return Object.entries(names).flatMap(([name, belongs]) => {
    const inside = layers.filter(belongs);
    const outside = layers.filter((layer) => !belongs(layer));
    if (sumOf(inside, parametersOf) === 0 || sumOf(outside, parametersOf) === 0) return [];
    return [
      { value: sumOf(outside, parametersOf), words: `the model without its ${name}` },
      { value: sumOf(outside, weightsOf), words: `the weights of the model without its ${name}, biases missing` },
      { value: sumOf(inside, parametersOf), words: `the ${name} alone` },
      { value: sumOf(inside, weightsOf), words: `the weights of the ${name} alone, biases missing` },
    ];
  });
}

interface Part {
  readonly name: string;
  readonly layers: readonly LayerSummary[];
}

/** Every layer with parameters, and every block. */
function partsOf(layers: readonly LayerSummary[]): Part[] {
  const single = layers
    .filter((layer) => parametersOf(layer) > 0)
    .map((layer) => ({ name: layer.name, layers: [layer] }));
  const blocks = layers
    .filter(({ branches }) => branches !== undefined)
    .map(({ name }) => ({ name, layers: layers.filter((layer) => layer.name.startsWith(`${name}/`)) }));
  return [...single, ...blocks.filter((block) => sumOf(block.layers, parametersOf) > 0)];
}

function onePart(parameters: number, { name, layers }: Part): Candidate[] {
  const [own, weights, biases] = [parametersOf, weightsOf, biasesOf].map((field) => sumOf(layers, field)) as [
    number,
    number,
    number,
  ];
  const candidates = [
    { value: parameters - own, words: `the model without ${name} (${own.toLocaleString('en-US')})` },
    { value: parameters + own, words: `the model with ${name} counted twice` },
    { value: own, words: `${name} alone` },
  ];
  if (biases === 0) return candidates;
  return [
    ...candidates,
    { value: parameters - biases, words: `the model without the ${biases.toLocaleString('en-US')} biases of ${name}` },
    { value: weights, words: `the weights of ${name} alone` },
    { value: biases, words: `the biases of ${name} alone` },
  ];
}

/** Numbers of other columns. */
function columns({ input, layers, totals }: ModelSummary): Candidate[] {
  return [
    { value: totals.macs, words: 'the multiply-accumulates, not the parameters' },
    { value: 2 * totals.macs, words: 'the floating-point operations (two a multiply-accumulate), not the parameters' },
    { value: totals.activations, words: 'the activations of all layers, not the parameters' },
    {
      value: totals.activations + sizeOf(input),
      words: 'the activations of all layers and the input, not the parameters',
    },
    ...layers.map(({ name, activations }) => ({
      value: activations,
      words: `the activations of ${name}, not parameters`,
    })),
  ];
}

/** Memory at four bytes a number, in MB of 10^6 and MiB of 2^20 bytes. */
function sizes({ totals, input }: ModelSummary): Candidate[] {
  const floats = {
    'the parameters': totals.parameters,
    'the activations of one example': totals.activations,
    'the activations of one example, forward and backward': 2 * totals.activations,
    'input, parameters and activations forward and backward':
      sizeOf(input) + totals.parameters + 2 * totals.activations,
  };
  return Object.entries(floats).flatMap(([words, count]) => [
    { value: (count * 4) / 2 ** 20, words: `${words} in MiB of 32-bit floats` },
    { value: (count * 4) / 1e6, words: `${words} in MB of 32-bit floats` },
  ]);
}

/**
 * The printed number as that of the same model in another size: another input, other neurons of a layer, other classes. Sizes
 * are looked for within a factor of a hundred.
 */
function resized({ layers, totals }: ModelSummary, printed: number): Candidate[] {
  const rest = printed - totals.parameters;
  const trained = layers.filter(canHaveBias);
  // Of the others, weights are not inputs times outputs.
  if (!trained.every(({ kind }) => /^(conv\d?d|dense)$/i.test(kind))) return [];
  const isDense = (layer: LayerSummary | undefined) => /^dense$/i.test(layer?.kind ?? '');
  return trained.flatMap((layer, index) => {
    const [before, after] = [trained[index - 1], trained[index + 1]];
    const { name, weights, biases } = layer;
    const inputs = layer.inputShape.at(-1) as number;
    const units = layer.outputShape.at(-1) as number;
    const isFirst = index === 0 || (isDense(layer) && !isDense(before));
    const perUnit = weights / units + (biases > 0 ? 1 : 0) + (after === undefined ? 0 : after.weights / units);
    const canGrow = isDense(layer) && (after === undefined || isDense(after));
    const inputName = `${isDense(layer) ? 'inputs' : 'input channels'} of ${name}`;
    return [
      ...(canGrow ? resize(`outputs of ${name}`, units, rest, perUnit) : []),
      ...(isFirst ? resize(inputName, inputs, rest, weights / inputs) : []),
    ].map((words) => ({ value: printed, words }));
  });
}

/** @param rest parameters to make up for @param each parameters that one more brings */
function resize(what: string, size: number, rest: number, each: number): string[] {
  const other = size + rest / each;
  if (!isPlausible(other, size)) return [];
  return [`the model with ${other.toLocaleString('en-US')} ${what} in place of ${size.toLocaleString('en-US')}`];
}

function isPlausible(other: number, own: number): boolean {
  return Number.isInteger(other) && other >= own / 100 && other <= own * 100;
}

function isRecurrent(kind: string): boolean {
  return /^(simple-?rnn|lstm|gru)$/i.test(kind);
}

function isNormalisation(kind: string): boolean {
  return /norm/i.test(kind);
}

function sumOf(layers: readonly LayerSummary[], field: (layer: LayerSummary) => number): number {
  return layers.reduce((sum, layer) => sum + field(layer), 0);
}

const weightsOf = ({ weights }: LayerSummary) => weights;
const biasesOf = ({ biases }: LayerSummary) => biases;
const parametersOf = ({ weights, biases }: LayerSummary) => weights + biases;
