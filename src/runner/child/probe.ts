import type { Tf } from '../../backends/tfjs.js';
import { missingKernels } from '../../train/kernels.js';
import type { Message, MissingKernels, ProbeRequest } from '../protocol.js';
import { checkProduct, measureGigaflops } from './measure-gigaflops.js';

/** Whether a backend multiplies right; with suites also how fast, and what it lacks to train them. */
export async function probe(tf: Tf, { suites }: ProbeRequest): Promise<Message> {
  if (suites === undefined) {
    await checkProduct(tf);
    return { type: 'probed', missingKernels: [] };
  }
  return { type: 'probed', gigaflops: await measureGigaflops(tf), missingKernels: missingKernelsBySuite(tf, suites) };
}

function missingKernelsBySuite(tf: Tf, suites: NonNullable<ProbeRequest['suites']>): MissingKernels[] {
  return suites.flatMap(({ suite, models }) => {
    const kernels = [...new Set(models.flatMap((model) => missingKernels(tf, model)))];
    return kernels.length > 0 ? [{ suite, kernels }] : [];
  });
}
