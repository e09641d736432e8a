import { mkdir, rename, rm, symlink } from 'node:fs/promises';
import { join } from 'node:path';
import type { Parts } from './flavours.js';
import { runTool, type Tool } from './tool.js';
import { unpackWheel, type StepOptions } from './wheels.js';

/** The library, and the headers that the binding includes. */
const OF_TENSORFLOW = String.raw`tensorflow/(lib[a-z_]+\.so\.2|include/(tensorflow/c|tsl/platform|tensorflow/core/platform|xla/tsl/c)/.*\.h)`;

/** Below `nvidia/`, where the run path of libtensorflow looks; `bin` and `nvvm` compile and link kernels for a new GPU. */
const OF_CUDA = String.raw`nvidia/.*(\.so(\.[0-9]+)*|/bin/[^/]*|\.bc)`;

/** Names by which the linker and tfjs-node's own scripts look for the libraries. */
const LINKS = [
  ['libtensorflow_cc.so.2', 'libtensorflow.so'],
  ['libtensorflow_cc.so.2', 'libtensorflow.so.2'],
  ['libtensorflow_framework.so.2', 'libtensorflow_framework.so'],
] as const;

/** Puts libtensorflow where tfjs-node looks for it: `deps/lib` and `deps/include` of its package. */
export async function placeLibraries(
  packageFolder: string,
  wheels: { readonly tensorflow: string; readonly cuda: readonly string[] },
  python: Tool,
  options: StepOptions,
): Promise<void> {
  const deps = join(packageFolder, 'deps');
  const unpacked = join(deps, 'wheel');
  await rm(deps, { recursive: true, force: true });
  await mkdir(join(deps, 'lib'), { recursive: true });
  await mkdir(unpacked);
  options.onProgress('unpacking libtensorflow');
  await unpackWheel(wheels.tensorflow, python, OF_TENSORFLOW, unpacked, options);
  for (const name of ['libtensorflow_cc.so.2', 'libtensorflow_framework.so.2']) {
    await rename(join(unpacked, 'tensorflow', name), join(deps, 'lib', name));
  }
  await rename(join(unpacked, 'tensorflow', 'include'), join(deps, 'include'));
  await rm(unpacked, { recursive: true });
  for (const [target, name] of LINKS) await symlink(target, join(deps, 'lib', name));
  if (wheels.cuda.length > 0) options.onProgress('unpacking the CUDA libraries');
  for (const wheel of wheels.cuda) await unpackWheel(wheel, python, OF_CUDA, deps, options);
}

/**
 * Compiles the binding, as its `binding.gyp` has it. The headers of Node's interface come from the package
 * node-api-headers: the ones of the running Node are not installed everywhere, and node-gyp would download them.
 */
export async function buildBinding(
  installation: string,
  packageFolder: string,
  { npmPackage }: Parts,
  compiler: Tool,
  options: StepOptions,
): Promise<void> {
  const output = join(packageFolder, 'lib', `napi-v${NAPI_VERSION}`);
  await mkdir(output, { recursive: true });
  options.onProgress('compiling the binding');
  const sources = ['tfjs_backend.cc', 'tfjs_binding.cc'].map((name) => join(packageFolder, 'binding', name));
  await runTool(
    compiler,
    [
      ...['-std=c++17', '-O2', '-fPIC', '-shared', `-DNAPI_VERSION=${NAPI_VERSION}`],
      ...['-DNODE_GYP_MODULE_NAME=tfjs_binding', '-DBUILDING_NODE_EXTENSION'],
      `-I${join(installation, 'node_modules', 'node-api-headers', 'include')}`,
      `-I${join(packageFolder, 'deps', 'include')}`,
      ...sources,
      ...[`-L${join(packageFolder, 'deps', 'lib')}`, '-ltensorflow', '-ltensorflow_framework'],
      '-Wl,-rpath,$ORIGIN/../../deps/lib',
      ...['-o', join(output, 'tfjs_binding.node')],
    ],
    {
      ...options,
      cwd: packageFolder,
      code: 'E_SETUP_BUILD',
      failure: `the binding of ${npmPackage} could not be compiled`,
      remedy:
        'It needs a C++17 compiler such as g++ 9 or clang++ 10; choose one with CXX=... and run the command again.',
    },
  );
}

/** The version of Node-API that the package is made for, which every supported Node has. */
const NAPI_VERSION = 8;
