import { z } from 'zod';
import { PROVENANCES } from '../core/dataset.js';
import { deckDataSchema } from '../core/deck-data.js';
import { nameSchema } from '../core/name.js';

/** How a file's content is wrapped. In a `tar.gz` the content is the entry with the canonical name. */
const CONTAINERS = ['raw', 'gzip', 'tar.gz'] as const;
export type Container = (typeof CONTAINERS)[number];

const digest = z.string().regex(/^[0-9a-f]{64}$/);

const identity = z.object({
  name: nameSchema,
  fingerprint: digest,
  provenance: z.enum(PROVENANCES),
  note: z.string().optional(),
});

const sourceFile = z.object({
  /** What the file is to the data set, and in which form, as in the catalog. */
  role: z.string(),
  name: z.string(),
  split: z.enum(['train', 'test']),
  format: z.enum(['idx-images', 'idx-labels', 'cifar-batch', 'cifar-100-batch']),
  count: z.number().int().positive(),
  bytes: z.number().int().positive(),
  /** Absolute path. */
  path: z.string(),
  container: z.enum(CONTAINERS),
  /** SHA-256 of the decompressed content when the source was resolved. */
  sha256: digest,
});

const filesSchema = z.object({
  kind: z.literal('files'),
  name: nameSchema,
  origin: z.string(),
  imageShape: z.tuple([z.number(), z.number(), z.number()]).readonly(),
  classes: z.array(z.string()).readonly(),
  archive: z.object({ maxInflatedBytes: z.number() }).optional(),
  /** In canonical order. */
  files: z.array(sourceFile).readonly(),
  identity,
  /** Which of the two labels of CIFAR-100 is meant. Default: the fine one. */
  labels: z.literal('coarse').optional(),
});
const standInSchema = z.object({ kind: z.literal('stand-in'), name: nameSchema, origin: z.string(), identity });

/** The data set of a deck: all that its files are read by, and what came of it. */
const deckSchema = z.object({
  kind: z.literal('deck'),
  name: nameSchema,
  origin: z.string(),
  data: deckDataSchema,
  /** Where its paths are looked for, in this order: absolute. */
  folders: z.array(z.string()).readonly(),
  /** Of a built-in set: where that is. */
  base: z.discriminatedUnion('kind', [filesSchema, standInSchema]).optional(),
  imageShape: z.tuple([z.number(), z.number(), z.number()]).readonly(),
  classes: z.array(z.string()).readonly(),
  /** Images, as far as files were read to find out. */
  counts: z.object({ train: z.number(), test: z.number() }).optional(),
  identity,
});

/**
 * Where a data set is read from, and how: plain JSON, so that a child process that gets it needs to look nothing up.
 * `origin` is for people. A stand-in has no files: it is drawn.
 */
export const dataSourceSchema = z.discriminatedUnion('kind', [filesSchema, standInSchema, deckSchema]);

export type DataSource = Readonly<z.infer<typeof dataSourceSchema>>;
/** A built-in data set in files. */
export type FileSource = DataSource & { readonly kind: 'files' };
/** A built-in data set, or what is drawn in its place. */
export type BuiltInSource = DataSource & { readonly kind: 'files' | 'stand-in' };
export type DeckSource = DataSource & { readonly kind: 'deck' };
