import { cp, mkdir, readdir, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { after, edited, FAKE, moved, RECORD, RUN, type Remedies, type World } from './walk.js';

const ran = after(RUN);
const RESTORE = 'Restore the file, or use the version of cnnbench that made it.';
const AGAIN = 'Choose another folder with --out, or run every cell again with --fresh.';

/** A file of the run, as a later version might write it. */
function newer(path: string) {
  return async (here: World) => {
    await ran(here);
    await cp(join(here.out, path), join(here.cwd, 'restored'));
    const change = (text: string) =>
      JSON.stringify({ ...(JSON.parse(text) as object), schemaVersion: 2, unheardOf: true });
    await edited(join('out', path), change)(here);
  };
}

/** Of another machine, so that nobody here can tell whether it lives. */
async function lockedElsewhere(here: World): Promise<void> {
  await mkdir(here.out);
  const owner = {
    token: '0'.repeat(32),
    host: 'elsewhere',
    boot: 'another',
    pid: 7,
    since: '2026-01-01T00:00:00.000Z',
  };
  await writeFile(join(here.out, 'run.lock'), JSON.stringify(owner));
}

const TWO = `run lenet-5 vgg-16 ${FAKE}`;
const SEEDS = `run mlp-1 ${FAKE} --out out`;
const DECIDED = `${SEEDS} --until-decided --max-seeds 3`;

/** On drawn images. */
const PAINTED = 'run data-fashion-mnist -b js --profile smoke --out out';

/** The folders of runs, and the files in them. */
export const RUNS: Remedies = {
  'a place for results that is none': {
    ...{ code: 'E_OUT_UNWRITABLE', command: RUN, remedy: 'Choose a folder with --out.', then: `${RUN}2` },
    given: ({ out }) => writeFile(out, ''),
  },
  'a place for results that cannot be made': {
    ...{ code: 'E_OUT_UNWRITABLE', command: RUN.replace('--out out', '--out /proc/out'), then: RUN },
    remedy: 'Choose a folder you can write to with --out.',
  },
  'a folder of something else': {
    ...{ code: 'E_OUT_FOREIGN', command: RUN, then: `${RUN}2` },
    remedy: 'Choose a new or empty folder with --out, or that of an earlier run.',
    given: ({ out }) => mkdir(join(out, 'mine'), { recursive: true }),
  },
  'a run that is judged otherwise': {
    ...{ code: 'E_OUT_FOREIGN', command: DECIDED, given: after(`${SEEDS} --fresh`) },
    remedy:
      'Use the same --until-decided and --max-seeds, choose another folder with --out, or run every cell again with --fresh.',
    ...{ says: /run every cell again with (--fresh)/, then: `${DECIDED} $1` },
  },
  'the folder of another shard': {
    ...{
      code: 'E_OUT_FOREIGN',
      command: `${SEEDS} --seeds 4 --shard 2/2`,
      given: after(`${SEEDS} --seeds 4 --shard 1/2`),
    },
    remedy: 'Give each shard its own folder with --out, and merge them with "cnnbench merge".',
    by: (here) => here.given(`${SEEDS}2 --seeds 4 --shard 2/2`.split(' ')),
    then: 'merge out out2 --out all --allow dirty',
  },
  'a record of other data': {
    ...{ code: 'E_OUT_FOREIGN', command: PAINTED, remedy: AGAIN, says: /with (--fresh)/, then: `${PAINTED} $1` },
    async given(here) {
      await here.given(PAINTED.split(' '));
      const other = (text: string) => text.replace(/"fingerprint": ?"\w{64}"/, `"fingerprint":"${'0'.repeat(64)}"`);
      await edited('out/records/data-fashion-mnist.js.smoke.seed0.json', other)(here);
    },
  },
  'a run that is on another machine': {
    ...{ code: 'E_OUT_LOCKED', command: RUN, given: lockedElsewhere },
    remedy:
      'Wait for it to end, or choose another folder with --out. If it is dead, this command takes the folder over … minutes after that; if you know that it is dead, delete ….',
    ...{ says: /delete (\S+run\.lock)\.$/m, by: ({ cwd }, lock) => rm(join(cwd, lock)) },
  },
  'a record of a newer version': {
    ...{ code: 'E_RECORD_INVALID', command: 'report out', given: newer(`records/${RECORD}`) },
    remedy: `${RESTORE} Without it in the folder, its cell runs again.`,
    ...{ by: moved(`out/records/${RECORD}`, RECORD), then: RUN },
  },
  'a damaged record': {
    ...{ code: 'E_RECORD_INVALID', command: 'report out', given: newer(`records/${RECORD}`) },
    remedy: `${RESTORE} Without it in the folder, its cell runs again.`,
    by: moved('restored', `out/records/${RECORD}`),
  },
  'a manifest of a newer version': {
    ...{ code: 'E_RECORD_INVALID', command: 'report out', given: newer('run.json'), remedy: RESTORE },
    by: moved('restored', 'out/run.json'),
  },
  'a record under a wrong name': {
    code: 'E_RECORD_INVALID',
    command: 'report out',
    remedy: 'Rename the file to ….json, or move it out of the folder: under a wrong name it would count twice.',
    async given(here) {
      await ran(here);
      await moved(`out/records/${RECORD}`, 'out/records/x.json')(here);
    },
    says: /Rename the file to (\S+\.json),/,
    by: ({ out }, name) => rename(join(out, 'records', 'x.json'), join(out, 'records', name)),
  },
  'a run whose cells are none': {
    ...{ code: 'E_RECORD_INVALID', command: 'run --resume out', then: `${RUN}2` },
    remedy: 'Restore the file, or run its command again with another --out.',
    async given(here) {
      await ran(here);
      await edited('out/run.json', (text) => text.replaceAll('lenet-5.fake', 'lenet-5/fake'))(here);
    },
  },
  'a run that kept no settings': {
    ...{ code: 'E_OUT_FOREIGN', command: 'run --resume out', remedy: 'Run its command again, with --out …: …' },
    async given(here) {
      await ran(here);
      const without = (text: string) => {
        const { settings, ...rest } = JSON.parse(text) as { settings: unknown };
        return settings === undefined ? text : JSON.stringify(rest);
      };
      await edited('out/run.json', without)(here);
    },
    ...{ says: /with --out out: npx cnnbench (.*)$/m, then: '$1' },
  },
  'no run where one is named': {
    ...{ code: 'E_RECORD_NOT_FOUND', command: 'run --resume nowhere', given: ran, then: 'run --resume out' },
    remedy: 'Use a run folder: it has a run.json and a folder records.',
  },
  'nothing where a record is named': {
    ...{ code: 'E_RECORD_NOT_FOUND', command: 'report nowhere', given: ran, remedy: 'Check the path.' },
    then: 'report out',
  },
  'a cell that two folders have': {
    ...{ code: 'E_RECORD_INVALID', command: 'report out two', remedy: 'Use a separate command for each.' },
    async given(here) {
      await ran(here);
      await cp(here.out, join(here.cwd, 'two'), { recursive: true });
    },
    then: 'report two',
  },
  'a gate on a summary': {
    ...{ code: 'E_RECORD_NOT_FOUND', command: 'gate out/summary.json', given: ran, then: '$1' },
    ...{ remedy: 'Use the run folder: cnnbench gate …', says: /cnnbench (gate out)$/m },
  },
  'a gate on a shard': {
    ...{ code: 'E_USAGE', command: `${TWO} --shard 1/2 --out out --gate` },
    remedy: 'Run the shards without it, then "cnnbench merge DIR... --out DIR" and "cnnbench gate DIR".',
    async by(here) {
      for (const shard of ['1', '2']) await here.given(`${TWO} --shard ${shard}/2 --out out${shard}`.split(' '));
      await here.given('merge out1 out2 --out all --allow dirty'.split(' '));
    },
    then: 'gate all',
  },
  'a file that cannot be written': {
    ...{ code: 'E_WRITE', command: 'gate out --junit no/such.xml', given: ran, then: 'gate out --junit such.xml' },
    remedy: 'Free some space or choose another folder, then run the same command again: finished cells are kept.',
  },
  'a calibration that nothing can be made of': {
    ...{
      code: 'E_RECORD_INVALID',
      command: 'compare a b',
      remedy: 'Run "cnnbench calibrate" again: it replaces the file.',
    },
    async given(here) {
      await after('calibrate --backend fake --runs 7')(here);
      const args = `run mlp-1 ${FAKE} --seeds 7 --out`;
      await after(`${args} a`, `${args} b`)(here);
      const folder = join('cache', 'cnnbench', 'calibration');
      const [name = ''] = await readdir(join(here.cwd, folder));
      await edited(join(folder, name), () => '{}')(here);
    },
    by: (here) => here.given('calibrate --backend fake --runs 7'.split(' ')),
  },
  'a cache that takes no calibration': {
    ...{ code: 'E_WRITE', command: 'calibrate --backend fake --runs 7', env: { XDG_CACHE_HOME: '/dev/null' } },
    remedy: 'Set XDG_CACHE_HOME to a folder you can write to, then run the same command again.',
  },
};
