import { Args } from '@oclif/core';
import { BaseCommand } from '../cli/base-command.js';
import { plainTable } from '../cli/table.js';
import { summarize, type ModelSummary } from '../model/summary.js';
import { ARCHITECTURES, findArchitecture } from '../suites/architectures.js';

/** Bytes of a float32. */
const VALUE_BYTES = 4;

export default class Params extends BaseCommand {
  static override summary =
    'Print the layer table of an architecture: shapes, parameters, activations, multiply-accumulates.';
  static override description = `Counted symbolically: nothing is allocated, no tfjs is loaded.
Models: ${ARCHITECTURES.map((model) => model.id).join(', ')}.`;
  static override args = {
    model: Args.string({ required: true, description: 'id of the architecture' }),
  };
  static override examples = [
    '<%= config.bin %> <%= command.id %> vgg-16',
    '<%= config.bin %> <%= command.id %> lenet-5 --json',
  ];

  async run(): Promise<ModelSummary> {
    const { args } = await this.parse(Params);
    const summary = summarize(findArchitecture(args.model));
    this.log(layerTable(summary));
    return summary;
  }
}

function layerTable({ title, input, layers, totals }: ModelSummary): string {
  const number = (value: number) => value.toLocaleString('en-US');
  const costs = ['weights', 'biases', 'parameters', 'activations', 'MACs'];
  const rows = layers.map((layer) => [
    layer.name,
    layer.kind,
    layer.outputShape.join(' x '),
    number(layer.weights),
    number(layer.biases),
    number(layer.weights + layer.biases),
    number(layer.activations),
    number(layer.macs),
  ]);
  const { weights, biases, parameters, activations, macs } = totals;
  const sums = ['total', '', '', ...[weights, biases, parameters, activations, macs].map(number)];
  const mebibytes = (values: number) => `${((values * VALUE_BYTES) / 2 ** 20).toFixed(2)} MiB`;
  return [
    `${title}, input ${input.join(' x ')}`,
    '',
    plainTable(['layer', 'kind', 'output', ...costs], [...rows, sums], costs),
    '',
    `float32: parameters ${mebibytes(parameters)}, activations of one example ${mebibytes(activations)} (forward only, the input not counted)`,
  ].join('\n');
}
