import { cp, mkdir, readdir, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { after, edited, FAKE, moved, RUN, written, type Remedies, type World } from './walk.js';

const MARKERS = '<!-- cnnbench:counts -->\n<!-- /cnnbench:counts -->\n';
const PAGE = written('page.md', MARKERS);
/** What speaks against the scripted results of a build in development. */
const ALLOWED = '--allow stand-in --allow dirty --allow unknown-commit';
const PUBLISH = `publish out --into page.md ${ALLOWED}`;
const SEEDS = `run mlp-1 ${FAKE} --seeds 4`;
const MERGE = 'merge out out2 --out all --allow dirty';

const both =
  (...steps: ((here: World) => Promise<unknown>)[]) =>
  async (here: World) => {
    for (const step of steps) await step(here);
  };
const shards = after(`${SEEDS} --shard 1/2 --out out`, `${SEEDS} --shard 2/2 --out out2`);

/** Changes every record of a run. */
const records =
  (folder: string, edit: (text: string) => string) =>
  async (here: World): Promise<void> => {
    for (const name of await readdir(join(here.cwd, folder, 'records'))) {
      await edited(join(folder, 'records', name), edit)(here);
    }
  };
const again = (folder: string, command: string) => async (here: World) => {
  await rm(join(here.cwd, folder), { recursive: true });
  await after(command)(here);
};
const versioned = (text: string) => text.replace(/"cnnbench": ?"[^"]+"/, '"cnnbench":"0.0.1"');
const otherCommit = (text: string) => {
  const { environment, ...record } = JSON.parse(text) as { environment: object };
  return JSON.stringify({ ...record, environment: { ...environment, commit: 'b'.repeat(40) } });
};
const dirty = (text: string) => {
  const { environment, ...record } = JSON.parse(text) as { environment: object };
  return JSON.stringify({ ...record, environment: { ...environment, dirty: true } });
};
/** A record of the first shard. */
const nameIn = async ({ out }: World) => (await readdir(join(out, 'records')))[0] ?? '';
/** That the second shard has a cell of the first, with another result, from later. */
async function otherResult(here: World): Promise<void> {
  const name = await nameIn(here);
  await cp(join(here.out, 'records', name), join(here.cwd, 'out2/records', name));
  await edited(join('out2/records', name), (text) => {
    const record = JSON.parse(text) as { result: { testAccuracy: number } };
    const startedAt = '2099-01-01T00:00:00.000Z';
    return JSON.stringify({ ...record, startedAt, result: { ...record.result, testAccuracy: 0.123 } });
  })(here);
}
const TRAINED = 'run mlp-1 -b wasm --profile smoke --seeds 2';
const trainedShards = (flag = '') =>
  after(`${TRAINED} --shard 1/2 --out out`, `${TRAINED} --shard 2/2 --out out2${flag}`);
const recipe = (text: string) => text.replace(/"recipeSha256": ?"\w{64}"/, `"recipeSha256":"${'0'.repeat(64)}"`);

const otherData = (text: string) => text.replace(/"fingerprint": ?"\w{64}"/, `"fingerprint":"${'0'.repeat(64)}"`);

/** An objection of `merge` to two shards, the second of which is changed and then made anew. */
function mixed(remedy: string, edit: (text: string) => string) {
  return {
    ...({ code: 'E_NOT_MERGEABLE', command: MERGE, remedy, given: both(shards, records('out2', edit)) } as const),
    by: again('out2', `${SEEDS} --shard 2/2 --out out2`),
  };
}

/** What is made of results: pages, merged runs, comparisons. */
export const RESULTS: Remedies = {
  'results that are not fit to be published': {
    ...{ code: 'E_NOT_PUBLISHABLE', command: 'publish out --into page.md', says: /above each table: (--allow .*)$/m },
    remedy: 'Follow the remedies above, or publish anyway, with a caveat above each table: --allow …',
    given: both(after(`run mlp-1 ${FAKE} --seeds 1 --out out`), PAGE),
    then: 'publish out --into page.md $1',
  },
  'a run of fewer seeds than are published': {
    ...{ code: 'E_NOT_PUBLISHABLE', command: PUBLISH, says: /Run again with (--seeds 3) or more/ },
    remedy: 'Run again with --seeds … or more and the same --out: existing seeds are kept.',
    given: both(after(`run mlp-1 ${FAKE} --seeds 1 --out out`), PAGE),
    by: (here, seeds) => here.given(`run mlp-1 ${FAKE} ${seeds} --out out`.split(' ')),
  },
  'a run that is not finished': {
    ...{ code: 'E_NOT_PUBLISHABLE', command: PUBLISH },
    remedy: 'Run the same command again with the same --out: it resumes. Merge shards first.',
    given: both(after(`${SEEDS} --out out`), PAGE, ({ out }) =>
      rm(join(out, 'records', 'mlp-1.fake.smoke.seed4.json')),
    ),
    by: after(`${SEEDS} --out out`),
  },
  'a run without a record': {
    ...{ code: 'E_NOT_PUBLISHABLE', command: PUBLISH, remedy: 'Run it first.' },
    given: both(after(RUN), PAGE, moved('out/records', 'elsewhere'), ({ out }) => mkdir(join(out, 'records'))),
    by: after(RUN),
  },
  'records that never may be published': {
    ...{ code: 'E_NOT_PUBLISHABLE', command: PUBLISH, remedy: 'Follow the remedies above.' },
    given: both(after(RUN), PAGE, records('out', recipe)),
    by: after(RUN),
  },
  'records of another version': {
    ...{ code: 'E_NOT_PUBLISHABLE', command: PUBLISH, by: after(RUN) },
    remedy: 'Run it again with this version, or publish it with the one that made it.',
    given: both(after(RUN), PAGE, records('out', recipe)),
  },
  'records of two builds': {
    ...{ code: 'E_NOT_PUBLISHABLE', command: PUBLISH, remedy: 'Run it again with --fresh.' },
    given: both(after(`${SEEDS} --out out`), PAGE, edited('out/records/mlp-1.fake.smoke.seed1.json', otherCommit)),
    by: after(`${SEEDS} --out out --fresh`),
  },
  'a page without a place': {
    ...{ code: 'E_USAGE', command: PUBLISH, remedy: 'Paste the blocks you want:\n…' },
    says: /Paste the blocks you want:\n.*?(<!-- cnnbench:counts -->)/s,
    given: both(after(RUN), written('page.md', '# Mine\n')),
    by: ({ cwd }, marker) => writeFile(join(cwd, 'page.md'), `${marker}\n${marker.replace('<!-- ', '<!-- /')}\n`),
  },
  'a page that is not there': {
    ...{ code: 'E_USAGE', command: PUBLISH, remedy: 'Use --into with an existing Markdown file in UTF-8.' },
    ...{ given: after(RUN), by: PAGE },
  },
  'a marker that is none': {
    ...{ code: 'E_USAGE', command: PUBLISH, given: both(after(RUN), written('page.md', '<!-- cnnbench -->\n')) },
    remedy: 'Write a marker like …, alone on its line.',
    says: /Write a marker like (<!-- .* -->), alone/,
    by: ({ cwd }, marker) => writeFile(join(cwd, 'page.md'), `${marker}\n${marker.replace('<!-- ', '<!-- /')}\n`),
  },
  'a marker of no table': {
    ...{ code: 'E_USAGE', command: PUBLISH, remedy: 'Choose among ….', says: /Choose among ([\w-]+),/ },
    given: both(after(RUN), written('page.md', MARKERS.replaceAll('counts', 'scores'))),
    by: ({ cwd }, name) => writeFile(join(cwd, 'page.md'), MARKERS.replaceAll('counts', name)),
  },
  'blocks that overlap': {
    ...{ code: 'E_USAGE', command: PUBLISH, remedy: 'Write … before it: blocks do not overlap.' },
    given: both(
      after(RUN),
      written('page.md', `<!-- cnnbench:counts -->\n${MARKERS.replaceAll('counts', 'verdicts')}`),
    ),
    says: /Write (<!-- .* -->) before it/,
    by: ({ cwd }, closing) =>
      writeFile(
        join(cwd, 'page.md'),
        `<!-- cnnbench:counts -->\n${closing}\n${MARKERS.replaceAll('counts', 'verdicts')}`,
      ),
  },
  'a block that nothing opens': {
    ...{ code: 'E_USAGE', command: PUBLISH, remedy: 'Write … above it.', says: /Write (<!-- .* -->) above it/ },
    given: both(after(RUN), written('page.md', '<!-- /cnnbench:counts -->\n')),
    by: ({ cwd }, opening) => writeFile(join(cwd, 'page.md'), `${opening}\n<!-- /cnnbench:counts -->\n`),
  },
  'a folder for a published run that has another': {
    ...{ code: 'E_OUT_FOREIGN', command: `${PUBLISH} --out kept`, remedy: 'Choose another folder with --out.' },
    given: both(after(RUN), PAGE, ({ cwd }) => mkdir(join(cwd, 'kept', 'mine'), { recursive: true })),
    then: `${PUBLISH} --out kept2`,
  },
  'one folder for several published runs': {
    ...{ code: 'E_USAGE', command: PUBLISH.replace('out', 'out two --out kept') },
    ...{ remedy: 'Publish several runs without it.', then: PUBLISH.replace('out', 'out two') },
    given: both(after(RUN, `run vgg-16 ${FAKE} --out two`), PAGE),
  },
  'two runs of one name': {
    ...{ code: 'E_USAGE', command: PUBLISH.replace('out', 'out b/out'), remedy: 'Rename one of the folders.' },
    given: both(after(RUN, `run vgg-16 ${FAKE} --out b/out`), PAGE),
    ...{ by: moved('b/out', 'b/two'), then: PUBLISH.replace('out', 'out b/two') },
  },
  'runs that are not alike': {
    ...{ code: 'E_NOT_COMPARABLE', command: 'compare out two', says: /or accept the difference: (--ignore .*)$/m },
    remedy: 'Compare like with like, or accept the difference: …',
    given: after(`run mlp-1 ${FAKE} --seeds 2 --out out`, 'run mlp-1 -b fake --profile quick --seeds 2 --out two'),
    then: 'compare out two $1',
  },
  'runs that share nothing': {
    ...{
      code: 'E_NOT_COMPARABLE',
      command: 'compare out two',
      remedy: '"cnnbench report" shows what each contains.',
    },
    ...{ given: after(`run mlp-1 ${FAKE} --out out`, `run mlp-2 ${FAKE} --out two`), then: 'report two' },
  },
  'a record to verify that has no result': {
    ...{ code: 'E_NOT_VERIFIABLE', command: 'verify out/records/mlp-1.fake.smoke.seed1.json' },
    ...{ remedy: 'Choose a completed record.', then: 'verify out/records/mlp-2.fake.smoke.seed1.json' },
    given: (here) => here.given(`run mlp-1 mlp-2 ${FAKE} --out out`.split(' '), 1, { CNNBENCH_FAKE: 'mlp-1=crash' }),
  },
  'a folder to verify that has no result': {
    ...{ code: 'E_NOT_VERIFIABLE', command: 'verify out', remedy: 'Choose a folder with completed records.' },
    given: async (here) => {
      await here.given(`run mlp-1 ${FAKE} --out out`.split(' '), 3, { CNNBENCH_FAKE: 'mlp-1=crash' });
      await after(RUN.replace('--out out', '--out two'))(here);
    },
    then: 'verify two',
  },
  'nothing to verify': {
    ...{ code: 'E_RECORD_NOT_FOUND', command: 'verify nowhere', remedy: 'Give a record, or a folder with records.' },
    ...{ given: after(RUN), then: 'verify out' },
  },
  'a merged run that would go to a folder that is not empty': {
    ...{ code: 'E_OUT_FOREIGN', command: MERGE.replace('all', 'out'), given: shards, then: MERGE },
    remedy: 'Choose a new or empty folder with --out.',
  },
  'a merged run that has no room': {
    ...{ code: 'E_WRITE', command: MERGE.replace('all', '/proc/all'), given: shards, then: MERGE },
    remedy: 'Free some space, or choose another folder with --out.',
  },
  'a merged run that cannot be written': {
    ...{
      code: 'E_OUT_UNWRITABLE',
      command: MERGE.replace('all', 'file'),
      remedy: 'Choose another --out.',
      then: MERGE,
    },
    given: both(shards, written('file', '')),
  },
  'shards of which one is missing': {
    ...{ code: 'E_NOT_MERGEABLE', command: 'merge out --out all --allow dirty', given: shards, then: MERGE },
    remedy:
      'Also give the folders that have them, or use --partial: the merged run is then unfinished, and "run" can resume it.',
  },
  'shards of which one is missing for good': {
    ...{ code: 'E_NOT_MERGEABLE', command: 'merge out --out all --allow dirty', says: /(--partial)/ },
    ...{ remedy: 'Follow the remedies above. Nothing was written.', given: shards },
    then: 'merge out --out all --allow dirty $1',
  },
  'a shard that is given twice': {
    ...{ code: 'E_NOT_MERGEABLE', command: MERGE.replace('out2', 'out2 out'), remedy: 'Give each folder once.' },
    ...{ given: shards, then: MERGE },
  },
  'shards that have not run': {
    ...{ code: 'E_NOT_MERGEABLE', command: MERGE, remedy: 'Run the shards first.' },
    async given(here) {
      await shards(here);
      for (const folder of ['out', 'out2']) {
        await rename(join(here.cwd, folder, 'records'), join(here.cwd, `${folder}-records`));
        await mkdir(join(here.cwd, folder, 'records'));
      }
    },
    by: shards,
  },
  'shards of two plans': {
    ...{ code: 'E_NOT_MERGEABLE', command: MERGE, by: again('out2', `${SEEDS} --shard 2/2 --out out2`) },
    remedy: 'Merge runs of one plan: the same experiments, --backend, seeds, profile and data.',
    given: after(`${SEEDS} --shard 1/2 --out out`, `run mlp-2 ${FAKE} --seeds 4 --shard 2/2 --out out2`),
  },
  'a run that looked at its seeds': {
    ...{ code: 'E_NOT_MERGEABLE', command: MERGE, remedy: 'Merge runs with a fixed number of --seeds.' },
    given: after(`${SEEDS} --shard 1/2 --out out`, `run mlp-1 ${FAKE} --until-decided --max-seeds 3 --out out2`),
    by: again('out2', `${SEEDS} --shard 2/2 --out out2`),
  },
  'a record of an earlier command': {
    ...{ code: 'E_NOT_MERGEABLE', command: MERGE },
    remedy: 'They come from an earlier command with the same --out: move them away.',
    given: both(after(`run mlp-2 ${FAKE} --out other`), shards, ({ cwd }) =>
      rename(
        join(cwd, 'other/records/mlp-2.fake.smoke.seed1.json'),
        join(cwd, 'out/records/mlp-2.fake.smoke.seed1.json'),
      ),
    ),
    by: moved('out/records/mlp-2.fake.smoke.seed1.json', 'mlp-2.json'),
  },
  'shards of two builds': mixed('Run all of them with one build: seeds of two programs are not one sample.', versioned),
  'shards of two recipes': mixed('Run the older ones again.', recipe),
  'shards of two versions of a backend': mixed(
    'Run all of them with the same versions of tfjs and its libraries.',
    (text) => text.replace(/("name": ?"fake",\s*"version": ?)"0"/, '$1"1"'),
  ),
  'shards by a build with changes': {
    ...{ code: 'E_NOT_MERGEABLE', command: 'merge out out2 --out all', says: /or use (--allow dirty) if you know/ },
    remedy: 'Commit, build and run again, or use --allow dirty if you know that they are the same.',
    given: both(shards, records('out', dirty), records('out2', dirty)),
    then: 'merge out out2 --out all $1',
  },
  'a cell with two results': {
    ...{ code: 'E_NOT_MERGEABLE', command: MERGE, given: both(shards, otherResult) },
    remedy: 'Decide by time, not by result: move away the later one, ….',
    says: /move away the later one, (\S+)\. \[/,
    by: ({ cwd }, later) => rename(join(cwd, later), join(cwd, 'later.json')),
  },
  'a cell with two results where bits are promised': {
    ...{ code: 'E_NOT_MERGEABLE', command: MERGE, given: both(trainedShards(), otherResult) },
    remedy: 'A record or a build is damaged; "cnnbench verify" shows which result can be reproduced.',
    async by(here) {
      const name = await nameIn(here);
      await here.given(['verify', `out2/records/${name}`], 1);
      await here.given(['verify', `out/records/${name}`]);
      await moved(`out2/records/${name}`, 'damaged.json')(here);
    },
  },
  'shards of which one fuses': {
    ...{ code: 'E_NOT_MERGEABLE', command: MERGE, given: trainedShards(' --wasm-fma') },
    remedy: 'Run all of them with it or all without it: the bits differ.',
    by: again('out2', `${TRAINED} --shard 2/2 --out out2`),
  },
  // The scripted backend computes on no data.
  'shards on different data': {
    ...{ code: 'E_NOT_MERGEABLE', command: MERGE, given: both(trainedShards(), records('out2', otherData)) },
    remedy: 'Run all of them on the same files; with --no-stand-in a missing data set is an error.',
    by: again('out2', `${TRAINED} --shard 2/2 --out out2`),
  },
};
