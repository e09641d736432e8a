import type { StartedWasm } from '../../src/backends/wasm/start.js';

/** Bytes before and after each block, more than stock writes past its own, and what is in them: NaN as float32, -1 as int32. */
const GUARD = 512;
const GUARD_BYTE = 0xff;

/** A heap whose blocks, of tensors and of our module, are surrounded by NaN, and full of any byte when they are taken and given back. */
export interface PoisonedHeap {
  fillWith(byte: number): void;
  /** @throws Error where something was written outside of a block since the last time */
  check(): void;
  /** Puts all back. What was taken in between must have been given back. */
  stop(): void;
}

export function poison({ backend, memory }: Pick<StartedWasm, 'backend' | 'memory'>): PoisonedHeap {
  const wasm = backend.wasm as { _malloc: (bytes: number) => number; _free: (address: number) => void };
  // Emscripten puts the exported function in the place of its stub, and so of ours, at the first call.
  wasm._free(wasm._malloc(1));
  const { _malloc: malloc, _free: free } = wasm;
  const blocks = new Map<number, { readonly start: number; readonly bytes: number }>();
  // The heap's buffer is another one after it has grown.
  const heap = () => new Uint8Array(memory.buffer);
  const isIntact = ({ start, bytes }: { start: number; bytes: number }) =>
    [start, start + GUARD + bytes].every((at) => {
      return heap()
        .subarray(at, at + GUARD)
        .every((byte) => byte === GUARD_BYTE);
    });
  const faults: string[] = [];
  let filling = GUARD_BYTE;
  wasm._malloc = (bytes) => {
    const start = malloc(bytes + 2 * GUARD) >>> 0;
    if (start === 0) return 0;
    heap().fill(GUARD_BYTE, start, start + bytes + 2 * GUARD);
    heap().fill(filling, start + GUARD, start + GUARD + bytes);
    blocks.set(start + GUARD, { start, bytes });
    return start + GUARD;
  };
  wasm._free = (address) => {
    const block = blocks.get(address >>> 0);
    if (block === undefined) {
      free(address);
      return;
    }
    blocks.delete(address >>> 0);
    if (!isIntact(block)) faults.push(`a block of ${block.bytes} bytes`);
    heap().fill(filling, block.start, block.start + block.bytes + 2 * GUARD);
    free(block.start);
  };
  return {
    fillWith(byte) {
      filling = byte;
    },
    check() {
      for (const block of blocks.values()) {
        if (!isIntact(block)) faults.push(`a living block of ${block.bytes} bytes`);
      }
      if (faults.length > 0) throw new Error(`something was written outside of ${faults.splice(0).join(', ')}`);
    },
    stop() {
      Object.assign(wasm, { _malloc: malloc, _free: free });
    },
  };
}
