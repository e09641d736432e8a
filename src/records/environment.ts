import { cpus, totalmem } from 'node:os';
import { createRequire } from 'node:module';
import type { Environment } from '../core/record.js';

/** The machine and the versions a cell ran with. Nothing that names a person or a path. */
export function captureEnvironment(): Environment {
  return {
    cnnbench: cnnbenchVersion(),
    node: process.versions.node,
    platform: process.platform,
    arch: process.arch,
    cpu: cpus()[0]?.model.trim() ?? 'unknown',
    cores: cpus().length,
    memory: totalmem(),
  };
}

function cnnbenchVersion(): string {
  return (createRequire(import.meta.url)('../../package.json') as { version: string }).version;
}
