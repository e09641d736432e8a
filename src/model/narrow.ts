import type { LayerSpec, ModelSpec } from '../core/model.js';

/**
 * The narrow twin of a model: the same layers with a part of the filters of each convolution, at least one. Where the whole
 * model would take hours, the twin stands for it.
 *
 * @param divisor of the numbers of filters; they are rounded to whole ones
 */
export function narrowTwin({ id, title, input, layers }: ModelSpec, divisor = 8): ModelSpec {
  return { id: `${id}-narrow`, title: `${title}, 1/${divisor} of the filters`, input, layers: narrow(layers, divisor) };
}

function narrow(layers: readonly LayerSpec[], divisor: number): LayerSpec[] {
  return layers.map((layer) => {
    if ('branches' in layer) return { ...layer, branches: layer.branches.map((branch) => narrow(branch, divisor)) };
    return layer.kind === 'conv2d' ? { ...layer, filters: Math.max(1, Math.round(layer.filters / divisor)) } : layer;
  });
}
