import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { FAKE, written, type Remedies } from './walk.js';

const DENSE = { class_name: 'Dense', config: { name: 'dense', units: 3, batch_input_shape: [null, 8] } };
const sequential = (...layers: readonly object[]) =>
  JSON.stringify({ class_name: 'Sequential', config: { name: 'mine', layers } });
const COUNTED = written('model.json', sequential(DENSE));
const MODEL = 'params --model-json model.json';
const DRY = `run mlp-1 ${FAKE} --dry-run`;
const SWEEP = 'sweep mlp-1 -b fake --profile smoke --dry-run';

/** Wrong words on the command line, and models that cannot be counted. */
export const USAGE: Remedies = {
  'a flag that is not there': {
    ...{ code: 'E_USAGE', command: 'run --nope', remedy: 'Run "cnnbench … --help".', then: '$1' },
    says: /"cnnbench (run --help)"/,
  },
  'a value for a flag without one': {
    ...{
      code: 'E_USAGE',
      command: `${DRY}=true`,
      remedy: 'Use --… without a value.',
      says: /Use (--dry-run) without a value\./,
    },
    then: DRY,
  },
  'a no for a flag without a value': {
    ...{ code: 'E_USAGE', command: `${DRY} --fresh=false`, remedy: 'Use --… without a value, or omit it.', then: DRY },
  },
  'an experiment that is not there': {
    ...{ code: 'E_UNKNOWN_EXPERIMENT', command: 'run mpl-1', remedy: 'Run "cnnbench list" to see them all.' },
    then: 'list',
  },
  'an architecture that is not there': {
    ...{ code: 'E_UNKNOWN_MODEL', command: 'params vgg-99', remedy: 'Use one of: ….', says: /Use one of: ([\w-]+),/ },
    then: 'params $1',
  },
  'neither an architecture nor a file': {
    ...{ code: 'E_USAGE', command: 'params', remedy: '"cnnbench params --help" lists the models.' },
    then: 'params --help',
  },
  'a deck that is not there': {
    ...{ code: 'E_USAGE', command: 'claims --deck 999', says: /Choose one of (\w+),/, then: 'claims --deck $1' },
    remedy: 'Choose one of …, or give the path of a deck file, which ends in .yaml or .json.',
  },
  'a backend that is not there': {
    ...{ code: 'E_UNKNOWN_BACKEND', command: 'run lenet-5 -b wasn --dry-run', remedy: 'Choose one of ….' },
    ...{ says: /Choose one of .*, (js)/, then: 'run lenet-5 -b $1 --dry-run' },
  },
  'several backends where one is taken': {
    ...{ code: 'E_USAGE', command: `${SWEEP} --over lr`.replace('fake', 'fake,js') },
    ...{ remedy: 'Choose one, and repeat the command for others.', then: `${SWEEP} --over lr` },
  },
  'several backends to calibrate': {
    ...{ code: 'E_USAGE', command: 'calibrate -b fake,js --runs 7', remedy: 'Name one with --backend.' },
    then: 'calibrate --backend fake --runs 7',
  },
  'several backends to export from': {
    ...{ code: 'E_USAGE', command: 'export mlp-1 --trained -b fake,js --profile smoke --seed 1 --out w.safetensors' },
    remedy: 'Name one backend with --backend.',
    then: 'export mlp-1 --trained --backend js --profile smoke --seed 1 --out w.safetensors',
  },
  'seeds that are none': {
    ...{ code: 'E_BAD_SEEDS', command: `${DRY} --seeds x`, says: /a list \("(--seeds 1,2,7)"\)/, then: `${DRY} $1` },
    remedy: 'Use a count ("--seeds 3") or a list ("--seeds 1,2,7").',
  },
  'a limit of memory that is none': {
    ...{ code: 'E_USAGE', command: `run lenet-5 ${FAKE} --memory much`, says: /or (4GiB)\./ },
    remedy: 'Use a number with MiB or GiB, such as 512MiB or 4GiB.',
    then: `run lenet-5 ${FAKE} --memory $1`,
  },
  'a shard that is none': {
    ...{ code: 'E_USAGE', command: `${DRY} --seeds 5 --shard 6/5`, says: /such as (2\/5)/ },
    remedy: 'Use I/N with 1 <= I <= N <= …, such as 2/5 for the second of five.',
    then: `${DRY} --seeds 5 --shard $1`,
  },
  'more shards than cells': {
    ...{ code: 'E_USAGE', command: `${DRY} --seeds 2 --shard 1/3`, says: /Use N up to (\d+),/ },
    remedy: 'Use N up to …, or more experiments, backends or --seeds.',
    then: `${DRY} --seeds 2 --shard 1/$1`,
  },
  'a shard that is to stop when it is decided': {
    ...{ code: 'E_USAGE', command: `${DRY} --until-decided --shard 1/2` },
    ...{ remedy: 'Use a fixed number of --seeds for shards.', then: `${DRY} --seeds 4 --shard 1/2` },
  },
  'experiments that another folder has': {
    ...{ code: 'E_USAGE', command: 'run mlp-1 --resume out', remedy: 'Omit the experiments, or --resume.' },
    then: `run mlp-1 ${FAKE}`,
  },
  'a variation of no experiment that is trained': {
    ...{ code: 'E_UNKNOWN_EXPERIMENT', command: 'run vgg-16@lr=1e-3 --dry-run' },
    remedy: 'Choose an experiment of the suites mlp and cnn; "cnnbench list experiments" shows them.',
    then: 'list experiments',
  },
  'a variation that is no such': {
    ...{ code: 'E_UNKNOWN_EXPERIMENT', command: 'run mlp-2@lr=fast -b fake --dry-run' },
    remedy: 'Write it like mlp-2@lr=3e-4,init=xavier-uniform,batch=256,epochs=20, and omit what stays the same.',
    ...{ says: /Write it like (\S+), and/, then: 'run $1 -b fake --dry-run' },
  },
  'a variation that is written in another way': {
    ...{ code: 'E_UNKNOWN_EXPERIMENT', command: 'run mlp-2@lr=0.0003 -b fake --dry-run', remedy: 'Write "…".' },
    ...{ says: /Write "(\S+)"\./, then: 'run $1 -b fake --dry-run' },
  },
  'a sweep of a variation': {
    ...{ code: 'E_USAGE', command: `${SWEEP} --over lr`.replace('mlp-1', 'mlp-2@lr=3e-4') },
    ...{ remedy: 'Sweep … and give its settings as values.', says: /Sweep (\S+) and/ },
    then: `${SWEEP} --lr 3e-4`.replace('mlp-1', '$1'),
  },
  'a sweep of nothing': {
    ...{ code: 'E_USAGE', command: SWEEP, says: /such as (--lr 1e-4,1e-3)\./, then: `${SWEEP} $1` },
    remedy: 'Choose axes with --over lr,epochs,init,batch, or give values such as --lr 1e-4,1e-3.',
  },
  'a sweep of too much': {
    ...{ code: 'E_USAGE', command: `${SWEEP} --seeds 600 --over lr,epochs,init,batch` },
    ...{ remedy: 'Use fewer values, or fewer --seeds.', then: `${SWEEP} --seeds 2 --over lr,epochs,init,batch` },
  },
  'a sweep of what cannot vary': {
    ...{ code: 'E_USAGE', command: `${SWEEP} --over colour`, remedy: 'Choose from …, with commas between them.' },
    ...{ says: /Choose from (\S+), with/, then: `${SWEEP} --over $1` },
  },
  'a value that an axis does not take': {
    ...{ code: 'E_USAGE', command: `${SWEEP} --lr 3e-4,7`, remedy: 'Give such values, with commas between them.' },
    ...{ says: /, for example (3e-4)\b/, then: `${SWEEP} --lr $1,1e-3` },
  },
  'larger batches than there are images': {
    ...{ code: 'E_USAGE', command: `${SWEEP} --batch 10000`, remedy: 'Use smaller batches, or another --profile.' },
    then: `${SWEEP} --batch 100`,
  },
  'parity of what is not trained': {
    ...{ code: 'E_USAGE', command: 'parity -b wasm --experiment vgg-16 --rung forward', then: 'list experiments' },
    remedy: 'Choose experiments of the suites mlp and cnn; "cnnbench list experiments" shows them.',
  },
  'parity of what computes nothing': {
    ...{ code: 'E_UNKNOWN_BACKEND', command: 'parity -b fake', remedy: 'Choose another backend.' },
    then: 'parity -b wasm -e mlp-1 --rung forward',
  },
  'weights of what is not trained': {
    ...{ code: 'E_USAGE', command: 'export vgg-16 --profile smoke --seed 1 --out w.safetensors', then: 'list' },
    remedy: 'Choose an experiment of the suites mlp and cnn; "cnnbench list" shows them.',
  },
  'more batches than fit': {
    ...{ code: 'E_USAGE', command: 'export cnn-1 --profile smoke --seed 1 --batches 1000000 --out w.safetensors' },
    ...{
      remedy: 'Use fewer --batches.',
      then: 'export cnn-1 --profile smoke --seed 1 --batches 1 --out w.safetensors',
    },
  },
  'a number that nobody prints': {
    ...{ code: 'E_USAGE', command: 'params vgg-16 --printed many', says: /33024, (138M) or/ },
    ...{ remedy: 'Give the number as printed, for example 33024, 138M or 93MB.', then: 'params vgg-16 --printed $1' },
  },
  'no model where one is named': {
    ...{ code: 'E_MODEL_JSON', command: MODEL, by: COUNTED },
    remedy: 'Give the path of a model.json of tf.layers or Keras, or - to read it from stdin.',
  },
  'a graph model': {
    ...{ code: 'E_MODEL_JSON', command: MODEL, by: COUNTED, remedy: 'Use the model.json of a layers model.' },
    given: written('model.json', '{"format": "graph-model", "modelTopology": {"node": []}}'),
  },
  'JSON of something else': {
    ...{ code: 'E_MODEL_JSON', command: MODEL, given: written('model.json', '{}'), by: COUNTED },
    remedy: 'Use what model.save() or model.toJSON() of tf.layers, or model.to_json() of Keras, wrote.',
  },
  'a model of a class of its own': {
    ...{ code: 'E_MODEL_JSON', command: MODEL, by: COUNTED, remedy: 'Sequential, Model and Functional are.' },
    given: written('model.json', '{"class_name": "MyModel", "config": {"layers": []}}'),
  },
  'a model that no program loads': {
    ...{ code: 'E_MODEL_JSON', command: MODEL, by: COUNTED },
    remedy: 'Give the model.json of a model that tf.layers or Keras can load.',
    given: written('model.json', sequential({ ...DENSE, config: { ...DENSE.config, units: 'three' } })),
  },
  'a model of no fixed size': {
    ...{ code: 'E_MODEL_JSON', command: MODEL, by: COUNTED, remedy: 'Save the model with a fixed input shape.' },
    given: written(
      'model.json',
      sequential({ ...DENSE, config: { ...DENSE.config, batch_input_shape: [null, null] } }),
    ),
  },
  'a layer that is not supported': {
    ...{ code: 'E_MODEL_JSON', command: MODEL, by: COUNTED },
    remedy: 'docs/params.md lists the supported classes.',
    given: written('model.json', sequential({ ...DENSE, class_name: 'NotSupported' })),
  },
  'a policy that is wrong': {
    ...{ code: 'E_BAD_POLICY', command: `run lenet-5 ${FAKE} --gate` },
    remedy: 'See docs/gate.md for all fields and an example.',
    given: written('cnnbench.config.json', '{"gate": {"strickt": true}}'),
    by: written('cnnbench.config.json', '{"gate": {"strict": false}}'),
  },
  'a policy that is not there': {
    ...{ code: 'E_BAD_POLICY', command: `run lenet-5 ${FAKE} --gate --policy mine.json`, remedy: 'Check the path.' },
    given: written('mine2.json', '{"gate": {}}'),
    then: `run lenet-5 ${FAKE} --gate --policy mine2.json`,
  },
  'a policy that does not run': {
    ...{ code: 'E_BAD_POLICY', command: `run lenet-5 ${FAKE} --gate` },
    remedy: 'Fix the program: it has to export the policy as default. See docs/gate.md.',
    given: written('cnnbench.config.ts', 'throw new Error("no");'),
    by: written('cnnbench.config.ts', 'export default { gate: {} };'),
  },
  'two policies': {
    ...{
      code: 'E_BAD_POLICY',
      command: `run lenet-5 ${FAKE} --gate`,
      remedy: 'Keep one of them, or choose one with --policy.',
    },
    async given({ cwd }) {
      await writeFile(join(cwd, 'cnnbench.config.ts'), 'export default { gate: {} };');
      await writeFile(join(cwd, 'cnnbench.config.json'), '{"gate": {}}');
    },
    then: `run lenet-5 ${FAKE} --gate --policy cnnbench.config.json`,
  },
  'a place for weights that is none': {
    ...{ code: 'E_OUT_UNWRITABLE', command: 'export mlp-1 --profile smoke --seed 1 --out no/w.safetensors' },
    remedy: 'Choose a file in a folder you can write to with --out.',
    by: ({ cwd }) => mkdir(join(cwd, 'yes')),
    then: 'export mlp-1 --profile smoke --seed 1 --out yes/w.safetensors',
  },
  'no weights of a training that takes too long': {
    ...{
      code: 'E_NO_WEIGHTS',
      command: 'export mlp-1 -b js --profile full --seed 1 --trained --timeout 1 --out w.safetensors',
    },
    remedy: '"cnnbench doctor" shows what works here; give a training more time with --timeout.',
    then: 'export mlp-1 -b js --profile smoke --seed 1 --trained --timeout 600 --out w.safetensors',
  },
  'no speed of a training that crashes': {
    ...{ code: 'E_NO_SPEED', command: 'calibrate --backend fake --runs 7', script: 'mlp-1=crash' },
    remedy: 'Choose another --experiment, --profile or --backend; "cnnbench doctor" shows what works here.',
    then: 'calibrate --backend fake --runs 7 --experiment mlp-2',
  },
};
