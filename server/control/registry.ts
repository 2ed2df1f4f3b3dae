import type { Network } from '../sim/network.ts';
import { ACTUATED_SETTINGS, actuated } from './actuated.ts';
import type { ControllerFactory } from './controller.ts';
import { withDualRings } from './dualRing.ts';
import { FixedTime } from './fixedTime.ts';
import { LiteratureFixedTime } from './literatureFixedTime.ts';
import { MaxPressure } from './maxPressure.ts';
import type { Protocol } from './protocol.ts';
import type { Lefts } from './rings.ts';
import type { Setting, Settings } from './settings.ts';

/** What a controller learns of the traffic: nothing, what detectors tell, or where everybody is. */
export type Sight = 'nothing' | 'detectors' | 'every vehicle';

/** A network made ready for a controller, and what is worth telling of how. */
export interface Prepared {
  readonly network: Network;
  /** Short sentences for the table and the report, for example the cycle that was chosen. */
  readonly facts: readonly string[];
  /** By phase of the network: its name at its intersection, where it is not the scenario's. */
  readonly phaseNames?: readonly string[];
}

/** A controller by name: what it is, what may be chosen, and how to make one for each intersection. */
export interface ControllerEntry {
  readonly name: string;
  readonly summary: string;
  /** Who stated the rule, and where. */
  readonly source: string;
  readonly sees: Sight;
  /** How often it wants to be asked where the protocol does not say, s; `null`: every step. */
  readonly decisionS: number | null;
  readonly settings: readonly Setting[];
  /** Gives the network another plan, or rings. `null`: it runs on the network as it is. */
  readonly prepare: ((network: Network, settings: Settings) => Prepared) | null;
  readonly factory: (protocol: Protocol, settings: Settings) => ControllerFactory;
}

export const CONTROLLERS: readonly ControllerEntry[] = [
  {
    name: 'fixed-time',
    summary: "the scenario's plan: cycle, splits and offsets as given",
    source: 'the scenario',
    sees: 'nothing',
    decisionS: null,
    settings: [],
    prepare: null,
    factory: ({ literature, decisionS }) =>
      literature === null ? (view) => new FixedTime(view) : () => new LiteratureFixedTime(decisionS ?? 0),
  },
  {
    name: 'max-pressure',
    summary: 'the phase with the longest queues before it and the shortest behind it',
    source: 'Varaiya (2013), Transp. Res. C 36, 177–195',
    sees: 'every vehicle',
    decisionS: 20,
    settings: [],
    prepare: null,
    factory: () => (view) => new MaxPressure(view),
  },
  {
    name: 'actuated',
    summary: 'dual ring on detectors: extended by gaps up to a maximum green, coordinated where the plan is',
    source: 'NEMA TS 2; FHWA Traffic Signal Timing Manual (2008), chapters 4 to 6',
    sees: 'detectors',
    decisionS: null,
    settings: ACTUATED_SETTINGS,
    prepare: (network, { lefts, minGreenS }) =>
      withDualRings(network, lefts as Lefts, Math.round(Number(minGreenS) / network.stepS)),
    factory: (_, settings) => actuated(settings),
  },
];
