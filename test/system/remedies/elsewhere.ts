import type { ErrorCode } from '../../../src/core/errors.js';

/** Where a remedy is done by another test, which quotes it, or why none can. */
type Elsewhere = { readonly code: ErrorCode } & ({ readonly test: string } | { readonly because: string });

/** What no command line can bring about in a folder of its own. */
export const ELSEWHERE: Readonly<Record<string, Elsewhere>> = {
  'Use a machine with an NVIDIA GPU and its driver.': {
    code: 'E_BACKEND_UNAVAILABLE',
    because: 'it takes a machine with a GPU of NVIDIA',
  },
  'It needs a driver for CUDA 12, version 525 or newer; "nvidia-smi" shows the installed one.': {
    code: 'E_BACKEND_UNAVAILABLE',
    because: 'it takes a machine with an old driver of NVIDIA, and a newer one',
  },
  'Make sure that nothing else uses the GPU, then try again.': {
    code: 'E_BACKEND_UNAVAILABLE',
    because: 'it takes a GPU of NVIDIA that something else keeps busy',
  },
  'Run "cnnbench setup …".': {
    code: 'E_BACKEND_UNAVAILABLE',
    because:
      'it fetches libtensorflow, 250 MB, and no test uses the network; test/unit/native/setup.test.ts does it with tools of its own',
  },
  'Run "cnnbench setup … --force".': { code: 'E_BACKEND_UNAVAILABLE', because: 'it fetches libtensorflow, as above' },
  'Reinstall with "npm ci" if files of @tensorflow/tfjs-backend-wasm are missing.': {
    code: 'E_BACKEND_UNAVAILABLE',
    because: 'no test installs from the registry; the message names the file that is missing',
  },
  'Start it once in a process, before anything else makes it the current backend of tfjs.': {
    code: 'E_BACKEND_UNAVAILABLE',
    because: 'only a program with a tfjs of its own meets it, and the error tells it the order of its lines',
  },
  'Run it again; if it happens again, use "--threads 1".': {
    code: 'E_BACKEND_UNAVAILABLE',
    because:
      'a thread ends of itself where memory is short: nothing is wrong the next time; one thread starts none that could end',
  },
  'Omit it for 1.': { code: 'E_USAGE', test: 'test/conformance/wasm-entry.test.ts' },
  'docs/library.md has the options.': { code: 'E_USAGE', test: 'test/system/library.test.ts' },
  'Call stop() on the result of the first start, then start them again.': {
    code: 'E_USAGE',
    test: 'test/conformance/wasm-entry.test.ts',
  },
  'Use fewer threads: --threads 1 starts none besides the main one.': {
    code: 'E_BACKEND_UNAVAILABLE',
    test: 'test/conformance/wasm-threads.test.ts',
  },
  'Set CNNBENCH_SWIFTSHADER to the absolute path of libvk_swiftshader.so, or unset it.': {
    code: 'E_BACKEND_UNAVAILABLE',
    test: 'test/unit/backends/webgpu/adapter.test.ts',
  },
  'Install a GPU driver that supports ….': {
    code: 'E_BACKEND_UNAVAILABLE',
    because: 'it takes macOS or Windows without a GPU',
  },
  'Install the Vulkan loader (Debian, Ubuntu: apt-get install libvulkan1), and the GPU driver or, without a GPU, SwiftShader (Debian: chromium-common).':
    {
      code: 'E_BACKEND_UNAVAILABLE',
      because: 'it installs packages of the system; CI does that for webgpu before its tests',
    },
  'Install a Vulkan driver for the GPU; "vulkaninfo --summary" lists those that work.': {
    code: 'E_BACKEND_UNAVAILABLE',
    because: 'it takes a GPU, and drivers of the system',
  },
  "Install the GPU driver (NVIDIA's also needs libEGL and libGL; Debian, Ubuntu: apt-get install libegl1 libgl1); without a GPU, install SwiftShader (Debian: apt-get install chromium-common) or set CNNBENCH_SWIFTSHADER to libvk_swiftshader.so.":
    {
      code: 'E_BACKEND_UNAVAILABLE',
      because: 'it installs packages of the system; CI does that for webgpu before its tests',
    },
  'Try it again; if it fails again, try another driver, a smaller experiment or another backend.': {
    code: 'E_BACKEND_FAILED',
    because:
      'a device that was lost is there again in another process, where test/conformance/webgpu-failure.test.ts has lost it for good',
  },
  'Install it with "npm install --include=optional webgpu @tensorflow/tfjs-backend-webgpu".': {
    code: 'E_BACKEND_UNAVAILABLE',
    because: 'no test installs from the registry',
  },
  'Run "cnnbench doctor" to see why and how to fix it.': {
    code: 'E_NO_BACKEND',
    test: 'test/unit/app/run/choose-backends.test.ts',
  },
  'Run the same command again.': {
    code: 'E_USAGE',
    because:
      'the default of commands that keep nothing, which begin anew: calibrate.test.ts and isolation.test.ts interrupt those that say more',
  },
  'Nothing was saved. Run the same command again.': { code: 'E_NO_SPEED', test: 'test/system/calibrate.test.ts' },
  'Finished cells are saved: run the same command again to resume.': {
    code: 'E_OUT_LOCKED',
    test: 'test/system/isolation.test.ts',
  },
  'This is a bug in cnnbench: please report it with the lines below.': {
    code: 'E_BUG',
    because: 'it is to be reported; the lines below are the stack',
  },
  'Free some space, or send stdout elsewhere. Records and reports of a run are saved: "cnnbench report DIR" prints them again.':
    { code: 'E_WRITE', test: 'test/faults/output.test.ts' },
  'Follow the remedies above, or download the files by hand, on any machine (see docs/data.md), and run with --data-dir or CNNBENCH_DATA.':
    { code: 'E_DATA_UNAVAILABLE', test: 'test/unit/data/remedies.test.ts' },
  'Try again when the machine is less busy; if it takes as long again, report it.': {
    code: 'E_BACKEND_UNAVAILABLE',
    because: 'a probe is given a minute or more, and what holds a machine up that long is over at some time',
  },
  'Reinstall with "npm ci"; if it dies again, report it with the output of "cnnbench doctor --json".': {
    code: 'E_BACKEND_UNAVAILABLE',
    test: 'test/system/doctor.test.ts',
  },
  'Run again with the data sets: "cnnbench data pull", or --data-dir.': {
    code: 'E_NOT_PUBLISHABLE',
    because:
      'it takes the real data sets; test/unit/app/publish/objections.test.ts has that the same records on them are no objection',
  },
  'Run again with the official files; "cnnbench data verify" lists the others.': {
    code: 'E_NOT_PUBLISHABLE',
    because: 'it takes the official files, as above',
  },
  'Commit, build and run again.': {
    code: 'E_NOT_PUBLISHABLE',
    because:
      'it takes another build; that a clean one is not an objection is in test/unit/app/publish/objections.test.ts',
  },
  'Build in a git checkout, and run again.': { code: 'E_NOT_PUBLISHABLE', because: 'it takes another build, as above' },
  'Run it again; if it happens again, it is a bug of the backend or of cnnbench.': {
    code: 'E_NOT_PUBLISHABLE',
    because: 'only a bug brings it about',
  },
  'Verify it with the version that made it: ….': {
    code: 'E_NOT_VERIFIABLE',
    because: 'it takes another version of cnnbench; test/system/verify.test.ts has that its commit is named',
  },
  'Write the file again, with tensors of type F32, I32 or U8 only.': {
    code: 'E_SAFETENSORS',
    because:
      'the command line reads only what it has written a moment before; for checkpoints that are damaged a training begins anew',
  },
  'Check that the cache folder is writable and its disk not full, or set XDG_CACHE_HOME.': {
    code: 'E_WRITE',
    test: 'test/unit/data/remedies.test.ts',
  },
  'Download the files by hand (see docs/data.md).': {
    code: 'E_DATA_DOWNLOAD',
    test: 'test/unit/data/remedies.test.ts',
  },
  'Run the command again; if it happens again, download the file by hand (see docs/data.md).': {
    code: 'E_DATA_DIGEST',
    test: 'test/unit/data/remedies.test.ts',
  },
  'Start the run again, and do not change the data folder while it runs.': {
    code: 'E_DATA_CHANGED',
    test: 'test/unit/data/remedies.test.ts',
  },
  'Run the command without them.': { code: 'E_DATA_UNAVAILABLE', test: 'test/unit/data/remedies.test.ts' },
  'Check the network, and HTTPS_PROXY behind a proxy, and run the command again: the download resumes.': {
    code: 'E_DATA_DOWNLOAD',
    test: 'test/unit/data/remedies.test.ts',
  },
  'With access to storage.googleapis.com, "npm ci" installs the backend cpu.': {
    code: 'E_SETUP_PLATFORM',
    because: 'it takes another platform, and the network',
  },
  'With access to storage.googleapis.com, "npm install @tensorflow/tfjs-node-gpu@4.22.0" installs the backend gpu.': {
    code: 'E_SETUP_PLATFORM',
    because: 'it takes another platform, and the network',
  },
  'Reinstall cnnbench.': {
    code: 'E_RECORD_INVALID',
    because: 'a file of the package is missing, and no test installs from a registry',
  },
  'Fix the problem, move that file to …, and run the same command again: finished cells are kept.': {
    code: 'E_WRITE',
    test: 'test/faults/disk.test.ts',
  },
  'Fix the problem and run the same command again: all finished cells but this one are kept.': {
    code: 'E_WRITE',
    test: 'test/faults/disk.test.ts',
  },
  'This looks like a bug in cnnbench or tfjs: please report it with this message.': {
    code: 'E_BUG',
    because: 'it is to be reported; the message is what is printed',
  },
  'Do not use this backend here; report it with the output of "cnnbench doctor --json".': {
    code: 'E_BACKEND_UNAVAILABLE',
    because: 'it takes a backend that multiplies wrongly; doctor --json is run in test/system/doctor.test.ts',
  },
  'Run the same command again with --force; if it happens again, report it with the log of the set-up.': {
    code: 'E_SETUP_BUILD',
    because: 'it takes a libtensorflow that computes wrongly; --force is tried in test/unit/native/setup.test.ts',
  },
  'Wait for it to end, stop it, or choose another folder with --out.': {
    code: 'E_OUT_LOCKED',
    test: 'test/system/remedies.test.ts',
  },
  'Finished cells are saved: run the same command again when no other run uses the folder.': {
    code: 'E_OUT_LOCKED',
    test: 'test/system/remedies.test.ts',
  },
  'It needs a C++17 compiler such as g++ 9 or clang++ 10; choose one with CXX=... and run the command again.': {
    code: 'E_SETUP_BUILD',
    test: 'test/unit/native/setup.test.ts',
  },
  'Free some space or choose another cache with XDG_CACHE_HOME, then run the same command again.': {
    code: 'E_WRITE',
    test: 'test/unit/native/setup.test.ts',
  },
  'Install npm, which comes with Node, and put it on the PATH.': {
    code: 'E_SETUP_TOOL',
    test: 'test/unit/native/setup.test.ts',
  },
  'Install Python 3, e.g. "apt install python3 python3-pip".': {
    code: 'E_SETUP_TOOL',
    test: 'test/unit/native/setup.test.ts',
  },
  'Install pip, e.g. "apt install python3-pip" or "python3 -m ensurepip".': {
    code: 'E_SETUP_TOOL',
    test: 'test/unit/native/setup.test.ts',
  },
  'Install one, e.g. "apt install g++", or choose it with CXX=...': {
    code: 'E_SETUP_TOOL',
    test: 'test/unit/native/setup.test.ts',
  },
  'Check that npm reaches its registry (npm ping), then run the same command again.': {
    code: 'E_SETUP_FETCH',
    test: 'test/unit/native/setup.test.ts',
  },
  'Run the same command again; if it happens again, the registry serves something else: tell its operator.': {
    code: 'E_SETUP_DIGEST',
    test: 'test/unit/native/setup.test.ts',
  },
  'Free some space, then run the same command again.': { code: 'E_WRITE', test: 'test/unit/native/setup.test.ts' },
  'Check that pip reaches its index (pip config list, PIP_INDEX_URL), then run the same command again.': {
    code: 'E_SETUP_FETCH',
    test: 'test/unit/native/setup.test.ts',
  },
  'Check which index pip uses (pip config list), then run the same command again.': {
    code: 'E_SETUP_FETCH',
    test: 'test/unit/native/setup.test.ts',
  },
  'Run the same command again; if it happens again, the package index serves something else: tell its operator.': {
    code: 'E_SETUP_DIGEST',
    test: 'test/unit/native/setup.test.ts',
  },
  'Run the same command again with --force.': { code: 'E_SETUP_BUILD', test: 'test/unit/native/setup.test.ts' },
  'Set NODE_EXTRA_CA_CERTS to a PEM file with the certificates of your network, and run the command again.': {
    code: 'E_DATA_DOWNLOAD',
    because:
      'Node reads it when it starts, and no test makes certificates; which errors say it is in test/unit/data/download.test.ts',
  },
  'Check that it exists and is readable; --data-dir sets a folder where a deck looks first.': {
    code: 'E_DATA_READ',
    test: 'test/unit/data/deck/faults.test.ts',
  },
  'Move the real file or folder, not a link, into the folder of the deck or of --data-dir.': {
    code: 'E_DATA_PATH',
    test: 'test/unit/data/deck/faults.test.ts',
  },
  'Check which format the file has, and that images and labels are not mixed up.': {
    code: 'E_DATA_MAGIC',
    test: 'test/unit/data/deck/faults.test.ts',
  },
  'Replace the file with a complete copy, or correct the sizes in the deck; pictures of several sizes need a resize.': {
    code: 'E_DATA_SIZE',
    test: 'test/unit/data/deck/faults.test.ts',
  },
  'Correct the label, or the classes in the deck: labels are 0 to the number of classes minus 1.': {
    code: 'E_DATA_LABEL',
    test: 'test/unit/data/deck/faults.test.ts',
  },
  'Write the file again in the form that docs/decks-data.md describes.': {
    code: 'E_DATA_FORMAT',
    test: 'test/unit/data/deck/faults.test.ts',
  },
  'Replace the value: training needs finite numbers.': {
    code: 'E_DATA_VALUE',
    test: 'test/unit/data/deck/faults.test.ts',
  },
  'Save the picture as a PNG or JPEG of 8 bits, grey or RGB, or remove it.': {
    code: 'E_DATA_IMAGE',
    test: 'test/unit/data/deck/faults.test.ts',
  },
  'Correct the classes in the deck, or the folders and labels of the data.': {
    code: 'E_DATA_CLASS',
    test: 'test/unit/data/deck/faults.test.ts',
  },
  'Add a test set to the deck, or choose another share.': {
    code: 'E_DATA_SPLIT',
    test: 'test/unit/data/deck/faults.test.ts',
  },
  'Use a part of the data, or smaller images; docs/decks-data.md has the limits.': {
    code: 'E_DATA_LIMIT',
    test: 'test/unit/data/deck/faults.test.ts',
  },
  'Run "npm install sharp" where cnnbench is installed, or save the images as arrays (npz) or CSV.': {
    code: 'E_DATA_DECODER',
    test: 'test/unit/data/deck/pictures.test.ts',
  },
  'Give the model the input of the data set, or prepare the images (resize, pad, channels) to the size that the model takes.':
    { code: 'E_MODEL_DATA', test: 'test/unit/model/fits-data.test.ts' },
  'Give the last layer … units, or correct the classes of the data set.': {
    code: 'E_MODEL_DATA',
    test: 'test/unit/model/fits-data.test.ts',
  },
  'Name the version to judge them by with --deck.': {
    code: 'E_DECK_CONFLICT',
    because: 'not walked yet: it takes runs of two versions of a deck',
  },
  'Restore the file, or use the version of cnnbench that made it, or name another with --deck.': {
    code: 'E_RECORD_INVALID',
    because: 'not walked yet: it takes a run of a deck whose copy was changed',
  },
  'Ask for the batches of the first epoch: at most ….': {
    code: 'E_USAGE',
    because: 'it takes a deck whose images leave a smaller last batch; no experiment of the suites has one',
  },
  'Use the complete binary version of CIFAR-100 (cifar-100-binary.tar.gz); see docs/data.md.': {
    code: 'E_DATA_SIZE',
    test: 'test/unit/data/deck/built-in.test.ts',
  },
  'Omit them: only cifar-100 has them.': { code: 'E_USAGE', test: 'test/unit/data/deck/built-in.test.ts' },
  'Choose another folder: "cnnbench init DIR".': { code: 'E_USAGE', test: 'test/unit/app/init/init.test.ts' },
  'Choose a folder you may write to.': { code: 'E_OUT_UNWRITABLE', test: 'test/unit/app/init/init.test.ts' },
};
