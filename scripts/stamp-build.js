// Writes dist/build.json: the commit that this build was made from, for the records of its runs. Without git, or outside of a
// repository of its own (a package below node_modules), there is none to state.
import { execFileSync } from 'node:child_process';
import { realpathSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const ROOT = realpathSync(fileURLToPath(new URL('..', import.meta.url)));

/** What decides what a build computes. */
const SOURCES = ['src', 'assembly', 'bin', 'scripts', 'native', 'package.json', 'package-lock.json', 'tsconfig*.json'];

const git = (...words) => execFileSync('git', words, { cwd: ROOT, encoding: 'utf8', stdio: 'pipe' }).trim();

function stamp() {
  try {
    if (realpathSync(git('rev-parse', '--show-toplevel')) !== ROOT) return {};
    const commit = git('rev-parse', 'HEAD');
    return git('status', '--porcelain', '--', ...SOURCES) === '' ? { commit } : { commit, dirty: true };
  } catch {
    return {};
  }
}

writeFileSync(new URL('../dist/build.json', import.meta.url), `${JSON.stringify(stamp())}\n`);
