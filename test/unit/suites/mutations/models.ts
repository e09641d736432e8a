import type { LayerSpec, ModelSpec } from '../../../../src/core/model.js';

type Changed = (layer: LayerSpec) => readonly LayerSpec[] | undefined;

/** What may be different about one layer of a model. Nothing for a layer of another kind. */
const LAYER_MUTATIONS: Readonly<Record<string, Changed>> = {
  'a kernel of one pixel more': (layer) =>
    layer.kind === 'conv2d' ? [{ ...layer, kernel: both(layer.kernel, 1) }] : undefined,
  'a kernel of one pixel less': (layer) =>
    layer.kind === 'conv2d' && layer.kernel !== 1 ? [{ ...layer, kernel: both(layer.kernel, -1) }] : undefined,
  'twice the filters': (layer) => (layer.kind === 'conv2d' ? [{ ...layer, filters: 2 * layer.filters }] : undefined),
  'a stride of one pixel more': (layer) => {
    if (layer.kind === 'conv2d') return [{ ...layer, stride: both(layer.stride ?? 1, 1) }];
    return isPool(layer) ? [{ ...layer, stride: both(layer.stride ?? layer.size, 1) }] : undefined;
  },
  'another padding': (layer) => {
    if (layer.kind !== 'conv2d') return undefined;
    return [{ ...layer, padding: typeof layer.padding === 'number' ? layer.padding - 1 : 1 }];
  },
  'a window of one pixel more': (layer) =>
    isPool(layer) ? [{ ...layer, size: both(layer.size, 1), stride: layer.stride ?? layer.size }] : undefined,
  'twice the units': (layer) => (layer.kind === 'dense' ? [{ ...layer, units: 2 * layer.units }] : undefined),
  'a hundredth of the units': (layer) =>
    layer.kind === 'dense' ? [{ ...layer, units: Math.ceil(layer.units / 100) }] : undefined,
  'ten thousand times the units': (layer) =>
    layer.kind === 'dense' ? [{ ...layer, units: 10_000 * layer.units }] : undefined,
  'biases, or none': (layer) =>
    layer.kind === 'conv2d' || layer.kind === 'dense' ? [{ ...layer, bias: layer.bias === false }] : undefined,
  'parameters where there were none': (layer) => {
    const named = layer.name === undefined ? {} : { name: layer.name };
    if (isPool(layer))
      return [
        { kind: 'batch-norm', ...named },
        { ...layer, name: 'moved' },
      ];
    if (['relu', 'tanh', 'sigmoid', 'flatten'].includes(layer.kind)) {
      return layer.kind === 'flatten'
        ? [
            { kind: 'flatten', name: 'moved' },
            { kind: 'batch-norm', ...named },
          ]
        : [{ kind: 'batch-norm', ...named }];
    }
    return undefined;
  },
  'left out': () => [],
  'there twice': (layer) =>
    layer.kind === 'conv2d' || layer.kind === 'dense' || layer.kind === 'concat'
      ? [layer, { ...layer, name: `${layer.name ?? layer.kind}-again` }]
      : undefined,
};

type Lengths = number | readonly [number, number];

function both(lengths: Lengths, by: number): Lengths {
  return typeof lengths === 'number' ? lengths + by : [lengths[0] + by, lengths[1] + by];
}

function isPool(layer: LayerSpec): layer is Extract<LayerSpec, { kind: 'max-pool' | 'average-pool' }> {
  return layer.kind === 'max-pool' || layer.kind === 'average-pool';
}

/** What may be different about what a model gets. */
const INPUT_MUTATIONS: Readonly<Record<string, (input: readonly number[]) => readonly number[]>> = {
  'twice the height and width': ([height = 1, width = 1, channels = 1]) => [2 * height, 2 * width, channels],
  'one channel more': ([height = 1, width = 1, channels = 1]) => [height, width, channels + 1],
};

export interface Mutant {
  /** `conv1: a kernel of one pixel more`. */
  readonly name: string;
  readonly model: ModelSpec;
}

/** Every model that differs from this one in one thing. */
export function* mutantsOf(model: ModelSpec): Generator<Mutant> {
  for (const [name, change] of Object.entries(INPUT_MUTATIONS)) {
    yield { name: `input: ${name}`, model: { ...model, input: change(model.input) } };
  }
  for (const { name, layers } of changedIn(model.layers)) yield { name, model: { ...model, layers } };
}

function* changedIn(layers: readonly LayerSpec[]): Generator<{ name: string; layers: readonly LayerSpec[] }> {
  for (const [index, layer] of layers.entries()) {
    const around = (changed: readonly LayerSpec[]) => [
      ...layers.slice(0, index),
      ...changed,
      ...layers.slice(index + 1),
    ];
    const label = layer.name ?? `${layer.kind} ${index}`;
    for (const [name, change] of Object.entries(LAYER_MUTATIONS)) {
      const changed = change(layer);
      if (changed !== undefined) yield { name: `${label}: ${name}`, layers: around(changed) };
    }
    if (!('branches' in layer)) continue;
    for (const [branch, inner] of layer.branches.entries()) {
      for (const { name, layers: replaced } of changedIn(inner)) {
        yield {
          name: `${label}/${name}`,
          layers: around([{ ...layer, branches: layer.branches.with(branch, replaced) }]),
        };
      }
    }
  }
}
