import { z } from 'zod';

/** The schemes of the built-in decks, which a sweep tries by default. */
export const INITIALISATIONS = ['he-uniform', 'xavier-uniform', 'pytorch-default'] as const;

/** The others. */
const MORE_INITIALISATIONS = [
  'keras-default',
  'glorot-uniform',
  'glorot-normal',
  'he-normal',
  'lecun-uniform',
  'lecun-normal',
  'xavier-normal',
  'kaiming-normal',
  'zeros',
] as const;

/**
 * How weights are drawn. Of each tensor, fanIn numbers are summed to an output and each input reaches fanOut ones, by the rules of
 * the framework that the scheme is from: they differ for depthwise convolutions. Biases are zeros, but for `pytorch-default`, and the
 * scales of normalisations ones.
 * - `he-uniform`: U(+-sqrt(6 / fanIn)) (He et al. 2015; torch.nn.init.kaiming_uniform_, nonlinearity relu).
 * - `xavier-uniform`: U(+-sqrt(6 / (fanIn + fanOut))) (Glorot and Bengio 2010), `xavier-normal`: N(0, 2 / (fanIn + fanOut)), as
 *   torch.nn.init has them.
 * - `kaiming-normal`: N(0, 2 / fanIn) (torch.nn.init.kaiming_normal_, nonlinearity relu).
 * - `pytorch-default`: U(+-1 / sqrt(fanIn)) for weights and biases (torch.nn.Linear and Conv2d, reset_parameters); recurrent layers
 *   U(+-1 / sqrt(units)), embeddings N(0, 1).
 * - `keras-default`: glorot-uniform; recurrent kernels are orthogonal and biases of forget gates ones, embeddings U(+-0.05).
 * - `glorot-uniform`, `glorot-normal`, `he-normal`, `lecun-uniform`, `lecun-normal`: Keras's; the variances 2 / (fanIn + fanOut),
 *   2 / fanIn and 1 / fanIn. Its normal distributions are cut off at two standard deviations.
 * - `normal-0.01`: N(0, 0.01^2), `uniform-0.05`: U(+-0.05), with any number.
 * - `zeros`.
 */
export const initialisationSchema = z.union([
  z.enum([...INITIALISATIONS, ...MORE_INITIALISATIONS]),
  z
    .templateLiteral([z.enum(['normal', 'uniform']), '-', z.number().positive()])
    .refine((text) => sizeOfScheme(text) > 0, 'a number above 0'),
]);
export type Initialisation = z.infer<typeof initialisationSchema>;

/** All that have a name of their own. */
export const NAMED_INITIALISATIONS: readonly Initialisation[] = [...INITIALISATIONS, ...MORE_INITIALISATIONS];

/** The number in `normal-0.01`. */
export function sizeOfScheme(scheme: string): number {
  return Number(scheme.slice(scheme.indexOf('-') + 1));
}
