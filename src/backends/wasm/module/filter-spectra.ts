import type { KernelModule } from './kernel-module.js';

/** Bytes that are kept at most: the filters of the decks' larger CNN have 45 MiB of spectra. */
const MOST_BYTES = 64 * 2 ** 20;

interface Entry {
  readonly key: string;
  readonly address: number;
  readonly bytes: number;
}

/**
 * Spectra of filters, kept from the forward pass to the gradient of the input: the weights are the same. A filter is known by an
 * object that stands for its values, which never change: tfjs's data id. A new spectrum takes the place of those whose filters are
 * gone, and of those used longest ago where there is no room.
 */
export class FilterSpectra {
  readonly #module: KernelModule;
  readonly #isLive: (owner: object) => boolean;
  /** The one used last comes last. */
  readonly #entries = new Map<object, Entry>();

  /** @param isLive whether a filter still exists */
  constructor(module: KernelModule, isLive: (owner: object) => boolean) {
    this.#module = module;
    this.#isLive = isLive;
  }

  /**
   * Lends a spectrum for the time of a call.
   *
   * @param key says which of the spectra that a filter may have it is; one of them is kept
   * @param compute fills the memory at an address, where the spectrum is not known
   */
  lend(
    owner: object,
    key: string,
    bytes: number,
    compute: (address: number) => void,
    use: (address: number) => void,
  ): void {
    if (bytes > MOST_BYTES) {
      this.#module.withMemory([bytes], (address) => {
        compute(address);
        use(address);
      });
      return;
    }
    const known = this.#entries.get(owner);
    if (known?.key !== key) {
      this.#forget(owner);
      this.#makeRoom(bytes);
    }
    const entry = known?.key === key ? known : { key, address: this.#filled(bytes, compute), bytes };
    this.#entries.delete(owner);
    this.#entries.set(owner, entry);
    use(entry.address);
  }

  #filled(bytes: number, compute: (address: number) => void): number {
    const address = this.#module.allocate(bytes);
    try {
      compute(address);
      return address;
    } catch (error) {
      this.#module.free(address);
      throw error;
    }
  }

  #makeRoom(bytes: number): void {
    for (const owner of [...this.#entries.keys()]) if (!this.#isLive(owner)) this.#forget(owner);
    let kept = [...this.#entries.values()].reduce((sum, entry) => sum + entry.bytes, 0);
    for (const [owner, entry] of this.#entries) {
      if (kept + bytes <= MOST_BYTES) return;
      kept -= entry.bytes;
      this.#forget(owner);
    }
  }

  #forget(owner: object): void {
    const entry = this.#entries.get(owner);
    if (entry !== undefined) this.#module.free(entry.address);
    this.#entries.delete(owner);
  }

  /** Gives the memory back. */
  dispose(): void {
    for (const owner of [...this.#entries.keys()]) this.#forget(owner);
  }
}
