import { z } from 'zod';
import { DATASETS, type DatasetIdentity } from '../core/dataset.js';

/** How a file's content is wrapped. In a `tar.gz` the content is the entry with the canonical name. */
const CONTAINERS = ['raw', 'gzip', 'tar.gz'] as const;
export type Container = (typeof CONTAINERS)[number];

const digest = z.string().regex(/^[0-9a-f]{64}$/);

const identity = z.object({
  name: z.enum(DATASETS),
  fingerprint: digest,
  provenance: z.enum(['official', 'known-variant', 'unknown', 'stand-in']),
  note: z.string().optional(),
});

const sourceFile = z.object({
  /** What the file is to the data set, as in the catalog. */
  role: z.string(),
  /** Absolute path. */
  path: z.string(),
  container: z.enum(CONTAINERS),
  /** SHA-256 of the decompressed content when the source was resolved. */
  sha256: digest,
});

/**
 * Where a data set is read from: plain JSON, so that it can be sent to a child process. `origin` is for people.
 * A stand-in has no files: it is drawn.
 */
export const dataSourceSchema = z.discriminatedUnion('kind', [
  z.object({
    kind: z.literal('files'),
    name: z.enum(DATASETS),
    origin: z.string(),
    files: z.array(sourceFile),
    identity,
  }),
  z.object({ kind: z.literal('stand-in'), name: z.enum(DATASETS), origin: z.string(), identity }),
]);

type SourceFile = Readonly<z.infer<typeof sourceFile>>;

interface SourceBase {
  readonly name: DatasetIdentity['name'];
  readonly origin: string;
  readonly identity: DatasetIdentity;
}
/** A data set in files, in canonical order. */
export type FileSource = SourceBase & { readonly kind: 'files'; readonly files: readonly SourceFile[] };
/** A data set that is drawn, because it could not be had. */
type StandInSource = SourceBase & { readonly kind: 'stand-in' };
export type DataSource = FileSource | StandInSource;
