import { describe, expect, test } from 'vitest';
import { doctorDocument, doctorExitCode } from '../../../../src/app/doctor/doctor.js';
import { renderDocument } from '../../../../src/report/render.js';
import type { ProbeResult } from '../../../../src/runner/parent/probe-backend.js';
import { ENVIRONMENT } from '../../../fixtures/records/build.js';

const WASM: ProbeResult = {
  name: 'wasm',
  works: true,
  description: {
    name: 'wasm',
    version: '4.22.0',
    device: 'Intel(R) Xeon(R) Platinum 8481C CPU @ 2.70GHz',
    threads: 2,
    variant: 'SIMD',
    ownKernels: ['Conv2D', 'Adam'],
  },
  gigaflops: 123.4,
  missingKernels: [],
};
const WEBGPU: ProbeResult = {
  name: 'webgpu',
  works: true,
  description: {
    name: 'webgpu',
    version: '4.22.0',
    library: 'Dawn (webgpu 0.6.2)',
    device: 'Swift\u001b[2JShader',
    threads: 1,
    variant: 'float32',
    driver: 'SwiftShader 5.0',
    software: true,
    ownKernels: [],
  },
  gigaflops: 2.34,
  missingKernels: [{ suite: 'cnn', kernels: ['Conv2DBackpropFilter', 'MaxPoolGrad'] }],
};
const CPU: ProbeResult = {
  name: 'cpu',
  works: false,
  reason: 'there is no libtensorflow',
  remedy: 'Run "cnnbench setup cpu".',
};

describe('what doctor prints', () => {
  const diagnoses = [
    { probe: WASM, title: 'WebAssembly' },
    { probe: WEBGPU, title: 'tfjs on Dawn' },
    { probe: CPU, title: 'libtensorflow' },
  ];
  const environment = { ...ENVIRONMENT, cpu: 'Xeon' };
  const render = (width: number) =>
    renderDocument(doctorDocument(environment, diagnoses, ['mlp', 'cnn']), 'terminal', { width }).text;

  test('is a table, and below it what does not fit, backend by backend', () => {
    expect(render(100)).toMatchInlineSnapshot(`
      "cnnbench 0.1.0, Node v20.20.2, linux x64, 2 x Xeon, 8 GiB

      backend  works  version  variant  threads  GFLOP/s  trains    device
      ────────────────────────────────────────────────────────────────────────────────────────────────────
      wasm     yes    4.22.0   SIMD           2      123  mlp, cnn  Intel(R) Xeon(R) Platinum 8481C CPU @
                                                                    2.70GHz
      webgpu   yes    4.22.0   float32        1      2.3  mlp       (software) SwiftShader
      cpu      no
      GFLOP/s: float32 matrix product, 256x256 to 4096x4096, doubled until one takes 50 ms.

      wasm: WebAssembly
      device       Intel(R) Xeon(R) Platinum 8481C CPU @ 2.70GHz
      own kernels  Conv2D, Adam

      webgpu: tfjs on Dawn
      device            SwiftShader; software rendering, its speed says nothing about a GPU
      library           Dawn (webgpu 0.6.2)
      driver            SwiftShader 5.0
      cannot train cnn  no kernel Conv2DBackpropFilter, MaxPoolGrad

      cpu: libtensorflow
      does not work  there is no libtensorflow
      what to do     Run "cnnbench setup cpu".
      "
    `);
  });
  test('keeps to the width of the terminal', () => {
    for (const width of [60, 80, 100]) {
      for (const line of render(width).split('\n')) expect(line.length).toBeLessThanOrEqual(width);
    }
  });
});

test('doctor is content with any backend that works but the oracle, or with one that was named', () => {
  const js = { ...WASM, name: 'js' } as const;
  expect(doctorExitCode([CPU, WASM, js], false)).toBe(0);
  expect(doctorExitCode([CPU, js], false)).toBe(3);
  expect(doctorExitCode([js], true)).toBe(0);
  expect(doctorExitCode([CPU], true)).toBe(3);
});
