import { stat } from 'node:fs/promises';
import type { DatasetIdentity, Provenance } from '../core/dataset.js';
import { CnnbenchError, type ErrorCode } from '../core/errors.js';
import { readContent } from './bytes.js';
import { CATALOG } from './catalog.js';
import type { CatalogEntry, CatalogFile } from './catalog-entry.js';
import { checkContent, groupByPath, readContents, type LocatedFile } from './contents.js';
import { fingerprintOf, sha256 } from './digest.js';
import type { Container } from './source.js';

interface FileReportBase {
  readonly role: string;
  /** Canonical name. */
  readonly name: string;
  readonly path: string;
  readonly container: Container;
}
export type OfficialFile = FileReportBase & { readonly status: 'official'; readonly sha256: string };
type VariantFile = FileReportBase & {
  readonly status: 'known-variant';
  readonly sha256: string;
  readonly note: string;
};
/** A file of the right form with a digest that nobody listed. */
type UnknownFile = FileReportBase & { readonly status: 'unknown'; readonly sha256: string };
export type BrokenFile = FileReportBase & { readonly status: 'broken'; readonly problem: Problem };

/** What was found out about one file. Plain JSON. Digests are of the decompressed content. */
export type FileReport = OfficialFile | VariantFile | UnknownFile | BrokenFile;

/** The fields of a CnnbenchError. */
interface Problem {
  readonly code: ErrorCode;
  readonly message: string;
  readonly remedy: string;
}

type Verdict =
  { readonly status: 'official' | 'unknown' } | { readonly status: 'known-variant'; readonly note: string };

function judge(file: CatalogFile, digest: string): Verdict {
  if (digest === file.sha256) return { status: 'official' };
  const variant = file.variants.find((known) => known.sha256 === digest);
  return variant === undefined ? { status: 'unknown' } : { status: 'known-variant', note: variant.note };
}

const OFFICIAL = { status: 'official' } as const;

/** Whether a file of which no content digest is published is the official download itself. */
async function isDownload({ downloads }: CatalogEntry, { file, path, container }: LocatedFile): Promise<boolean> {
  const download = downloads.find(({ name }) => name === `${file.name}.gz`);
  if (file.sha256 !== undefined || container !== 'gzip' || download === undefined) return false;
  return (await sha256OfFile(path, download.bytes)) === download.sha256;
}

/** The SHA-256 of a file as it is, where it has so many bytes. */
async function sha256OfFile(path: string, bytes: number): Promise<string | undefined> {
  if ((await stat(path)).size !== bytes) return undefined;
  return sha256(await readContent(path, false, bytes));
}

/**
 * Whether a file that is not one of this data set is the official file of another: MNIST, Fashion-MNIST and KMNIST have the same file names,
 * and a folder of one of them must not pass for another.
 */
export async function isOfAnotherSet(entry: CatalogEntry, report: FileReport): Promise<boolean> {
  if (report.status !== 'unknown') return false;
  const others = Object.values<CatalogEntry>(CATALOG).filter(({ name }) => name !== entry.name);
  if (others.some(({ files }) => files.some((file) => file.sha256 === report.sha256))) return true;
  if (report.container !== 'gzip') return false;
  for (const { name, bytes, sha256: digest } of others.flatMap(({ downloads }) => downloads)) {
    if (name === `${report.name}.gz` && (await sha256OfFile(report.path, bytes)) === digest) return true;
  }
  return false;
}

/** Reads, hashes and checks the files of one path, which is several files only for an archive. */
async function inspectPath(entry: CatalogEntry, files: readonly LocatedFile[]): Promise<FileReport[]> {
  const reports = new Map<string, FileReport>();
  const base = ({ file, path, container }: LocatedFile) => ({ role: file.role, name: file.name, path, container });
  try {
    for await (const { located, content } of readContents(entry, files)) {
      const digest = sha256(content);
      const verdict = (await isDownload(entry, located)) ? OFFICIAL : judge(located.file, digest);
      // The form of an official file is known to be right.
      if (verdict.status !== 'official') checkContent(entry, { located, content });
      reports.set(located.file.role, { ...base(located), ...verdict, sha256: digest });
    }
  } catch (error) {
    if (!(error instanceof CnnbenchError)) throw error;
    const problem = { code: error.code, message: error.message, remedy: error.remedy };
    for (const located of files) {
      if (!reports.has(located.file.role)) {
        reports.set(located.file.role, { ...base(located), status: 'broken', problem });
      }
    }
  }
  return files.map((located) => reports.get(located.file.role) as FileReport);
}

/** Reads, hashes and checks files. A broken file is a report like any other. Same order as given. */
export async function inspectFiles(entry: CatalogEntry, files: readonly LocatedFile[]): Promise<FileReport[]> {
  const reports: FileReport[] = [];
  for (const group of groupByPath(files).values()) {
    reports.push(...(await inspectPath(entry, group)));
  }
  return reports;
}

/**
 * The identity of a complete set of files.
 *
 * @param reports in canonical order
 */
export function identityOf(entry: CatalogEntry, reports: readonly Exclude<FileReport, BrokenFile>[]): DatasetIdentity {
  const digests = reports.map((report) => report.sha256);
  const notes = reports.flatMap((report) => (report.status === 'known-variant' ? [report.note] : []));
  const has = (status: FileReport['status']) => reports.some((report) => report.status === status);
  const provenance: Provenance = has('unknown') ? 'unknown' : has('known-variant') ? 'known-variant' : 'official';
  const identity = { name: entry.name, fingerprint: fingerprintOf(digests), provenance };
  return provenance === 'known-variant' ? { ...identity, note: notes.join('; ') } : identity;
}
