import { setTimeout as pause } from 'node:timers/promises';

/** What Windows says of a file that a virus scanner, an indexer or a reader has open for a moment. */
const MOMENTARY = ['EACCES', 'EBUSY', 'EPERM'];

/** Milliseconds before each further try: a scanner takes tens, seldom a second. */
const PAUSES_MS = [10, 20, 50, 100, 200, 400, 800, 1600];

export interface SteadilyOptions {
  /** Default: that of this machine. */
  readonly platform?: NodeJS.Platform;
  readonly pausesMs?: readonly number[];
}

/**
 * Renames, makes or removes a file. POSIX does that to a file that somebody has open; Windows refuses for as long, so there it is
 * tried again for some seconds.
 *
 * @throws what `work` throws: at once, but on Windows for an error that may pass only in the end
 */
export async function steadily<Result>(
  work: () => Promise<Result>,
  { platform = process.platform, pausesMs = PAUSES_MS }: SteadilyOptions = {},
): Promise<Result> {
  for (const pauseMs of platform === 'win32' ? pausesMs : []) {
    try {
      return await work();
    } catch (error) {
      if (!MOMENTARY.includes((error as NodeJS.ErrnoException).code ?? '')) throw error;
    }
    await pause(pauseMs);
  }
  return work();
}
