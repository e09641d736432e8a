import { describe, expect, test } from 'vitest';
import type { AccuracyClaim, DataClaim, RelationClaim } from '../../../../src/core/claim.js';
import { parsePrinted } from '../../../../src/core/printed.js';
import type { CellRecord, DataResult } from '../../../../src/core/record.js';
import { judgeData } from '../../../../src/stats/judge/measured.js';
import { judgeAccuracies, judgeDifference } from '../../../../src/stats/judge/training.js';
import { LEDGER } from '../../../fixtures/ledger.js';
import { otherwise } from './printed.js';

const ofKind = <Kind extends 'accuracy' | 'relation' | 'data'>(wanted: Kind) =>
  LEDGER.claims.filter((claim) => claim.kind === wanted) as Extract<(typeof LEDGER.claims)[number], { kind: Kind }>[];

/** Five seeds, a tenth of a point apart. */
const around = (mean: number) => [-0.002, -0.001, 0, 0.001, 0.002].map((by) => mean + by);

describe('an accuracy claim fails where', () => {
  const claims: readonly AccuracyClaim[] = ofKind('accuracy');
  const verdict = (claim: AccuracyClaim, mean: number) => judgeAccuracies(claim, around(mean), '').verdict;
  const printedIn = ({ printed }: AccuracyClaim) => {
    const parsed = parsePrinted(printed);
    if (parsed.kind !== 'number') throw new Error(`${printed} is no accuracy`);
    return parsed.value;
  };

  test.each(claims.map((claim) => [claim.id, claim] as const))(
    '%s: other accuracies are measured, or printed',
    (_, claim) => {
      const printed = printedIn(claim);
      expect([-0.03, -0.01, 0, 0.01, 0.03].map((by) => verdict(claim, printed + by))).toEqual([
        'not reproduced',
        'inconclusive',
        'reproduced',
        'inconclusive',
        'not reproduced',
      ]);
      const others = [-3, 3].map((points) => ({ ...claim, printed: `~${Math.round(100 * printed) + points}%` }));
      expect(others.map((other) => verdict(other, printed))).toEqual(['not reproduced', 'not reproduced']);
    },
  );
});

describe('a relation claim fails where', () => {
  const claims: readonly RelationClaim[] = ofKind('relation');
  /** Points above the other experiment, and what each relation makes of it. */
  const DIFFERENCES = [-3, 0, 3] as const;
  const VERDICTS = {
    higher: ['not reproduced', 'inconclusive', 'reproduced'],
    lower: ['reproduced', 'inconclusive', 'not reproduced'],
    'not-higher': ['reproduced', 'reproduced', 'not reproduced'],
  } as const;

  test.each(claims.map((claim) => [claim.id, claim] as const))(
    '%s: other accuracies are measured, or another order said',
    (_, claim) => {
      const verdicts = (relation: RelationClaim['relation']) =>
        DIFFERENCES.map(
          (points) => judgeDifference({ ...claim, relation }, around(0.5 + points / 100), around(0.5), '').verdict,
        );
      expect(verdicts(claim.relation)).toEqual(VERDICTS[claim.relation]);
      const opposite = claim.relation === 'lower' ? 'higher' : 'lower';
      expect(verdicts(opposite)).not.toEqual(verdicts(claim.relation));
      // The two experiments the other way round.
      const swapped = judgeDifference(
        claim,
        around(0.5),
        around(claim.relation === 'higher' ? 0.53 : 0.47),
        '',
      ).verdict;
      expect(swapped).toBe('not reproduced');
    },
  );
});

describe('a data claim fails where', () => {
  const claims: readonly DataClaim[] = ofKind('data');
  const split = (images: number, classes: number): DataResult['train'] => ({
    images,
    perClass: new Array<number>(classes).fill(images / classes),
    range: [0, 255],
  });
  const files = (dataset: string): DataResult => ({
    kind: 'data',
    dataset: { name: dataset, fingerprint: '', provenance: 'official' },
    imageShape: dataset === 'cifar-10' ? [32, 32, 3] : [28, 28, 1],
    train: split(dataset === 'cifar-10' ? 50_000 : 60_000, 10),
    test: split(10_000, 10),
  });
  const MUTATIONS: Readonly<Record<string, (result: DataResult) => DataResult>> = {
    'a training image more': ({ train, ...rest }) => ({
      ...rest,
      train: { ...train, images: train.images + 1, perClass: train.perClass.with(3, (train.perClass[3] ?? 0) + 1) },
    }),
    'a test image less': ({ test: tested, ...rest }) => ({
      ...rest,
      test: { ...tested, images: tested.images - 1, perClass: tested.perClass.with(7, (tested.perClass[7] ?? 0) - 1) },
    }),
    'a class without test images': ({ test: tested, ...rest }) => ({
      ...rest,
      test: { ...tested, perClass: tested.perClass.with(0, 0) },
    }),
    'a row more': ({ imageShape: [height = 0, width = 0, channels = 0], ...rest }) => ({
      ...rest,
      imageShape: [height + 1, width, channels],
    }),
    'another number of channels': ({ imageShape: [height = 0, width = 0, channels = 0], ...rest }) => ({
      ...rest,
      imageShape: [height, width, 4 - channels],
    }),
    'no white pixel': ({ train, test: tested, ...rest }) => ({
      ...rest,
      train: { ...train, range: [0, 254] },
      test: { ...tested, range: [0, 254] },
    }),
  };
  const verdict = (claim: DataClaim, result: DataResult) =>
    judgeData(claim, [{ outcome: 'completed', result } as CellRecord]).verdict;
  const resultOf = ({ experiment }: DataClaim) => files(experiment.replace('data-', ''));

  test('its files hold something else; each mutation is seen by a claim', () => {
    expect(claims.filter((claim) => verdict(claim, resultOf(claim)) !== 'reproduced').map(({ id }) => id)).toEqual([]);
    const seen = Object.entries(MUTATIONS).map(([name, mutate]) => ({
      name,
      by: claims.filter((claim) => verdict(claim, mutate(resultOf(claim))) === 'not reproduced'),
    }));
    expect(seen.filter(({ by }) => by.length === 0)).toEqual([]);
    const flipped = new Set(seen.flatMap(({ by }) => by));
    expect(claims.filter((claim) => !flipped.has(claim)).map(({ id }) => id)).toEqual([]);
  });

  test('something else is printed', () => {
    const survived = claims.flatMap((claim) => {
      const mutants = otherwise(claim);
      if (mutants.length === 0) return [claim.id];
      return mutants
        .filter((other) => verdict(other, resultOf(claim)) === 'reproduced')
        .map(({ printed }) => `${claim.id}: ${printed}`);
    });
    expect(survived).toEqual([]);
  });
});
