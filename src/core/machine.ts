import type { BackendDescription, Environment } from './record.js';

/** What a speed depends on besides the program: fact -> value, in words, in a fixed order. */
export type MachineFacts = Readonly<Record<string, string>>;

/** Bytes in a gibibyte: a kernel keeps some megabytes for itself, and not always as many. */
const GIB = 2 ** 30;

/**
 * The facts by which two machines count as the same: the system, the processor, the memory in GiB and the major version of
 * Node; of a backend what computes, with how many threads and in which variant. Not the versions of cnnbench and tfjs, which
 * are what one compares.
 */
export function machineFacts(environment: Environment, backend?: BackendDescription): MachineFacts {
  const { platform, arch, cpu, cores, memory, node } = environment;
  return {
    platform,
    architecture: arch,
    processor: cpu,
    cores: String(cores),
    memory: `${Math.round(memory / GIB)} GiB`,
    node: node.replace(/^v/, '').split('.')[0] as string,
    ...(backend && backendFacts(backend)),
  };
}

function backendFacts({ name, device, threads, variant, library = 'none' }: BackendDescription): MachineFacts {
  return { backend: name, device, threads: String(threads), variant, library };
}

/** The facts in which machines differ, in words: `cores: 2 and 4`. Empty where they are the same. */
export function machineDifferences(first: MachineFacts, second: MachineFacts): readonly string[] {
  return [...new Set([...Object.keys(first), ...Object.keys(second)])]
    .filter((fact) => first[fact] !== second[fact])
    .map((fact) => `${fact}: ${first[fact] ?? 'not known'} and ${second[fact] ?? 'not known'}`);
}

/** One text for equal facts, whatever the order of its fields. */
export function machineKey(facts: MachineFacts): string {
  return JSON.stringify(Object.entries(facts).toSorted(([a], [b]) => (a < b ? -1 : 1)));
}

/** `linux x64, Example CPU, 2 cores, 8 GiB, Node 20, SIMD, 2 threads`. */
export function machineFactsInWords(facts: MachineFacts): string {
  const { platform, architecture, processor, cores, memory, node, variant, threads } = facts;
  const words = [`${platform} ${architecture}`, processor, `${cores} cores`, memory, `Node ${node}`];
  return [...words, ...(variant === undefined ? [] : [variant, `${threads} threads`])].join(', ');
}
