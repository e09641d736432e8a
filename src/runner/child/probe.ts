import type { Tf } from '../../backends/tfjs.js';
import { missingKernels } from '../../train/kernels.js';
import type { Message, MissingKernels, ProbeRequest } from '../protocol.js';
import { measureGigaflops } from './measure-gigaflops.js';

/** What a backend can do: how fast it multiplies, and what it lacks to train the suites of the request. */
export async function probe(tf: Tf, request: ProbeRequest): Promise<Message> {
  const gigaflops = await measureGigaflops(tf);
  return { type: 'probed', gigaflops, missingKernels: missingKernelsBySuite(tf, request) };
}

function missingKernelsBySuite(tf: Tf, { suites }: ProbeRequest): MissingKernels[] {
  return suites.flatMap(({ suite, models }) => {
    const kernels = [...new Set(models.flatMap((model) => missingKernels(tf, model)))];
    return kernels.length > 0 ? [{ suite, kernels }] : [];
  });
}
