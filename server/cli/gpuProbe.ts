import { type BackendName, openBackend } from '../learning/backend.ts';
import { type StepSpeed, stepSpeeds } from '../learning/stepSpeed.ts';
import { BackendUnavailable } from '../learning/unavailable.ts';

/** What one backend comes to on this machine. */
export type Probe =
  | {
      readonly name: BackendName;
      readonly available: true;
      readonly gpu: boolean;
      readonly device: string;
      readonly speeds: readonly StepSpeed[];
    }
  | {
      readonly name: BackendName;
      readonly available: false;
      readonly found: string;
      readonly remedy: string;
    };

async function probe(name: BackendName, eachS: number): Promise<Probe> {
  try {
    const { backend } = await openBackend(name);
    const { gpu, device } = backend;
    const speeds = await stepSpeeds(backend, eachS);
    backend.dispose();
    return { name, available: true, gpu, device, speeds };
  } catch (error) {
    if (!(error instanceof BackendUnavailable)) throw error;
    return { name, available: false, found: error.found, remedy: error.remedy };
  }
}

/** A process of its own for each backend: a driver that crashes or hangs takes nothing else with it. */
const [, , name, eachS] = process.argv;
process.send?.(await probe(name as BackendName, Number(eachS)), () => process.disconnect());
