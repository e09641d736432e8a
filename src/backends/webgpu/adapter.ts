import { CnnbenchError, messageOf } from '../../core/errors.js';
import { findSwiftShader, SWIFTSHADER_VARIABLE, withDriver } from './software.js';

export interface FoundAdapter {
  /** What the adapter lives on: it must not be collected before the adapter. */
  readonly gpu: GPU;
  readonly adapter: GPUAdapter;
}

/** Rasterizers on the processor, which not every driver owns up to. */
const SOFTWARE = /swiftshader|llvmpipe|lavapipe|basic render/i;

/** Whether a processor plays the GPU. */
export function isSoftware(info: Pick<GPUAdapterInfo, 'device' | 'description' | 'isFallbackAdapter'>): boolean {
  return info.isFallbackAdapter || SOFTWARE.test(info.device) || SOFTWARE.test(info.description);
}

/**
 * The adapter of a GPU; where there is none, that of SwiftShader.
 *
 * @param create of the package webgpu
 * @throws CnnbenchError E_BACKEND_UNAVAILABLE, saying what is missing
 */
export async function findAdapter(
  create: (options: string[]) => GPU,
  environment: NodeJS.ProcessEnv,
): Promise<FoundAdapter> {
  const request = async (): Promise<FoundAdapter | undefined> => {
    const gpu = create([]);
    const adapter = await gpu.requestAdapter({ powerPreference: 'high-performance' });
    return adapter === null ? undefined : { gpu, adapter };
  };
  const found = await request();
  if (found !== undefined) return found;
  const library = await findSwiftShader(environment).catch((error: unknown) => {
    throw new CnnbenchError(
      'E_BACKEND_UNAVAILABLE',
      `no GPU was found, and ${messageOf(error)}`,
      `Set ${SWIFTSHADER_VARIABLE} to the absolute path of libvk_swiftshader.so, or unset it.`,
    );
  });
  const software = library === undefined ? undefined : await withDriver(library, request);
  if (software === undefined) throw unavailable(process.platform, loaderFault(), library);
  return software;
}

/**
 * Why there is no adapter, and what to do.
 *
 * @param loader why the loader of Vulkan can't be loaded, if it can't
 * @param library of SwiftShader, where one was tried
 */
export function unavailable(
  platform: NodeJS.Platform,
  loader: string | undefined,
  library: string | undefined,
): CnnbenchError {
  const code = 'E_BACKEND_UNAVAILABLE';
  if (platform !== 'linux') {
    const name = platform === 'darwin' ? 'Metal' : 'D3D12 or Vulkan';
    return new CnnbenchError(code, `no GPU with ${name} was found`, `Install a GPU driver that supports ${name}.`);
  }
  if (loader !== undefined) {
    const remedy =
      'Install the Vulkan loader (Debian, Ubuntu: apt-get install libvulkan1), and the GPU driver or, without a GPU, SwiftShader (Debian: chromium-common).';
    return new CnnbenchError(code, `the Vulkan loader is missing: ${loader}`, remedy);
  }
  if (library !== undefined) {
    const remedy = 'Install a Vulkan driver for the GPU; "vulkaninfo --summary" lists those that work.';
    return new CnnbenchError(code, `no GPU was found, and SwiftShader (${library}) gave no adapter either`, remedy);
  }
  return new CnnbenchError(
    code,
    'no Vulkan driver was found, neither of a GPU nor SwiftShader',
    `Install the GPU driver (NVIDIA's also needs libEGL and libGL; Debian, Ubuntu: apt-get install libegl1 libgl1); without a GPU, install SwiftShader (Debian: apt-get install chromium-common) or set ${SWIFTSHADER_VARIABLE} to libvk_swiftshader.so.`,
  );
}

/** Why the system does not load the library through which Dawn reaches Vulkan; nothing where it does. */
function loaderFault(): string | undefined {
  if (process.platform !== 'linux') return undefined;
  try {
    process.dlopen({ exports: {} }, 'libvulkan.so.1');
  } catch (error) {
    const said = messageOf(error);
    // A library that is found is no module of Node, which is an error, too.
    return said.includes('cannot open shared object file') ? said : undefined;
  }
  return undefined;
}
