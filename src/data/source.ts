import { z } from 'zod';
import { PROVENANCES } from '../core/dataset.js';
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
  format: z.enum(['idx-images', 'idx-labels', 'cifar-batch']),
  count: z.number().int().positive(),
  bytes: z.number().int().positive(),
  /** Absolute path. */
  path: z.string(),
  container: z.enum(CONTAINERS),
  /** SHA-256 of the decompressed content when the source was resolved. */
  sha256: digest,
});

/**
 * Where a data set is read from, and how: plain JSON, so that a child process that gets it needs to look nothing up.
 * `origin` is for people. A stand-in has no files: it is drawn.
 */
export const dataSourceSchema = z.discriminatedUnion('kind', [
  z.object({
    kind: z.literal('files'),
    name: nameSchema,
    origin: z.string(),
    imageShape: z.tuple([z.number(), z.number(), z.number()]).readonly(),
    classes: z.array(z.string()).readonly(),
    archive: z.object({ maxInflatedBytes: z.number() }).optional(),
    /** In canonical order. */
    files: z.array(sourceFile).readonly(),
    identity,
  }),
  z.object({ kind: z.literal('stand-in'), name: nameSchema, origin: z.string(), identity }),
]);

export type DataSource = Readonly<z.infer<typeof dataSourceSchema>>;
/** A data set in files. */
export type FileSource = DataSource & { readonly kind: 'files' };
