import { createHash } from 'node:crypto';
import { join } from 'node:path';
import { CUDA_WHEELS } from './cuda-wheels.js';
import type { Wheel } from './wheel.js';

/** What libtensorflow computes on, and the name of the backend. */
export const FLAVOURS = ['cpu', 'gpu'] as const;
export type Flavour = (typeof FLAVOURS)[number];

/** Everything that a set-up fetches: docs/decisions/0007-libtensorflow.md says why these. */
export interface Parts {
  readonly npmPackage: string;
  /** libtensorflow and its headers. */
  readonly tensorflow: Wheel;
  /** The CUDA libraries that it was built for. */
  readonly cuda: readonly Wheel[];
}

export const PARTS: Readonly<Record<Flavour, Parts>> = {
  cpu: {
    npmPackage: '@tensorflow/tfjs-node',
    tensorflow: {
      project: 'tensorflow-cpu',
      version: '2.18.1',
      file: 'tensorflow_cpu-2.18.1-cp311-cp311-manylinux_2_17_x86_64.manylinux2014_x86_64.whl',
      sha256: '810c75d7149d2da0cb2092187817b0dcabb80728ca9f9cf3a61f3f42fadd1298',
      megabytes: 231,
    },
    cuda: [],
  },
  gpu: {
    npmPackage: '@tensorflow/tfjs-node-gpu',
    tensorflow: {
      project: 'tensorflow',
      version: '2.18.1',
      file: 'tensorflow-2.18.1-cp311-cp311-manylinux_2_17_x86_64.manylinux2014_x86_64.whl',
      sha256: 'c9f87e5d2a680a4595f5dc30daf6bbaec9d4129b46d7ef1b2af63c46ac7d2828',
      megabytes: 616,
    },
    cuda: CUDA_WHEELS,
  },
};

/** Raised when the way in which an installation is made changes. */
const LAYOUT = 1;

/** Folder of all installations, and of what is left of one that was interrupted. */
export function nativeFolder(cacheDir: string): string {
  return join(cacheDir, 'native');
}

/** Where a set-up puts its work. Another version of anything in it has another name, so that no two are ever mixed. */
export function installFolder(cacheDir: string, flavour: Flavour): string {
  const identity = createHash('sha256')
    .update(JSON.stringify([LAYOUT, PARTS[flavour]]))
    .digest('hex');
  return join(nativeFolder(cacheDir), `${flavour}-${identity.slice(0, 12)}`);
}

/** Folder of the package tfjs-node or tfjs-node-gpu in an installation. */
export function packageIn(folder: string, { npmPackage }: Parts): string {
  return join(folder, 'node_modules', ...npmPackage.split('/'));
}
