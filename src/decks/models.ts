import { messageOf } from '../core/errors.js';
import { FRAMEWORKS, resolveLayers, type Framework } from '../core/framework.js';
import type { LayerSpec, ModelSpec } from '../core/model.js';
import { summarize } from '../model/summary.js';
import type { Complaints } from './complain.js';
import { inOrder, layersOf } from './layers.js';
import type { WrittenModel } from './schema.js';

/** What a deck calls one of its parts, as everybody else calls it. */
export const fullName = (deck: string, name: string): string => `${deck}.${name}`;

/** The architecture, and the experiment that builds and counts it. */
export const modelId = (deck: string, name: string): string => fullName(deck, `model-${name}`);

/** The models of a deck by their names; those that do not fit are left out, with a complaint. */
export function modelsOf(
  deck: string,
  models: Readonly<Record<string, WrittenModel>>,
  deckLike: Framework | undefined,
  complaints: Complaints,
): ReadonlyMap<string, ModelSpec> {
  const found = new Map<string, ModelSpec>();
  for (const [name, { title, input, layers, like = deckLike }] of Object.entries(models)) {
    const path = ['models', name];
    const specs = layersOf(layers, (twice) =>
      complaints.add(
        'E_DECK_NAME',
        [...path, 'layers', ...twice.path],
        `a layer before it is called "${twice.name}", too`,
      ),
    );
    if (like === undefined && dependsOnFramework(specs)) {
      const hint = 'Add "like: keras" or "like: pytorch" to it, or to the whole deck.';
      complaints.add('E_DECK_FIELD', path, 'the frameworks have different defaults for its layers', hint);
    }
    const resolved = like === undefined ? specs : resolveLayers(like, specs).map(inOrder);
    const model: ModelSpec = { id: modelId(deck, name), title: title ?? name, input, layers: resolved };
    const misfit = firstMisfit(model);
    if (misfit === undefined) found.set(name, model);
    else complaints.add('E_DECK_MODEL', [...path, 'layers', writtenAt(layers, specs, misfit.layer)], misfit.why);
  }
  return found;
}

/** Whether layers leave out what differs between frameworks. */
function dependsOnFramework(layers: readonly LayerSpec[]): boolean {
  const [keras, pytorch] = FRAMEWORKS.map((like) => JSON.stringify(resolveLayers(like, layers)));
  return keras !== pytorch;
}

/** The first layer of a model that does not fit behind those before it. */
function firstMisfit(model: ModelSpec): { readonly layer: number; readonly why: string } | undefined {
  const whyNot = (count: number): string | undefined => {
    try {
      summarize({ ...model, layers: model.layers.slice(0, count) });
      return undefined;
    } catch (error) {
      if (!(error instanceof RangeError)) throw error;
      return messageOf(error).replace(`${model.id}/`, '');
    }
  };
  const why = whyNot(model.layers.length);
  if (why === undefined) return undefined;
  // The first of growing lists that does not fit ends with the layer that is wrong.
  let [fits, fails] = [0, model.layers.length];
  while (fails - fits > 1) {
    const middle = Math.floor((fits + fails) / 2);
    if (whyNot(middle) === undefined) fits = middle;
    else fails = middle;
  }
  return { layer: fails - 1, why };
}

/** Which of the written layers the spec at an index comes from: an activation has a spec of its own. */
function writtenAt(written: readonly unknown[], specs: readonly LayerSpec[], index: number): number {
  const own = specs.slice(0, index + 1).filter(({ name }) => name?.includes('/') !== true).length;
  return Math.min(Math.max(0, own - 1), written.length - 1);
}
