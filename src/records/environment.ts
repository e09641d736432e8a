import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { cpus, totalmem } from 'node:os';
import { z } from 'zod';
import { commitSchema, type Environment } from '../core/record.js';

/** The machine and the versions a cell ran with. Nothing that names a person or a path. */
export function captureEnvironment(): Environment {
  return {
    cnnbench: cnnbenchVersion(),
    ...builtFrom(),
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

const buildSchema = z.object({ commit: commitSchema.optional(), dirty: z.literal(true).optional() });

/** What scripts/stamp-build.js left beside the compiled files; nothing where they were not built from a git checkout. */
function builtFrom(): Pick<Environment, 'commit' | 'dirty'> {
  try {
    return buildSchema.parse(JSON.parse(readFileSync(new URL('../build.json', import.meta.url), 'utf8')));
  } catch {
    return {};
  }
}
