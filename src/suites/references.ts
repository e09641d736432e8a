import type { Reference, ReferenceOf, ReferenceSetup } from '../core/reference.js';

// Written by scripts/write-references.js from reference/pytorch/results; a test compares the two.

const SETUP_1: ReferenceSetup = { framework: 'PyTorch 1.13.0a0', machine: 'AMD EPYC' };
const SETUP_2: ReferenceSetup = { framework: 'PyTorch 2.11.0+cu130', machine: 'NVIDIA H100 80GB HBM3' };

/** Final test accuracies of PyTorch, one a seed. */
// prettier-ignore
export const REFERENCES: readonly Reference[] = [
  { experiment: 'mlp-1', profile: 'smoke', data: 'real', accuracies: [0.619, 0.607, 0.631, 0.632, 0.597, 0.587, 0.56, 0.631, 0.6, 0.591], setup: SETUP_1 },
  { experiment: 'mlp-1-lr1e-4', profile: 'smoke', data: 'real', accuracies: [0.174, 0.168, 0.24, 0.092, 0.305, 0.158, 0.198, 0.171, 0.221, 0.325], setup: SETUP_1 },
  { experiment: 'mlp-1-sigmoid', profile: 'smoke', data: 'real', accuracies: [0.473, 0.586, 0.482, 0.538, 0.561, 0.48, 0.591, 0.572, 0.526, 0.499], setup: SETUP_1 },
  { experiment: 'mlp-1-deep', profile: 'smoke', data: 'real', accuracies: [0.556, 0.586, 0.624, 0.603, 0.688, 0.642, 0.659, 0.664, 0.569, 0.66], setup: SETUP_1 },
  { experiment: 'mlp-2', profile: 'smoke', data: 'real', accuracies: [0.291, 0.279, 0.3, 0.338, 0.302, 0.286, 0.271, 0.301, 0.259, 0.287], setup: SETUP_1 },
  { experiment: 'mlp-2-lr1e-4', profile: 'smoke', data: 'real', accuracies: [0.204, 0.222, 0.23, 0.21, 0.212, 0.259, 0.178, 0.249, 0.183, 0.231], setup: SETUP_1 },
  { experiment: 'mlp-3', profile: 'smoke', data: 'real', accuracies: [0.305, 0.304, 0.286, 0.306, 0.314, 0.301, 0.262, 0.297, 0.301, 0.288], setup: SETUP_1 },
  { experiment: 'mlp-3-lr1e-4', profile: 'smoke', data: 'real', accuracies: [0.235, 0.208, 0.219, 0.193, 0.164, 0.219, 0.204, 0.195, 0.185, 0.189], setup: SETUP_1 },
  { experiment: 'mlp-4', profile: 'smoke', data: 'real', accuracies: [0.275, 0.298, 0.286, 0.287, 0.257, 0.295, 0.301, 0.305, 0.304, 0.312], setup: SETUP_1 },
  { experiment: 'mlp-4-lr1e-4', profile: 'smoke', data: 'real', accuracies: [0.219, 0.191, 0.2, 0.168, 0.213, 0.17, 0.217, 0.196, 0.203, 0.177], setup: SETUP_1 },
  { experiment: 'cnn-1', profile: 'smoke', data: 'real', accuracies: [0.12, 0.15, 0.09, 0.12, 0.06, 0.14, 0.11, 0.09, 0.06, 0.15], setup: SETUP_1 },
  { experiment: 'cnn-2', profile: 'smoke', data: 'real', accuracies: [0.1, 0.06, 0.12, 0.08, 0.1, 0.08, 0.1, 0.11, 0.08, 0.04], setup: SETUP_1 },
  { experiment: 'cnn-1', profile: 'quick', data: 'real', accuracies: [0.567, 0.532, 0.486, 0.551, 0.601, 0.519, 0.528, 0.508, 0.486, 0.597], setup: SETUP_1 },
  { experiment: 'mlp-1', profile: 'quick', data: 'real', accuracies: [0.8671, 0.8602, 0.865, 0.8609, 0.8599, 0.8666, 0.859, 0.8615, 0.8643, 0.8647], setup: SETUP_1 },
  { experiment: 'mlp-1-lr1e-4', profile: 'quick', data: 'real', accuracies: [0.8205, 0.8207, 0.8235, 0.8147, 0.819, 0.82, 0.8215, 0.8158, 0.8183, 0.8258], setup: SETUP_1 },
  { experiment: 'mlp-1-sigmoid', profile: 'quick', data: 'real', accuracies: [0.8395, 0.8431, 0.8408, 0.8396, 0.8409, 0.8443, 0.8394, 0.8391, 0.8374, 0.8414], setup: SETUP_1 },
  { experiment: 'mlp-1-deep', profile: 'quick', data: 'real', accuracies: [0.8673, 0.8652, 0.862, 0.8615, 0.8726, 0.8701, 0.8694, 0.8691, 0.8692, 0.8673], setup: SETUP_1 },
  { experiment: 'cnn-2', profile: 'quick', data: 'real', accuracies: [0.229, 0.191, 0.229, 0.217, 0.216, 0.207, 0.231, 0.21, 0.235, 0.2], setup: SETUP_1 },
  { experiment: 'mlp-2', profile: 'quick', data: 'real', accuracies: [0.4822, 0.4722, 0.4757, 0.4723, 0.4773, 0.4849, 0.476, 0.4672, 0.471, 0.4794], setup: SETUP_1 },
  { experiment: 'mlp-2-lr1e-4', profile: 'quick', data: 'real', accuracies: [0.4323, 0.4367, 0.4339, 0.4276, 0.4354, 0.4402, 0.4274, 0.4426, 0.4274, 0.4283], setup: SETUP_1 },
  { experiment: 'mlp-3', profile: 'quick', data: 'real', accuracies: [0.4832, 0.4853, 0.4864, 0.4767, 0.4827, 0.4853, 0.4801, 0.4906, 0.4838, 0.4828], setup: SETUP_1 },
  { experiment: 'mlp-3-lr1e-4', profile: 'quick', data: 'real', accuracies: [0.4364, 0.4345, 0.4384, 0.428, 0.4275, 0.4311, 0.4292, 0.4364, 0.4315, 0.4339], setup: SETUP_1 },
  { experiment: 'mlp-4', profile: 'quick', data: 'real', accuracies: [0.47, 0.4816, 0.4782, 0.4685, 0.4772, 0.4773, 0.488, 0.4764, 0.4811, 0.4689], setup: SETUP_1 },
  { experiment: 'mlp-4-lr1e-4', profile: 'quick', data: 'real', accuracies: [0.4382, 0.4325, 0.43, 0.4224, 0.4373, 0.4265, 0.4394, 0.4342, 0.4324, 0.4333], setup: SETUP_1 },
  { experiment: 'mlp-1', profile: 'full', data: 'real', accuracies: [0.8915, 0.8936, 0.8913, 0.8864, 0.8876, 0.8923, 0.891, 0.8873, 0.8906, 0.8905], setup: SETUP_1 },
  { experiment: 'mlp-2', profile: 'full', data: 'real', accuracies: [0.5292, 0.5237, 0.528, 0.529, 0.5299, 0.5261, 0.5221, 0.5186, 0.5277, 0.5294], setup: SETUP_1 },
  { experiment: 'mlp-3', profile: 'full', data: 'real', accuracies: [0.5249, 0.5197, 0.5268, 0.5231, 0.5209, 0.5217, 0.526, 0.52, 0.5254, 0.5266], setup: SETUP_1 },
  { experiment: 'mlp-4', profile: 'full', data: 'real', accuracies: [0.5143, 0.5205, 0.5294, 0.5244, 0.5181, 0.5192, 0.5189, 0.5252, 0.5211, 0.5307], setup: SETUP_1 },
  { experiment: 'mlp-1-deep', profile: 'full', data: 'real', accuracies: [0.8908, 0.8896, 0.8894, 0.8848, 0.887, 0.89, 0.8923, 0.8918, 0.8838, 0.8899], setup: SETUP_1 },
  { experiment: 'mlp-1-lr1e-4', profile: 'full', data: 'real', accuracies: [0.8917, 0.8909, 0.8921, 0.889, 0.8924, 0.8914, 0.8917, 0.8875, 0.8901, 0.8927], setup: SETUP_1 },
  { experiment: 'mlp-1-sigmoid', profile: 'full', data: 'real', accuracies: [0.8932, 0.8938, 0.8931, 0.8931, 0.8937, 0.8939, 0.8916, 0.8968, 0.8924, 0.8919], setup: SETUP_1 },
  { experiment: 'mlp-2-lr1e-4', profile: 'full', data: 'real', accuracies: [0.5295, 0.5354, 0.5396, 0.5384, 0.5346, 0.5375, 0.5352, 0.5351, 0.5303, 0.5394], setup: SETUP_1 },
  { experiment: 'mlp-3-lr1e-4', profile: 'full', data: 'real', accuracies: [0.5318, 0.5331, 0.5347, 0.5281, 0.5317, 0.526, 0.5306, 0.5315, 0.5353, 0.5373], setup: SETUP_1 },
  { experiment: 'mlp-4-lr1e-4', profile: 'full', data: 'real', accuracies: [0.5209, 0.5305, 0.5251, 0.5224, 0.5298, 0.5261, 0.5256, 0.5274, 0.5282, 0.5238], setup: SETUP_1 },
  { experiment: 'cnn-1', profile: 'full', data: 'real', accuracies: [0.8914], setup: SETUP_2 },
  { experiment: 'mlp-1', profile: 'smoke', data: 'stand-in', accuracies: [0.112, 0.115, 0.126, 0.112, 0.115, 0.111, 0.105, 0.122, 0.097, 0.108], setup: SETUP_1 },
  { experiment: 'mlp-1-lr1e-4', profile: 'smoke', data: 'stand-in', accuracies: [0.098, 0.092, 0.098, 0.087, 0.101, 0.098, 0.117, 0.095, 0.089, 0.094], setup: SETUP_1 },
  { experiment: 'mlp-1-sigmoid', profile: 'smoke', data: 'stand-in', accuracies: [0.103, 0.103, 0.109, 0.097, 0.107, 0.114, 0.106, 0.1, 0.1, 0.095], setup: SETUP_1 },
  { experiment: 'mlp-1-deep', profile: 'smoke', data: 'stand-in', accuracies: [0.116, 0.112, 0.119, 0.114, 0.096, 0.123, 0.118, 0.099, 0.114, 0.112], setup: SETUP_1 },
  { experiment: 'mlp-2', profile: 'smoke', data: 'stand-in', accuracies: [0.117, 0.116, 0.122, 0.121, 0.121, 0.129, 0.113, 0.102, 0.112, 0.123], setup: SETUP_1 },
  { experiment: 'mlp-2-lr1e-4', profile: 'smoke', data: 'stand-in', accuracies: [0.116, 0.09, 0.1, 0.094, 0.114, 0.091, 0.127, 0.119, 0.088, 0.096], setup: SETUP_1 },
  { experiment: 'mlp-3', profile: 'smoke', data: 'stand-in', accuracies: [0.115, 0.112, 0.116, 0.119, 0.116, 0.11, 0.121, 0.119, 0.11, 0.103], setup: SETUP_1 },
  { experiment: 'mlp-3-lr1e-4', profile: 'smoke', data: 'stand-in', accuracies: [0.107, 0.113, 0.115, 0.107, 0.099, 0.103, 0.096, 0.091, 0.107, 0.095], setup: SETUP_1 },
  { experiment: 'mlp-4', profile: 'smoke', data: 'stand-in', accuracies: [0.104, 0.096, 0.087, 0.099, 0.103, 0.105, 0.1, 0.117, 0.12, 0.12], setup: SETUP_1 },
  { experiment: 'mlp-4-lr1e-4', profile: 'smoke', data: 'stand-in', accuracies: [0.09, 0.116, 0.108, 0.094, 0.09, 0.096, 0.113, 0.118, 0.118, 0.094], setup: SETUP_1 },
  { experiment: 'cnn-1', profile: 'smoke', data: 'stand-in', accuracies: [0.1, 0.1, 0.11, 0.1, 0.1, 0.1, 0.1, 0.11, 0.1, 0.1], setup: SETUP_1 },
  { experiment: 'cnn-2', profile: 'smoke', data: 'stand-in', accuracies: [0.1, 0.07, 0.1, 0.1, 0.1, 0.1, 0.1, 0.1, 0.1, 0.1], setup: SETUP_1 },
  { experiment: 'mlp-1', profile: 'quick', data: 'stand-in', accuracies: [0.2175, 0.206, 0.214, 0.198, 0.207, 0.219, 0.1815, 0.199, 0.1875, 0.2025], setup: SETUP_1 },
  { experiment: 'mlp-1-lr1e-4', profile: 'quick', data: 'stand-in', accuracies: [0.109, 0.1255, 0.121, 0.12, 0.1105, 0.109, 0.1185, 0.116, 0.1275, 0.113], setup: SETUP_1 },
  { experiment: 'mlp-1-sigmoid', profile: 'quick', data: 'stand-in', accuracies: [0.115, 0.1105, 0.112, 0.125, 0.124, 0.119, 0.1205, 0.1215, 0.124, 0.1105], setup: SETUP_1 },
  { experiment: 'mlp-1-deep', profile: 'quick', data: 'stand-in', accuracies: [0.2265, 0.24, 0.2305, 0.2175, 0.248, 0.228, 0.2305, 0.2255, 0.224, 0.239], setup: SETUP_1 },
  { experiment: 'mlp-2', profile: 'quick', data: 'stand-in', accuracies: [0.1445, 0.1375, 0.135, 0.1365, 0.121, 0.1405, 0.139, 0.1435, 0.1435, 0.131], setup: SETUP_1 },
  { experiment: 'mlp-2-lr1e-4', profile: 'quick', data: 'stand-in', accuracies: [0.1065, 0.113, 0.1135, 0.107, 0.1015, 0.1065, 0.116, 0.115, 0.095, 0.1115], setup: SETUP_1 },
  { experiment: 'mlp-3', profile: 'quick', data: 'stand-in', accuracies: [0.124, 0.131, 0.139, 0.1365, 0.1385, 0.1265, 0.145, 0.1325, 0.142, 0.1235], setup: SETUP_1 },
  { experiment: 'mlp-3-lr1e-4', profile: 'quick', data: 'stand-in', accuracies: [0.114, 0.126, 0.1055, 0.12, 0.1125, 0.11, 0.1215, 0.102, 0.116, 0.1205], setup: SETUP_1 },
  { experiment: 'mlp-4', profile: 'quick', data: 'stand-in', accuracies: [0.11, 0.126, 0.122, 0.123, 0.1255, 0.1265, 0.1335, 0.1125, 0.12, 0.121], setup: SETUP_1 },
  { experiment: 'mlp-4-lr1e-4', profile: 'quick', data: 'stand-in', accuracies: [0.1205, 0.114, 0.1215, 0.112, 0.1025, 0.114, 0.1075, 0.1035, 0.1145, 0.1085], setup: SETUP_1 },
  { experiment: 'cnn-1', profile: 'quick', data: 'stand-in', accuracies: [0.1, 0.1, 0.101, 0.094, 0.1, 0.1, 0.107, 0.103, 0.124, 0.1], setup: SETUP_1 },
  { experiment: 'cnn-2', profile: 'quick', data: 'stand-in', accuracies: [0.1, 0.1, 0.104, 0.1, 0.098, 0.098, 0.099, 0.1, 0.103, 0.1], setup: SETUP_1 },
];

const BY_KEY = new Map(REFERENCES.map((reference) => [keyOf(reference), reference]));

function keyOf({ experiment, profile, data }: Pick<Reference, 'experiment' | 'profile' | 'data'>): string {
  return `${experiment} ${profile} ${data}`;
}

export const referenceOf: ReferenceOf = (experiment, profile, data) => BY_KEY.get(keyOf({ experiment, profile, data }));
