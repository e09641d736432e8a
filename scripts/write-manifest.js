// Writes oclif.manifest.json: what commands there are, with their flags. With it a start of cnnbench loads the one command that it runs;
// without it oclif loads them all to find out.
import { writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { Plugin } from '@oclif/core';

const ROOT = new URL('..', import.meta.url);

const plugin = new Plugin({ root: fileURLToPath(ROOT), ignoreManifest: true, errorOnManifestCreate: true });
await plugin.load();
writeFileSync(new URL('oclif.manifest.json', ROOT), `${JSON.stringify(plugin.manifest)}\n`);
