import type { StartedWasm } from '../../src/backends/wasm/start.js';

/** NaN as float32, -1 as int32, true as bool. */
const POISON = 0xff;
/** Bytes before and after each block. */
const GUARD = 64;

/**
 * Has every block of tfjs's wasm heap, of tensors and of our module, filled with poison when it is taken and when it is given back, and
 * surrounded by it.
 *
 * @returns `check`, which throws where something was written outside of a block, and `stop`, which puts all back
 */
export function poison({ backend, memory }: Pick<StartedWasm, 'backend' | 'memory'>): { check(): void; stop(): void } {
  const wasm = backend.wasm as { _malloc: (bytes: number) => number; _free: (address: number) => void };
  const { _malloc: malloc, _free: free } = wasm;
  const blocks = new Map<number, { readonly start: number; readonly bytes: number }>();
  // The heap's buffer is another one after it has grown.
  const heap = () => new Uint8Array(memory.buffer);
  const isIntact = ({ start, bytes }: { start: number; bytes: number }) =>
    [start, start + GUARD + bytes].every((at) =>
      heap()
        .subarray(at, at + GUARD)
        .every((byte) => byte === POISON),
    );
  const faults: string[] = [];
  wasm._malloc = (bytes) => {
    const start = malloc(bytes + 2 * GUARD) >>> 0;
    if (start === 0) return 0;
    heap().fill(POISON, start, start + bytes + 2 * GUARD);
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
    heap().fill(POISON, block.start, block.start + block.bytes + 2 * GUARD);
    free(block.start);
  };
  return {
    check() {
      for (const block of blocks.values()) if (!isIntact(block)) faults.push(`a living block of ${block.bytes} bytes`);
      if (faults.length > 0) throw new Error(`something was written outside of ${faults.splice(0).join(', ')}`);
    },
    stop() {
      // Blocks that live on are given back by where they start.
      wasm._malloc = malloc;
      wasm._free = (address) => free(blocks.get(address >>> 0)?.start ?? address);
    },
  };
}
