import { native } from './native.ts';
import { BackendUnavailable, firstLine } from './unavailable.ts';
import { wasm } from './wasm.ts';
import { webgpu } from './webgpu.ts';

/** TensorFlow's operations. Always from a `TrainBackend`, so that whoever computes knows on what. */
export type Tf = typeof import('@tensorflow/tfjs-core');

/** The backends in the order in which `auto` tries them: the fastest where it can be had comes first. */
export const BACKEND_NAMES = ['tensorflow', 'webgpu', 'wasm', 'cpu'] as const;
export type BackendName = (typeof BACKEND_NAMES)[number];
export type BackendChoice = BackendName | 'auto';

/** A backend that is set up, has computed a product, and is TensorFlow's current one. */
export interface TrainBackend {
  readonly name: BackendName;
  /** Whether a graphics processor computes. */
  readonly gpu: boolean;
  /** What computes, as its driver names it. */
  readonly device: string;
  readonly tf: Tf;
  /** Gives the device's memory back, and lets another backend be opened. Tensors are lost with it. */
  dispose(): void;
}

export interface BackendOptions {
  /** The file from whose folder upwards `tensorflow` is looked for; by default Greenwave's own. */
  readonly from?: string | URL;
  /** Take a WebGPU adapter that is a program posing as a GPU, as no one would who wants speed. */
  readonly fallbackAdapter?: boolean;
}

/** A backend that `auto` would have preferred, and why it is not to be had. */
export interface PassedOver {
  readonly name: BackendName;
  readonly reason: string;
}

export interface OpenedBackend {
  readonly backend: TrainBackend;
  readonly passedOver: readonly PassedOver[];
}

/** What a backend brings with it: it registers itself with TensorFlow under its name. */
export interface Device {
  readonly gpu: boolean;
  readonly device: string;
  /** Runs when the backend has been put away. */
  readonly close?: () => void;
}

/** @throws {BackendUnavailable} */
type Setup = (tf: Tf, options: BackendOptions) => Promise<Device>;

const SETUPS: Readonly<Record<BackendName, Setup>> = { tensorflow: native, webgpu, wasm, cpu };

/** TensorFlow has one current backend in a thread; two at once would compute on the later one. */
let open: BackendName | null = null;

/**
 * Opens the backend of this name, or the first that can be had. TensorFlow is loaded here and nowhere
 * else, and not before. One backend may be open in a thread at a time.
 *
 * @throws {BackendUnavailable} the backend asked for is not to be had; another never takes its place
 */
export async function openBackend(
  choice: BackendChoice,
  options: BackendOptions = {},
): Promise<OpenedBackend> {
  if (choice !== 'auto') return { backend: await openNamed(choice, options), passedOver: [] };
  const passedOver: PassedOver[] = [];
  for (const name of BACKEND_NAMES) {
    try {
      return { backend: await openNamed(name, options), passedOver };
    } catch (error) {
      if (!(error instanceof BackendUnavailable)) throw error;
      passedOver.push({ name, reason: error.found });
    }
  }
  throw new Error(`No backend can be had: ${JSON.stringify(passedOver)}`);
}

async function openNamed(name: BackendName, options: BackendOptions): Promise<TrainBackend> {
  if (open !== null)
    throw new Error(`The backend "${open}" is open; dispose of it before opening "${name}".`);
  open = name;
  try {
    return await ready(name, options);
  } catch (error) {
    open = null;
    if (error instanceof BackendUnavailable) throw error;
    throw new BackendUnavailable(name, `It failed while starting: ${firstLine(error)}`, '', error);
  }
}

async function ready(name: BackendName, options: BackendOptions): Promise<TrainBackend> {
  const tf = await import('@tensorflow/tfjs-core');
  tf.enableProdMode(); // without the advice to install other packages, and the checks of every result
  const { gpu, device, close } = await SETUPS[name](tf, options);
  const set = await tf.setBackend(name);
  // A backend that fails to start leaves another in its place, and says so nowhere else.
  if (!set || tf.getBackend() !== name) {
    throw new BackendUnavailable(name, `TensorFlow did not start it, and would use "${tf.getBackend()}".`);
  }
  await checkProduct(name, tf);
  const dispose = () => {
    if (open !== name) return;
    const factory = tf.findBackendFactory(name);
    tf.removeBackend(name);
    tf.registerBackend(name, factory); // so that it can be opened again
    close?.();
    open = null;
  };
  return { name, gpu, device, tf, dispose };
}

/** A device may be there, and its driver or its memory not: only a result shows that it computes. */
async function checkProduct(name: BackendName, tf: Tf): Promise<void> {
  const square = tf.tidy(() => {
    const a = tf.tensor2d([1, 2, 3, 4], [2, 2]);
    return tf.matMul(a, a);
  });
  const found = Array.from(await square.data());
  square.dispose();
  if (found.join() !== '7,10,15,22') {
    throw new BackendUnavailable(name, `It computes 7, 10, 15, 22 as ${found.join(', ')}.`);
  }
}

/** Plain JavaScript: slow, always there, and what the others are held against. */
async function cpu(): Promise<Device> {
  await import('@tensorflow/tfjs-backend-cpu');
  return { gpu: false, device: 'plain JavaScript, one thread' };
}
