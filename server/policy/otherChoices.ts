import { CONTROLLERS, type ControllerEntry } from '../control/registry.ts';
import type { SettingsGiven } from '../control/settings.ts';
import { View } from '../control/view.ts';
import type { Network } from '../sim/network.ts';
import type { Simulation } from '../sim/simulation.ts';
import { ruledFor, rulesOf, type Study, underController } from '../study/study.ts';

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
  /** The run that they are asked in. */
  readonly study: Study;
  /** By controller: settings given, over those of the scenario; none unless given. */
  readonly settings?: ReadonlyMap<string, SettingsGiven>;
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
  const { sim, ring, phases, study } = asking;
  const given = asking.settings?.get(entry.name) ?? {};
  const { protocol, settings } = rulesOf(study.source, {
    ...study.options,
    controller: entry,
    settings: given,
  });
  const ask = (seen: Simulation) => {
    const view = new View(seen, ring, phases);
    return { phase: entry.factory(protocol, settings)(view).decide(view) };
  };
  // Policies make phases of their own where they may, and weigh any.
  if (entry.prepare === null || !CONTROLLERS.includes(entry)) return ask(sim);
  if (entry.sees === 'detectors') {
    return { phase: null, reason: 'it runs rings of its own, and follows each green from its beginning' };
  }
  if (sim.network.phaseMovements !== study.compiled.network.phaseMovements) {
    return {
      phase: null,
      reason: 'its plan is for the phases of the file, and here others are chosen among',
    };
  }
  // A plan is other splits and offsets for the same phases: the same world is looked at with these.
  return ask({ ...sim, network: plannedBy(entry, given, study) });
}

/** By the network that they are for: plans that have been made. For a city it takes seconds, and who asks once asks again. */
const plans = new WeakMap<Network, Map<string, Network>>();

/** The network with the plan of a controller that makes one. */
function plannedBy(entry: ControllerEntry, given: SettingsGiven, study: Study): Network {
  const { network } = study.compiled;
  const made = plans.get(network) ?? new Map<string, Network>();
  plans.set(network, made);
  const key = JSON.stringify([entry.name, given, study.protocol.name, study.durationS]);
  const planned = made.get(key) ?? ruledFor(underController(study, entry, given)).network;
  made.set(key, planned);
  return planned;
}
