import type { CountClaim, Claim } from '../core/claim.js';
import type { Deck } from '../core/deck.js';
import { messageOf } from '../core/errors.js';
import type { Experiment } from '../core/experiment.js';
import type { ModelSpec } from '../core/model.js';
import { nearest } from '../core/nearest.js';
import { quantitySchema } from '../core/quantity.js';
import { deckDataset, type CatalogEntry } from '../data/catalog-entry.js';
import type { LedgerEntries } from '../ledger/ledger.js';
import { countQuantity } from '../model/count-quantity.js';
import { symbolicCounts } from '../model/counts.js';
import type { WrittenClaim } from './claim-schema.js';
import { countingId, examplesId, readClaims } from './claims.js';
import type { Complaints } from './complain.js';
import { dataOf, formOf as formOfData } from './data.js';
import { experimentOf, type DataForm } from './experiments.js';
import { fullName, modelsOf } from './models.js';
import type { WrittenDeck } from './schema.js';

/** What a deck brings to a ledger: its claims, and the experiments that they are measured on, in the order of the file. */
export function entriesOf(
  written: WrittenDeck,
  builtIn: readonly CatalogEntry[],
  folder: string,
  complaints: Complaints,
): Omit<LedgerEntries, 'files'> {
  const {
    deck: id,
    cite,
    like,
    data: writtenData = {},
    models: writtenModels = {},
    experiments: writtenExperiments = {},
    claims: writtenClaims,
  } = written;
  const datasets = Object.entries(writtenData).flatMap(([name, data]) => {
    const read = dataOf(fullName(id, name), data, ['data', name], complaints);
    return read === undefined ? [] : [{ written: name, data: read }];
  });
  const forms = new Map([
    ...builtIn.map((entry) => [entry.name, formOf(entry)] as const),
    ...datasets.map(({ written: name, data }) => [name, formOfData(data)] as const),
  ]);
  const check = checkerOf(
    {
      experiment: Object.keys(writtenExperiments),
      model: Object.keys(writtenModels),
      'data set': [...new Set([...Object.keys(writtenData), ...forms.keys()])],
    },
    complaints,
  );
  for (const [kind, parts] of [
    ['data', writtenData],
    ['models', writtenModels],
    ['experiments', writtenExperiments],
  ] as const) {
    refuseLookalikes(kind, Object.keys(parts), complaints);
  }
  const models = modelsOf(id, writtenModels, like, complaints);
  const scored = new Set(writtenClaims.flatMap(trainingAccuracyOf));
  const trainings = Object.entries(writtenExperiments).flatMap(([name, experiment]): Experiment[] => {
    const path = ['experiments', name];
    const isThere = [
      check('model', experiment.model, [...path, 'model']),
      check('data set', experiment.data, [...path, 'data']),
    ].every(Boolean);
    const [model, data] = [models.get(experiment.model), forms.get(experiment.data)];
    if (!isThere || model === undefined || data === undefined) return [];
    return [
      experimentOf(id, name, { ...experiment, trainAccuracy: scored.has(name) }, { model, data, like }, complaints) ??
        [],
    ].flat();
  });
  const { claims, operations } = readClaims(writtenClaims, {
    deck: id,
    experiments: new Set(Object.keys(writtenExperiments)),
    models: new Set(Object.keys(writtenModels)),
    datasets: new Set(forms.keys()),
    check,
    complaints,
  });
  checkCounts(claims, models, complaints);
  const counted = new Set(writtenClaims.flatMap((claim) => ('data' in claim ? [claim.data.set] : [])));
  return {
    decks: [deckOf(id, cite)],
    datasets: datasets.map(({ data }) => deckDataset(data, folder)),
    models: [...models.values()],
    experiments: [
      ...(operations.length === 0
        ? []
        : [{ kind: 'ops' as const, id: examplesId(id), title: `worked examples of ${id}`, suite: 'ops', operations }]),
      ...[...models.values()].map((model) => ({
        kind: 'architecture' as const,
        id: model.id,
        title: model.title,
        suite: 'params',
        model,
      })),
      ...[...counted].flatMap((name) => {
        const data = forms.get(name);
        if (data === undefined) return [];
        const title = `what the files of ${name} hold`;
        return [{ kind: 'data' as const, id: countingId(id, name), title, suite: 'data', dataset: data.name }];
      }),
      ...trainings,
    ],
    claims,
    references: [],
    published: {},
    trajectories: [],
  };
}

/** The experiment whose accuracy on its training batches a claim is about. */
function trainingAccuracyOf(claim: WrittenClaim): readonly string[] {
  if (!('accuracy' in claim) || typeof claim.accuracy === 'string') return [];
  return claim.accuracy.set === 'training' ? [claim.accuracy.of] : [];
}

function deckOf(id: string, { title, author, url, date }: WrittenDeck['cite']): Deck {
  return {
    id,
    title,
    ...(author !== undefined && { author: typeof author === 'string' ? author : author.join(', ') }),
    ...(url !== undefined && { url }),
    ...(date !== undefined && { date }),
  };
}

function formOf({ name, imageShape, classes, files }: CatalogEntry): DataForm {
  const images = (split: 'train' | 'test') =>
    files.reduce((sum, file) => sum + (file.split === split && file.format !== 'idx-labels' ? file.count : 0), 0);
  return { name, imageShape, classes: classes.length, train: images('train'), test: images('test'), isCounted: true };
}

/** Names become names of files, and not every file system tells A from a. */
function refuseLookalikes(kind: string, names: readonly string[], complaints: Complaints): void {
  const seen = new Map<string, string>();
  for (const name of names) {
    const other = seen.get(name.toLowerCase());
    if (other !== undefined)
      complaints.add('E_DECK_NAME', [kind, name], `"${other}" differs from it in capital letters only`);
    seen.set(name.toLowerCase(), name);
  }
}

function checkerOf(
  names: Readonly<Record<'experiment' | 'model' | 'data set', readonly string[]>>,
  complaints: Complaints,
) {
  return (kind: keyof typeof names, name: string, path: readonly PropertyKey[]): boolean => {
    const there = names[kind];
    if (there.includes(name)) return true;
    const near = nearest(name, there);
    const meant = near === undefined ? '' : `did you mean "${near}"? `;
    const hint = there.length === 0 ? `the deck has no ${kind}` : `${meant}there are: ${there.slice(0, 40).join(', ')}`;
    complaints.add('E_DECK_NAME', path, `there is no ${kind} "${name}"`, hint);
    return false;
  };
}

/** Counts what is claimed of each model once, symbolically, so that a layer that is not there is known before anything runs. */
function checkCounts(claims: readonly Claim[], models: ReadonlyMap<string, ModelSpec>, complaints: Complaints): void {
  const byId = new Map([...models.values()].map((model) => [model.id, model]));
  const counted = new Map(
    [...byId].map(([id, model]) => [id, { input: model.input, layers: symbolicCounts(model).layers }]),
  );
  for (const [index, claim] of claims.entries()) {
    const model = claim.kind === 'count' ? counted.get(claim.model) : undefined;
    if (claim.kind !== 'count' || model === undefined) continue;
    const why = whyNotCounted(claim, model);
    if (why === undefined) continue;
    const names = model.layers.map(({ name }) => name);
    const wanted = /no layer "(.+)"/.exec(why)?.[1];
    const near = wanted === undefined ? undefined : nearest(wanted, names);
    const meant = near === undefined ? '' : `did you mean "${near}"? `;
    complaints.add(
      'E_DECK_NAME',
      ['claims', index, 'count'],
      why,
      `${meant}the layers are: ${names.slice(0, 40).join(', ')}`,
    );
  }
}

function whyNotCounted({ measure }: CountClaim, model: Parameters<typeof countQuantity>[1]): string | undefined {
  const parsed = quantitySchema.safeParse(measure);
  if (!parsed.success) return 'a property such as a kernel or a shape is of one layer: give it "layer"';
  try {
    countQuantity(parsed.data, model);
    return undefined;
  } catch (error) {
    if (error instanceof RangeError) return messageOf(error);
    throw error;
  }
}
