import type { BackendOptions, Device, Tf } from './backend.ts';
import { BackendUnavailable, firstLine } from './unavailable.ts';

/** The parts of the `webgpu` package that we touch: it is optional, so its types may not be there. */
interface Dawn {
  readonly globals: object;
  create(options: readonly string[]): Gpu;
}
interface Gpu {
  requestAdapter(wish: { powerPreference: 'high-performance' }): Promise<Adapter | null>;
}
interface Adapter {
  readonly info: {
    readonly description: string;
    readonly vendor: string;
    readonly isFallbackAdapter: boolean;
  };
}

const PACKAGE = 'webgpu';
const DRIVER =
  "Install the GPU's Vulkan driver and the Vulkan loader (libvulkan1 on Debian; NVIDIA's driver wants libgl1 and libegl1 too).";

/** The GPU through Dawn, the WebGPU of Chromium, which speaks Vulkan, Metal or Direct3D 12 to it. */
export async function webgpu(tf: Tf, { fallbackAdapter = false }: BackendOptions): Promise<Device> {
  const { create, globals } = await load();
  const gpu = create([]);
  const adapter = await gpu.requestAdapter({ powerPreference: 'high-performance' }); // TensorFlow's own wish
  if (adapter === null) throw new BackendUnavailable('webgpu', 'WebGPU finds no graphics adapter.', DRIVER);
  const { description, vendor, isFallbackAdapter } = adapter.info;
  const device = description || vendor || 'an adapter without a name';
  if (isFallbackAdapter && !fallbackAdapter) {
    const found = `The only WebGPU adapter is ${device}, a program that stands in for a GPU.`;
    throw new BackendUnavailable('webgpu', found, DRIVER);
  }
  Object.assign(globalThis, globals);
  const close = announce(gpu);
  await import('@tensorflow/tfjs-backend-webgpu');
  tf.env().set('WEBGPU_CPU_FORWARD', false); // small tensors too are computed where we say
  return { gpu: !isFallbackAdapter, device, close };
}

async function load(): Promise<Dawn> {
  try {
    return await import(PACKAGE);
  } catch (error) {
    const found = `The package "webgpu" does not load: ${firstLine(error)}`;
    const remedy = 'Install with optional dependencies, on Linux with glibc 2.34 or later, macOS or Windows.';
    throw new BackendUnavailable('webgpu', found, remedy, error);
  }
}

/** Puts `gpu` where browsers have it, which is where TensorFlow looks; the function returned takes it away. */
function announce(gpu: Gpu): () => void {
  const place = globalThis as { navigator?: object };
  if (place.navigator === undefined) place.navigator = {}; // Node has one since version 21
  const { navigator } = place;
  Object.defineProperty(navigator, 'gpu', { value: gpu, configurable: true });
  return () => {
    Reflect.deleteProperty(navigator, 'gpu'); // it would keep the process alive
  };
}
