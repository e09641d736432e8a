import type { DatasetName } from '../../core/dataset.js';
import { datasetOf, type Experiment } from '../../core/experiment.js';
import { cacheDirectory } from '../../data/cache.js';
import type { DownloadProgress } from '../../data/download.js';
import { resolveData } from '../../data/deck/resolve.js';
import type { DataSource } from '../../data/source.js';
import type { Ledger } from '../../ledger/ledger.js';
import type { DataChoice } from './data-choice.js';
import type { ProgressStream } from './progress.js';
import { CLEAR_LINE } from '../terminal.js';

export interface SourceOptions extends DataChoice {
  readonly stream: ProgressStream;
  readonly signal: AbortSignal;
}

export type Sources = ReadonlyMap<DatasetName, DataSource>;

/** Finds each data set that the experiments need, once a run. */
export async function resolveSources(
  ledger: Ledger,
  experiments: readonly Experiment[],
  options: SourceOptions,
): Promise<Sources> {
  const names = new Set(experiments.flatMap((experiment) => datasetOf(experiment) ?? []));
  const sources = new Map<DatasetName, DataSource>();
  for (const name of names) {
    const source = await resolveData(ledger.dataset(name), {
      dataDir: options.dataDir,
      allowDownload: options.allowDownload,
      allowStandIn: options.allowStandIn,
      cacheDir: cacheDirectory(process.env),
      signal: options.signal,
      ...narrate(options.stream),
    });
    sources.set(name, source);
  }
  return sources;
}

/** Notices as lines; downloads as a bar that redraws itself on a terminal. */
export function narrate(stream: ProgressStream) {
  return {
    onNotice: (line: string) => void stream.write(`${line}\n`),
    onProgress: (progress: DownloadProgress) => {
      if (stream.isTTY === true) stream.write(`${CLEAR_LINE}${bar(progress)}${isComplete(progress) ? '\n' : ''}`);
    },
  };
}

const BAR_WIDTH = 24;

function bar({ file, receivedBytes, totalBytes }: DownloadProgress): string {
  const fraction = totalBytes > 0 ? receivedBytes / totalBytes : 0;
  const full = '#'.repeat(Math.round(fraction * BAR_WIDTH)).padEnd(BAR_WIDTH, '.');
  return `${file} [${full}] ${(receivedBytes / 1e6).toFixed(1)} of ${(totalBytes / 1e6).toFixed(1)} MB`;
}

function isComplete({ receivedBytes, totalBytes }: DownloadProgress): boolean {
  return receivedBytes === totalBytes;
}
