/** Where data may come from. */
export interface DataChoice {
  /** Looked at before the cache, the system and the network. */
  readonly dataDir: string | undefined;
  /** False makes it an error where a data set cannot be had; else drawn images stand in. */
  readonly allowStandIn: boolean;
  /** False keeps to what is on this machine. */
  readonly allowDownload: boolean;
}
