/** What TypeScript and AssemblyScript have to agree on, though neither can import the other. */
import { readdirSync, readFileSync } from 'node:fs';
import { runInNewContext } from 'node:vm';
import { describe, expect, test } from 'vitest';
import { compileKernels } from '../../src/backends/wasm/module/kernel-module.js';
import { OPERATION_NAMES, OPERATIONS } from '../../src/backends/wasm/module/operations.js';

const ROOT = new URL('../../', import.meta.url);
const read = (path: string) => readFileSync(new URL(path, ROOT), 'utf8');
const assembly = new Map(
  readdirSync(new URL('assembly/', ROOT))
    .filter((name) => name.endsWith('.ts'))
    .map((name) => [name, read(`assembly/${name}`)]),
);
const sources = [...assembly.values()].join('\n');

/** The text of the first group of a pattern that has to be there. */
function find(text: string, pattern: RegExp): string {
  const found = pattern.exec(text)?.[1];
  if (found === undefined) throw new Error(`nothing matches ${pattern}`);
  return found;
}

function fieldsOf(className: string): { name: string; type: string }[] {
  const body = find(sources, new RegExp(`@unmanaged\\s+export class ${className} \\{([^}]*)\\}`));
  const withoutComments = body.replaceAll(/\/\*[^]*?\*\/|\/\/.*/g, '');
  return [...withoutComments.matchAll(/(\w+): (\w+);/g)].map(([, name = '', type = '']) => ({ name, type }));
}

/** Value of a constant that is a product or sum of numbers and of other constants of the same file. */
function constant(text: string, name: string): number {
  const expression = find(text, new RegExp(`const ${name} = ([^;]+);`));
  const numbers = expression.replaceAll(/[A-Z_]{2,}/g, (other) => String(constant(text, other)));
  expect(numbers).toMatch(/^[\d\s+*()_]+$/);
  return Number(runInNewContext(numbers));
}

const inAssembly = (file: string, name: string) => {
  const text = assembly.get(file) as string;
  // Constants of tiles are imported.
  return constant(`${text}\n${assembly.get('tile.ts') as string}`, name);
};

describe('operations', () => {
  test('have the same order on both sides', () => {
    const names = find(sources, /const enum Operation \{([^}]*)\}/);
    expect(names.match(/\w+/g)).toEqual(OPERATION_NAMES);
  });

  test.each(OPERATION_NAMES)('%s: fields in the order of the class', (operation) => {
    const className = find(sources, new RegExp(`Operation\\.${operation}: \\{\\s*${operation}\\(changetype<(\\w+)>`));
    const fields = fieldsOf(className);
    expect(fields.map(({ name }) => name)).toEqual(OPERATIONS[operation]);
    // 32 bits each, as writeArguments lays them out; f32 where it writes a float.
    for (const { type } of fields) expect(['usize', 'i32', 'f32']).toContain(type);
  });

  test('write floats where the classes have floats', () => {
    const floats = OPERATION_NAMES.flatMap((operation) => {
      const className = find(sources, new RegExp(`Operation\\.${operation}: \\{\\s*${operation}\\(changetype<(\\w+)>`));
      return fieldsOf(className)
        .filter(({ type }) => type === 'f32')
        .map(({ name }) => name);
    });
    const text = find(read('src/backends/wasm/module/operations.ts'), /FLOATS[^[]*\[([^\]]*)\]/);
    expect(text.match(/\w+/g)).toEqual([...new Set(floats)]);
  });
});

describe('sizes', () => {
  const inTypeScript = (file: string, name: string) => constant(read(`src/backends/wasm/${file}`), name);
  test.each([
    ['module/product.ts', 'TILE_COLUMNS', 'tile.ts', 'TILE_COLUMNS'],
    ['module/product.ts', 'TASK_ROWS', 'product.ts', 'ROWS'],
    ['module/direct.ts', 'TASK', 'convolution.ts', 'POSITIONS'],
    ['module/fourier.ts', 'CELL', 'fourier.ts', 'CELL'],
    ['module/spectral.ts', 'CELL', 'fourier.ts', 'CELL'],
    ['module/spectral.ts', 'GAP', 'spectrum.ts', 'GAP'],
    ['module/spectral.ts', 'GROUP', 'spectrum.ts', 'GROUP'],
    ['module/spectral.ts', 'PANEL', 'tile.ts', 'TILE_COLUMNS'],
    ['module/spectral.ts', 'PANELS', 'spectrum.ts', 'PANELS'],
    ['module/bias.ts', 'TASK_ROWS', 'elementwise.ts', 'BIAS_ROWS'],
    ['kernels/adam.ts', 'TASK', 'elementwise.ts', 'BLOCK'],
    ['normalise.ts', 'TASK', 'elementwise.ts', 'BLOCK'],
    ['kernels/sum.ts', 'TASK_COLUMNS', 'elementwise.ts', 'SUM_COLUMNS'],
  ])('%s: %s is that of %s, %s', (file, name, assemblyFile, assemblyName) => {
    expect(inTypeScript(file, name)).toBe(inAssembly(assemblyFile, assemblyName));
  });

  test('a task of a product has as many columns', () => {
    const panels = inAssembly('product.ts', 'PANELS');
    expect(inTypeScript('module/product.ts', 'TASK_COLUMNS')).toBe(panels * inAssembly('tile.ts', 'TILE_COLUMNS'));
  });

  test.each([
    ['module/product.ts', 'product.ts', 'PRODUCT_SCRATCH'],
    ['module/direct.ts', 'convolution.ts', 'CONVOLUTION_SCRATCH'],
  ])('%s lends enough scratch memory', (file, assemblyFile, name) => {
    expect(inTypeScript(file, 'SCRATCH')).toBeGreaterThanOrEqual(inAssembly(assemblyFile, name));
  });
});

describe.each(['kernels', 'kernels-fma'])('build/%s.wasm', (name) => {
  const bytes = readFileSync(new URL(`build/${name}.wasm`, ROOT));

  test('has no data segment, no start function, no memory of its own: it may be instantiated on any heap', () => {
    const ids = sectionsOf(bytes);
    const [MEMORY, START, DATA_COUNT, DATA] = [5, 8, 12, 11];
    expect(ids).toContain(10); // Code: the walk has found the sections.
    for (const id of [MEMORY, START, DATA_COUNT, DATA]) expect(ids).not.toContain(id);
  });
});

test('the binary imports nothing but the memory', async () => {
  const compiled = await compileKernels(false);
  // Node's types know no WebAssembly.Module.imports.
  const { Module } = (globalThis as unknown as { WebAssembly: { Module: { imports(module: object): object[] } } })
    .WebAssembly;
  expect(Module.imports(compiled)).toEqual([{ module: 'env', name: 'memory', kind: 'memory' }]);
});

/** Identifiers of the sections of a binary, in their order. */
function sectionsOf(bytes: Uint8Array): number[] {
  const ids: number[] = [];
  for (let at = 8; at < bytes.length;) {
    ids.push(bytes[at++] as number);
    let size = 0;
    let shift = 0;
    // LEB128
    for (let more = true; more; shift += 7) {
      const byte = bytes[at++] as number;
      size |= (byte & 0x7f) << shift;
      more = byte >= 0x80;
    }
    at += size;
  }
  return ids;
}
