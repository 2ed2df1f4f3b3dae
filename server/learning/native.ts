import { execFileSync } from 'node:child_process';
import { createRequire } from 'node:module';
import type { BackendOptions, Device, Tf } from './backend.ts';
import { BackendUnavailable, firstLine } from './unavailable.ts';

const PACKAGE = '@tensorflow/tfjs-node-gpu';
const INSTALL = `Install ${PACKAGE} where its download can be reached, or name a mirror (see the README).`;
const LIBRARIES = 'It needs CUDA 11.2, cuDNN 8.1 and a driver later than 450 (see the README).';

/** Google's own library on an NVIDIA GPU, through CUDA. */
export async function native(tf: Tf, { from = import.meta.url }: BackendOptions): Promise<Device> {
  mendUtil();
  loadNative(createRequire(from));
  const backend = tf.findBackend('tensorflow') as { readonly isUsingGpuDevice?: boolean } | null;
  if (!backend?.isUsingGpuDevice) {
    throw new BackendUnavailable('tensorflow', 'The library loads, but it sees no GPU.', LIBRARIES);
  }
  return { gpu: true, device: cards() };
}

/**
 * Loads the package, which registers its backend with TensorFlow. It fails in three ways that come to
 * the same: npm has dropped it because its download failed; it is there without its binary because
 * install scripts were not run; or the binary is there and a library that it needs is not.
 *
 * @throws {BackendUnavailable} with what `require` has thrown as its cause
 */
function loadNative(require: NodeJS.Require): void {
  try {
    require(PACKAGE);
  } catch (error) {
    const refusal = refusalOf(error);
    if (refusal === null) throw error;
    throw new BackendUnavailable('tensorflow', refusal.found, refusal.remedy, error);
  }
}

function refusalOf(error: unknown): { readonly found: string; readonly remedy: string } | null {
  const line = firstLine(error);
  switch ((error as NodeJS.ErrnoException).code) {
    case 'MODULE_NOT_FOUND':
      return line.includes(`'${PACKAGE}'`)
        ? { found: `The package ${PACKAGE} is not installed.`, remedy: INSTALL }
        : { found: `A part of ${PACKAGE} is missing: ${line}`, remedy: INSTALL };
    case 'ERR_DLOPEN_FAILED':
      return { found: `Its library does not load: ${line}`, remedy: LIBRARIES };
    default:
      if (!line.includes('tfjs_binding.node')) return null;
      return { found: `The package ${PACKAGE} was installed without its library.`, remedy: INSTALL };
  }
}

/** Node 23 took away two functions that the package calls; a later version of it that does not is not out. */
function mendUtil(): void {
  const util: Record<string, unknown> = createRequire(import.meta.url)('node:util');
  util.isNullOrUndefined ??= (value: unknown) => value === null || value === undefined;
  util.isArray ??= Array.isArray;
}

/** The cards, by the driver's tool: the library prints them to stderr, and tells no one else. */
function cards(): string {
  try {
    const names = execFileSync('nvidia-smi', ['--query-gpu=name', '--format=csv,noheader'], {
      encoding: 'utf8',
      timeout: 10_000,
      stdio: 'pipe',
    });
    return names.trim().split('\n').join(', ') || 'an NVIDIA GPU';
  } catch {
    return 'an NVIDIA GPU that nvidia-smi does not name';
  }
}
