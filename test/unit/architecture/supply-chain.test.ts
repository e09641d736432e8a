import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { CATALOG } from '../../../src/data/catalog.js';
import { advisoriesOf, unexplained } from '../../../scripts/check-audit.js';

interface LockedPackage {
  readonly version: string;
  readonly integrity?: string;
  readonly resolved?: string;
  readonly license?: string;
  readonly dev?: true;
  readonly link?: true;
  readonly hasInstallScript?: true;
}

const read = (path: string) => readFileSync(new URL(`../../../${path}`, import.meta.url), 'utf8');
const LOCK_FILES = ['package-lock.json', 'native/cpu/package-lock.json', 'native/gpu/package-lock.json'];

function packagesOf(lockFile: string): readonly (readonly [path: string, locked: LockedPackage])[] {
  const { packages } = JSON.parse(read(lockFile)) as { packages: Record<string, LockedPackage> };
  return Object.entries(packages).filter(([path]) => path !== '');
}

/** Licences that let anybody use, change and pass on what they cover. SPDX identifiers. */
const LICENCES = ['0BSD', 'Apache-2.0', 'BlueOak-1.0.0', 'BSD-2-Clause', 'BSD-3-Clause', 'CC0-1.0', 'ISC', 'MIT'];

/** Packages that npm runs a script of when it installs them. SECURITY.md says what each does. */
const INSTALL_SCRIPTS = ['@tensorflow/tfjs-node', 'core-js', 'webgpu'];

describe.each(LOCK_FILES)('%s', (lockFile) => {
  const packages = packagesOf(lockFile);
  test('pins every package by its contents, whichever registry serves it', () => {
    expect(packages.length).toBeGreaterThan(0);
    const loose = packages.filter(
      ([, { integrity = '', link }]) => link === true || !/^sha512-[A-Za-z0-9+/]{86}==$/.test(integrity),
    );
    expect(loose.map(([path]) => path)).toEqual([]);
    expect(packages.filter(([, { resolved }]) => resolved !== undefined).map(([path]) => path)).toEqual([]);
  });
  test('has permissive licences in everything that is needed to run', () => {
    const terms = packages.flatMap(([path, { dev, license = 'none' }]) =>
      dev ? [] : license.split(/ AND | OR |[()]/).map((term) => [path, term.trim()] as const),
    );
    expect(terms.filter(([, term]) => term !== '' && !LICENCES.includes(term))).toEqual([]);
  });
});

test('only packages that SECURITY.md names have an install script', () => {
  const scripted = packagesOf('package-lock.json').flatMap(([path, { dev, hasInstallScript }]) =>
    hasInstallScript && !dev ? [path.replace(/^.*node_modules\//, '')] : [],
  );
  expect(scripted.toSorted()).toEqual(INSTALL_SCRIPTS);
  for (const name of scripted) expect(read('SECURITY.md')).toContain(`\`${name}\``);
});

test('cnnbench itself has no install script: whoever installs the package runs nothing of it', () => {
  const { scripts } = JSON.parse(read('package.json')) as { scripts: Record<string, string> };
  // npm runs `prepare` for a checkout and before packing, not where the packed package is installed.
  const run = ['preinstall', 'install', 'postinstall', 'preprepare', 'postprepare', 'prepublish', 'dependencies'];
  expect(run.filter((name) => name in scripts)).toEqual([]);
  expect(scripts['prepare']).toBe('npm run build');
});

test('every download is https: and pinned by size and digest', () => {
  const downloads = Object.values(CATALOG).flatMap((entry) => entry.downloads);
  expect(downloads.length).toBeGreaterThan(0);
  for (const { url, sha256, bytes } of downloads) {
    expect(url).toMatch(/^https:\/\//);
    expect(sha256).toMatch(/^[0-9a-f]{64}$/);
    expect(bytes).toBeGreaterThan(0);
  }
});

describe('the audit', () => {
  const advisory = (id: string) => ({ name: 'tar', title: 'A title', url: `https://github.com/advisories/${id}` });
  const report = {
    vulnerabilities: {
      tar: { via: [advisory('GHSA-8qq5-rm4j-mr97'), advisory('GHSA-0000-0000-0000')] },
      '@mapbox/node-pre-gyp': { via: ['tar'] },
    },
  };
  test('fails on what SECURITY.md does not explain, and on that alone', () => {
    const advisories = advisoriesOf(report);
    expect(advisories).toHaveLength(2);
    expect(unexplained(advisories, read('SECURITY.md')).map(({ url }) => url)).toEqual([
      'https://github.com/advisories/GHSA-0000-0000-0000',
    ]);
    expect(unexplained(advisoriesOf({ vulnerabilities: {} }), '')).toEqual([]);
  });
  test('that could not be asked is no clean one', () => {
    expect(() => advisoriesOf({ message: '405 Method Not Allowed' })).toThrow('405');
    expect(() => advisoriesOf({})).toThrow('no report');
  });
});
