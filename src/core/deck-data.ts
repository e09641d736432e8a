import { z } from 'zod';
import { nameSchema } from './name.js';

/** Fewest and most classes of a data set. */
export const CLASS_LIMITS = { least: 2, most: 1000 } as const;

/** Largest height or width of an image as a network sees it, pixels. */
export const LARGEST_SIDE = 1024;

/** Most files of one split. */
const MOST_FILES = 1000;

/**
 * A file or folder of a deck: relative, with `/` between the folders, below the folder of the deck. A deck of a stranger must
 * not read what else is on a machine, so that there is no way up and no absolute path.
 */
const dataPathSchema = z
  .string()
  .min(1)
  .max(1000)
  .refine((path) => !/^[/\\~]|^[a-z]:/i.test(path), 'a relative path; --data-dir names a folder elsewhere')
  .refine((path) => !path.split(/[/\\]/).includes('..'), 'a path below the folder of the deck, without ".."')
  // eslint-disable-next-line no-control-regex -- a name with one of them is never meant
  .refine((path) => !/[\u0000-\u001f\u007f\\]/.test(path), 'a path without backslashes and control characters');

const files = z.array(dataPathSchema).min(1).max(MOST_FILES).readonly();
const side = z.number().int().min(1).max(LARGEST_SIDE);
const channels = z.union([z.literal(1), z.literal(3)]);
const shape = z.tuple([side, side, channels]).readonly();
/** Of an array in an archive, of a column in a table. */
const member = z.string().min(1).max(200);

/** Training images, and the test images unless they are drawn from these. */
const splits = <T extends z.ZodType>(of: T) => ({ train: of, test: of.optional() });

const idxSplit = z.strictObject({ images: dataPathSchema, labels: dataPathSchema });
const npzSplit = z.strictObject({ file: dataPathSchema, images: member, labels: member });

/** Where the images and labels of a data set are, and in which form. docs/decks-data.md says what each may hold. */
export const imageSourceSchema = z.discriminatedUnion('format', [
  /** One of cnnbench's own: found, downloaded or drawn as docs/data.md says. */
  z.strictObject({
    format: z.literal('built-in'),
    set: nameSchema,
    /** CIFAR-100's twenty superclasses instead of its hundred classes. */
    labels: z.literal('coarse').optional(),
  }),
  z.strictObject({ format: z.literal('idx'), ...splits(idxSplit) }),
  z.strictObject({ format: z.literal('cifar-10'), ...splits(files) }),
  z.strictObject({ format: z.literal('cifar-100'), labels: z.enum(['fine', 'coarse']), ...splits(files) }),
  /** A folder with one folder of PNG and JPEG files a class. */
  z.strictObject({ format: z.literal('image-folder'), ...splits(dataPathSchema) }),
  z.strictObject({
    format: z.literal('npz'),
    ...splits(npzSplit),
    /** Default: `channels-last`. */
    layout: z.enum(['channels-last', 'channels-first']).optional(),
    /** Of one image, where the array holds flat ones: [n, height * width * channels]. */
    shape: shape.optional(),
  }),
  /** The names of the columns. The image column holds files: bytes, or structures with a field `bytes`. */
  z.strictObject({ format: z.literal('parquet'), image: member, label: member, ...splits(files) }),
  z.strictObject({
    format: z.literal('csv'),
    ...splits(files),
    /** Whether the first line names the columns. */
    header: z.boolean(),
    /** Where the label is; all other columns are values of the image, pixel by pixel, channels last. */
    label: z.enum(['first', 'last']),
    shape,
  }),
]);
export type ImageSource = Readonly<z.infer<typeof imageSourceSchema>>;

/** A test set drawn from the training images. */
const drawnSplitSchema = z.strictObject({
  /** Share of the images that are tested on, rounded to whole images (of each class where stratified). */
  testFraction: z.number().gt(0).lt(1),
  seed: z.number().int().nonnegative().max(Number.MAX_SAFE_INTEGER),
  /** Draw the share of each class. */
  stratified: z.boolean(),
});
export type DrawnSplit = Readonly<z.infer<typeof drawnSplitSchema>>;

/** What is done with decoded pixels, in this order. Absent: nothing. */
const preparationSchema = z.strictObject({
  /** Grey from colour (ITU-R 601-2, as Pillow's mode L), colour from grey (three equal channels). */
  channels: channels.optional(),
  /** [height, width]: the mean of the covered area where smaller, bilinear where larger. Without it all images must have one size. */
  resize: z.tuple([side, side]).readonly().optional(),
  /** Zeros [above, below, left, right], pixels. */
  pad: z.array(z.number().int().nonnegative().max(LARGEST_SIDE)).length(4).readonly().optional(),
});
export type Preparation = Readonly<z.infer<typeof preparationSchema>>;

const perChannel = z.union([z.tuple([z.number()]), z.tuple([z.number(), z.number(), z.number()])]).readonly();

/**
 * How a value becomes what the network sees: ((value / divide) - mean) / sd, each step rounded to float32 as torchvision's ToTensor
 * and Normalize do. One mean for all channels or one for each. Common ones: `/255` is { divide: 255 }, to [-1, 1] is
 * { divide: 255, mean: [0.5], sd: [0.5] }, none is { divide: 1 }.
 */
export const pixelScaleSchema = z.strictObject({
  divide: z.number().positive(),
  mean: perChannel.optional(),
  sd: perChannel.refine((values) => values.every((value) => value > 0), 'positive standard deviations').optional(),
});
export type PixelScale = Readonly<z.infer<typeof pixelScaleSchema>>;

const className = z.string().min(1).max(200);

/** The data set of a deck: plain data, and all of it. */
export const deckDataSchema = z
  .strictObject({
    name: nameSchema,
    title: z.string().min(1).max(200),
    source: imageSourceSchema,
    /** Names of the classes, by label, or their number. Default: those of the files, else as many as there are labels. */
    classes: z
      .union([
        z.array(className).min(CLASS_LIMITS.least).max(CLASS_LIMITS.most).readonly(),
        z.number().int().min(CLASS_LIMITS.least).max(CLASS_LIMITS.most),
      ])
      .optional(),
    /** Instead of a named test set. */
    split: drawnSplitSchema.optional(),
    prepare: preparationSchema.optional(),
    scale: pixelScaleSchema,
    /** SHA-256 of the decoded pixels and labels as `cnnbench data` prints it. Another one makes the data `unknown`. */
    sha256: z
      .string()
      .regex(/^[0-9a-f]{64}$/)
      .optional(),
  })
  .superRefine(({ source, split, classes }, context) => {
    const complain = (path: string[], message: string) => {
      context.addIssue({ code: 'custom', path, message });
    };
    const named = source.format === 'built-in' || source.test !== undefined;
    if (named && split !== undefined) complain(['split'], 'there is a test set already');
    if (!named && split === undefined) complain(['source', 'test'], 'a test set, or a split to draw one');
    if (Array.isArray(classes) && new Set(classes).size < classes.length) complain(['classes'], 'names that differ');
  });
export type DeckData = Readonly<z.infer<typeof deckDataSchema>>;
