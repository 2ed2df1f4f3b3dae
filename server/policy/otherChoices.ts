import { type Protocol, underProtocol } from '../control/protocol.ts';
import { CONTROLLERS, type ControllerEntry, type Occasion } from '../control/registry.ts';
import { type Settings, settingsOf } from '../control/settings.ts';
import { View } from '../control/view.ts';
import type { Network } from '../sim/network.ts';
import type { Simulation } from '../sim/simulation.ts';

/** What another controller would choose at a moment. */
export interface OtherChoice {
  readonly controller: string;
  /** As the view counts them; `null`: it cannot be asked here. */
  readonly phase: number | null;
  /** Why it cannot be asked. */
  readonly reason?: string;
}

/** Where and how others are asked. */
export interface Asking {
  readonly sim: Simulation;
  readonly ring: number;
  readonly phases: Int32Array;
  /** The network before it was made ready for the policy. */
  readonly network: Network;
  readonly occasion: Occasion;
  readonly protocol: Protocol;
  /** Of a controller, where they are not the standard. */
  readonly settings: (entry: ControllerEntry) => Settings;
}

/** The standard settings of a controller. */
export function standardSettings(entry: ControllerEntry): Settings {
  return settingsOf(entry.settings, {}).settings;
}

/**
 * What every controller of the registry would choose now, among the same phases.
 *
 * @param more  others that are asked as well, for example policies
 */
export function otherChoices(asking: Asking, more: readonly ControllerEntry[] = []): OtherChoice[] {
  const others = more.filter(({ name }) => CONTROLLERS.every((entry) => entry.name !== name));
  return [...CONTROLLERS, ...others].map((entry) => ({
    controller: entry.name,
    ...choiceOf(entry, asking),
  }));
}

function choiceOf(entry: ControllerEntry, asking: Asking): Omit<OtherChoice, 'controller'> {
  const { sim, ring, phases, network, protocol } = asking;
  const settings = asking.settings(entry);
  const ask = (seen: Simulation) => {
    const view = new View(seen, ring, phases);
    return { phase: entry.factory(protocol, settings)(view).decide(view) };
  };
  // Policies make phases of their own where they may, and weigh any.
  if (entry.prepare === null || !CONTROLLERS.includes(entry)) return ask(sim);
  if (entry.sees === 'detectors') {
    return { phase: null, reason: 'it runs rings of its own, and follows each green from its beginning' };
  }
  if (sim.network.phaseMovements !== network.phaseMovements) {
    return {
      phase: null,
      reason: 'its plan is for the phases of the file, and here others are chosen among',
    };
  }
  // A plan is other splits and offsets for the same phases: the same world is looked at with these.
  return ask({ ...sim, network: plannedBy(entry, settings, asking) });
}

/** By the network that they are for: plans that have been made. For a city it takes seconds, and who asks once asks again. */
const plans = new WeakMap<Network, Map<string, Network>>();

/** The network with the plan of a controller that makes one. */
function plannedBy(
  { name, prepare }: ControllerEntry,
  settings: Settings,
  { network, occasion, protocol }: Asking,
): Network {
  const made = plans.get(network) ?? new Map<string, Network>();
  plans.set(network, made);
  const key = JSON.stringify([name, settings, protocol.name, occasion.durationS, occasion.phasesPrescribed]);
  const planned =
    made.get(key) ?? underProtocol(prepare!(network, settings, occasion).network, protocol).network;
  made.set(key, planned);
  return planned;
}
