import type { LayerSummary } from '../../model/summary.js';

/** Layers of a model by their paths: a block holds its branches, a branch its layers. */
export interface TreeNode {
  /** Last part of the path. */
  readonly label: string;
  /** Absent for what has no output of its own: a branch, a model inside a model. */
  readonly layer?: LayerSummary;
  readonly children: readonly TreeNode[];
  /** Sums over everything below; only of nodes with children. */
  readonly inside?: { readonly parameters: number; readonly biases: number; readonly macs: number };
}

/** @param path of the layers, put before their names */
export function treeOf(layers: readonly LayerSummary[], path = ''): TreeNode[] {
  const groups = new Map<string, LayerSummary[]>();
  for (const layer of layers) {
    const [label] = layer.name.slice(path.length).split('/', 1) as [string];
    groups.set(label, [...(groups.get(label) ?? []), layer]);
  }
  return [...groups].map(([label, group]) => nodeOf(label, group, `${path}${label}`));
}

function nodeOf(label: string, group: readonly LayerSummary[], name: string): TreeNode {
  const layer = group.find((each) => each.name === name);
  const inner = group.filter((each) => each !== layer);
  const children = withIdentities(treeOf(inner, `${name}/`), layer?.branches);
  const node = { label, ...(layer && { layer }), children };
  if (children.length === 0) return node;
  const sum = (field: 'weights' | 'biases' | 'macs') => inner.reduce((total, each) => total + each[field], 0);
  return {
    ...node,
    inside: { parameters: sum('weights') + sum('biases'), biases: sum('biases'), macs: sum('macs') },
  };
}

/** Branches without layers have left no trace in the list. */
function withIdentities(branches: readonly TreeNode[], count: number | undefined): readonly TreeNode[] {
  if (count === undefined) return branches;
  return Array.from({ length: count }, (_, index) => {
    const label = `branch${index + 1}`;
    return branches.find((branch) => branch.label === label) ?? { label, children: [] };
  });
}
