import type { AccuracyClaim, RelationClaim } from '../../core/claim.js';

/**
 * The two readings of the MLP cases. Deck 000 prints a learning rate of 1e-4 once, on case 1; deck 001's listings of the
 * same nets all have 1e-3. Neither prints the number of epochs, so each reading gets claims of its own.
 */
const READINGS = [
  { suffix: '', learningRate: "1e-3, as deck 001's listings" },
  { suffix: '-lr1e-4', learningRate: '1e-4, as deck 000 prints on case 1' },
] as const;

const MLP_CASES = [
  { id: 'mlp-1', printed: '~89%', place: 'slide 4', statement: 'MLP case 1 on Fashion-MNIST' },
  { id: 'mlp-2', printed: '~53%', place: 'slide 8, again slide 40', statement: 'MLP case 2 on CIFAR-10' },
  { id: 'mlp-3', printed: '~53%', place: 'slide 11', statement: 'MLP case 3 on CIFAR-10' },
  { id: 'mlp-4', printed: '~52%', place: 'slide 14', statement: 'MLP case 4 on CIFAR-10' },
] as const;

const MLP_ACCURACIES = MLP_CASES.flatMap(({ id, printed, place, statement }) =>
  READINGS.map(({ suffix, learningRate }): AccuracyClaim => ({
    kind: 'accuracy',
    id: `000/${id}${suffix}/accuracy`,
    suite: 'mlp',
    deck: '000',
    place,
    printed,
    statement: `${statement} reaches a test accuracy of ${printed} (learning rate ${learningRate}).`,
    experiment: `${id}${suffix}`,
  })),
);

const CNN_ACCURACIES: readonly AccuracyClaim[] = [
  {
    kind: 'accuracy',
    id: '000/cnn-1/accuracy',
    suite: 'cnn',
    deck: '000',
    place: 'slide 37',
    printed: '~88%',
    statement: 'CNN case 1 on Fashion-MNIST reaches a test accuracy of ~88%.',
    experiment: 'cnn-1',
  },
  {
    kind: 'accuracy',
    id: '000/cnn-2/accuracy',
    suite: 'cnn',
    deck: '000',
    place: 'slide 40',
    printed: '~69%',
    statement: 'CNN case 2 on CIFAR-10 reaches a test accuracy of ~69%.',
    experiment: 'cnn-2',
  },
];

const MLP_RELATIONS = READINGS.flatMap(({ suffix, learningRate }): RelationClaim[] => [
  {
    kind: 'relation',
    id: `000/mlp-3${suffix}/no-better-than-mlp-2`,
    suite: 'mlp',
    deck: '000',
    place: 'slide 11',
    printed: 'Still Perform poorly',
    statement: `A second hidden layer does not help on CIFAR-10 (learning rate ${learningRate}).`,
    experiment: `mlp-3${suffix}`,
    comparedWith: `mlp-2${suffix}`,
    relation: 'not-higher',
  },
  {
    kind: 'relation',
    id: `000/mlp-4${suffix}/worse-than-mlp-3`,
    suite: 'mlp',
    deck: '000',
    place: 'slide 14',
    printed: 'Perform even worse',
    statement: `A third hidden layer makes it worse on CIFAR-10 (learning rate ${learningRate}).`,
    experiment: `mlp-4${suffix}`,
    comparedWith: `mlp-3${suffix}`,
    relation: 'lower',
  },
]);

const CNN_RELATIONS = READINGS.map(({ suffix, learningRate }): RelationClaim => ({
  kind: 'relation',
  id: `000/cnn-2/beats-mlp-2${suffix}`,
  suite: 'cnn',
  deck: '000',
  place: 'slide 40',
  printed: 'Test Accuracy: ~69%, Test Accuracy from MLP: ~53%',
  statement: `The CNN beats the MLP on CIFAR-10 (the MLP with learning rate ${learningRate}).`,
  experiment: 'cnn-2',
  comparedWith: `mlp-2${suffix}`,
  relation: 'higher',
}));

/** What is "more informative" is taken as what a classifier makes more of: the same small net, trained with either pooling. */
const POOLING_RELATION: RelationClaim = {
  kind: 'relation',
  id: '002/pooling-max/more-informative-than-average',
  suite: 'pooling',
  deck: '002',
  place: 'Pooling layer',
  printed: "it's more informative to look at the maximal presence of different features than at their average presence",
  statement:
    'A small CNN on Fashion-MNIST is more accurate with max pooling than with average pooling (a net of our own).',
  experiment: 'pooling-max',
  comparedWith: 'pooling-average',
  relation: 'higher',
};

export const ACCURACY_CLAIMS: readonly AccuracyClaim[] = [...MLP_ACCURACIES, ...CNN_ACCURACIES];
export const RELATION_CLAIMS: readonly RelationClaim[] = [...MLP_RELATIONS, ...CNN_RELATIONS, POOLING_RELATION];
