import { describe, expect, test } from 'vitest';
import type { CellRecord } from '../../../src/core/record.js';
import { renderReport } from '../../../src/report/render.js';
import { completedTraining } from '../../fixtures/records/build.js';
import { fixtureSummary } from '../../fixtures/records/summary.js';

/** The same experiment on a GPU with this driver, or on what a processor plays. */
function trainedOn(driver: string, seed: number, imagesPerSecond: number, software: boolean): CellRecord {
  const record = completedTraining({ experiment: 'mlp-1', backend: 'webgpu', accuracy: 0.9, seed, imagesPerSecond });
  const facts = { name: 'webgpu' as const, version: '4.22.0', library: 'Dawn (webgpu 0.6.2)', device: 'a device' };
  const backend = { ...facts, threads: 1, variant: 'WGSL', ownKernels: [], driver };
  return { ...record, backend: { ...backend, ...(software && { software }) } };
}

const SUMMARY = fixtureSummary([
  trainedOn('Swift | <b>Shader', 1, 50, true),
  trainedOn('Swift | <b>Shader', 2, 60, true),
  trainedOn('A real driver 1.0', 3, 7000, false),
]);

describe('a GPU that a processor plays', () => {
  test('is named as such in Markdown: on top, beside its speed and in the environment', () => {
    const { text } = renderReport(SUMMARY, 'markdown', {});
    expect(text).toMatch(
      /^> Software: a processor plays the GPU of webgpu \(Swift &#124; &lt;b.*say nothing of a GPU\.$/m,
    );
    expect(text).toMatch(/^\| `mlp-1` .*\| webgpu \(software\) \|.*\| 55 \(.*\) \|/m);
    expect(text).toMatch(/^\| `mlp-1` .*\| webgpu \|.*\| 7,000 \(.*\) \|/m);
    expect(text).toMatch(/^\| webgpu \| 4\.22\.0, Dawn \(webgpu 0\.6\.2\) \| a device, Swift .*\(software\) \|/m);
    expect(text).toMatch(/^\| webgpu \| .* \| a device, A real driver 1\.0 \|/m);
  });

  test('is named as such on a terminal: on top and beside its speed', () => {
    const { text } = renderReport(SUMMARY, 'terminal', { width: 160 });
    expect(text).toContain('Software: a processor plays the GPU of webgpu (Swift | <b>Shader).');
    expect(text).toMatch(/webgpu\s\(software\).* 55 /);
    expect(text).toMatch(/webgpu .* 7,000 /);
  });

  test('is not mentioned where there is none', () => {
    const real = fixtureSummary([trainedOn('A real driver 1.0', 1, 7000, false)]);
    for (const format of ['markdown', 'terminal'] as const) {
      expect(renderReport(real, format, {}).text).not.toMatch(/software/i);
    }
  });
});
