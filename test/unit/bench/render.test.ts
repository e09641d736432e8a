import { expect, test } from 'vitest';
import { parseContestant } from '../../../src/bench/contestant.js';
import { withPythons } from '../../../src/bench/pythons.js';
import { comparisons, renderMarkdown, type Setting } from '../../../src/bench/render.js';
import { block, failed, measured, workload } from './fixture.js';

const SETTING: Setting = {
  benchmark: 'wasm',
  date: '2026-01-02',
  command: 'npm run bench:wasm',
  commit: 'abc1234',
  cpu: 'a processor',
  cores: 2,
  node: '20.19.0',
  load: 0.1,
  limit: 50,
};

const WORKLOADS = [
  workload('mlp-2', 64, [
    measured(
      'wasm-1',
      [block([0.5]), block([1])],
      block([0.01, 0.01], { kernelSeconds: [{ Add: 0.002, MatMul: 0.007 }, { MatMul: 0.0085 }] }),
    ),
    measured('wasm-2', [block([0.25], { cpuSeconds: 0.5 }), block([0.5], { cpuSeconds: 0.5 })]),
    measured('wasm-stock', [block([8]), block([16])]),
    measured('torch-1', [block([0.25]), block([0.5])]),
  ]),
  workload('cnn-1', 256, [
    measured('wasm-1', [block([4]), block([4])]),
    failed('wasm-2', 'its process ended (SIGKILL):\n  out of memory'),
    failed('wasm-stock', 'it has no kernel Conv2DBackpropFilter'),
    measured('torch-1', [block([2]), block([2])]),
  ]),
];

test('a result says goals, speeds, ratios, where the time goes, and what was not measured', () => {
  expect(renderMarkdown(SETTING, WORKLOADS)).toMatchInlineSnapshot(`
    "\`npm run bench:wasm\`, 2026-01-02, commit abc1234. a processor, 2 cores, Node 20.19.0; load average before the start 0.10. A thread multiplies and adds at 50.0 GFLOP/s in registers of WebAssembly.

    - \`wasm-1\`: the software of wasm-1
    - \`wasm-2\`: the software of wasm-2
    - \`wasm-stock\`: the software of wasm-stock
    - \`torch-1\`: the software of torch-1

    |  | medians of all workloads | goal | reached by all |
    | --- | ---: | ---: | --- |
    | CNN training, 64 images a step and more, of PyTorch with as many threads | 0.500 | &gt;= 1.3 | no |
    | MLP training, of PyTorch with as many threads | 0.500 | &gt;= 0.4 | yes |
    | MLP training, of stock wasm, one thread each | 16.0 | &gt;= 12 | yes |
    | time outside kernels, an MLP step | 1.25 ms | &lt;= 1.5 ms | yes |

    ### Training images a second

    |  | batch | wasm-1 | wasm-2 | wasm-stock | torch-1 |
    | --- | ---: | ---: | ---: | ---: | ---: |
    | mlp-2 | 64 | 96.0 | 192 | 6.00 | 192 |
    | cnn-1 | 256 | 64.0 | – | – | 128 |

    ### How many times as fast

    |  | batch | wasm-1 / wasm-stock | wasm-2 / wasm-stock | wasm-1 / torch-1 | wasm-2 / wasm-1 |
    | --- | ---: | ---: | ---: | ---: | ---: |
    | mlp-2 | 64 | 16.0 (16.0–16.0) | 32.0 (32.0–32.0) | 0.500 (0.500–0.500) | 2.00 (2.00–2.00) |
    | cnn-1 | 256 | – | – | 0.500 (0.500–0.500) | – |

    ### Where the time goes

    |  | batch |  | outside kernels | kernels |
    | --- | ---: | --- | ---: | --- |
    | mlp-2 | 64 | wasm-1 | 13% | MatMul 78%, Add 10% |

    ### Not measured

    - cnn-1, batch 256: \`wasm-2\`: its process ended (SIGKILL): out of memory
    - cnn-1, batch 256: \`wasm-stock\`: it has no kernel Conv2DBackpropFilter"
  `);
});

test('a busy machine, a contestant that does not rest and one that had to share are warnings', () => {
  const restless = workload('mlp-2', 64, [
    measured('wasm-1', [block([1], { idleCpuSeconds: 0.5 })]),
    measured('wasm-2', [block([1], { idleCpuSeconds: 0.15 })]),
    measured('torch-1', [block([2], { cpuSeconds: 1 })]),
  ]);
  const text = renderMarkdown({ ...SETTING, load: 1.5 }, [restless]);
  expect(text.slice(text.indexOf('### Warnings'))).toMatchInlineSnapshot(`
    "### Warnings

    - The machine was busy before the start (load average 1.50).
    - mlp-2, batch 64: wasm-1 went on computing after its blocks, for 0.500 s of processor time each.
    - mlp-2, batch 64: torch-1 had only 0.500 of a processor; others were computing."
  `);
});

test('only contestants that take part are compared', () => {
  const pairs = (names: string[]) => comparisons(names.map(parseContestant)).map((pair) => pair.join(' / '));
  expect(pairs(['wasm-1', 'wasm-2', 'wasm-stock', 'torch-1', 'torch-2'])).toEqual([
    'wasm-1 / wasm-stock',
    'wasm-2 / wasm-stock',
    'wasm-1 / torch-1',
    'wasm-2 / torch-2',
    'wasm-2 / wasm-1',
    'torch-2 / torch-1',
  ]);
  expect(pairs(['wasm-1', 'torch-2'])).toEqual([]);
  expect(pairs(['webgpu-1', 'torch-cuda'])).toEqual(['webgpu-1 / torch-cuda']);
  expect(pairs(['wasm-1', 'torch-cuda'])).toEqual([]);
  const several = [
    { file: 'a', label: '1.13' },
    { file: 'b', label: '2.15' },
  ];
  expect(comparisons(withPythons(['wasm-1', 'torch-1', 'torch-2'].map(parseContestant), several))).toEqual([
    ['wasm-1', 'torch-1.13-1'],
    ['wasm-1', 'torch-2.15-1'],
    ['torch-1.13-2', 'torch-1.13-1'],
    ['torch-2.15-2', 'torch-2.15-1'],
  ]);
});

test('cpu is held against PyTorch with as many threads', () => {
  const results = [workload('cnn-1', 64, [measured('cpu-1', [block([1])]), measured('torch-1', [block([0.9])])])];
  const page = renderMarkdown({ ...SETTING, benchmark: 'backends' }, results);
  expect(page).toContain('| training on cpu, of PyTorch with as many threads | 0.900 | &gt;= 0.8 | yes |');
  expect(page).toContain('cpu-1 / torch-1');
});
