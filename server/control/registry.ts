import type { Network } from '../sim/network.ts';
import { ACTUATED_SETTINGS, actuated } from './actuated.ts';
import { ADVANCED_MAX_PRESSURE_SETTINGS, AdvancedMaxPressure } from './advancedMaxPressure.ts';
import type { ControllerFactory } from './controller.ts';
import { withDualRings } from './dualRing.ts';
import { EfficientMaxPressure } from './efficientMaxPressure.ts';
import { FIXED_TIME_SETTINGS, FixedTime, prepareFixedTime } from './fixedTime.ts';
import { GREEN_WAVE_SETTINGS, prepareGreenWave } from './greenWave.ts';
import { LiteratureFixedTime } from './literatureFixedTime.ts';
import { HOLD_SETTINGS, MaxPressure } from './maxPressure.ts';
import type { Protocol } from './protocol.ts';
import type { Lefts } from './rings.ts';
import type { Setting, Settings } from './settings.ts';
import { prepareWebster, WEBSTER_SETTINGS } from './webster.ts';

/** What a controller learns of the traffic: nothing, what detectors tell, or where everybody is. */
export type Sight = 'nothing' | 'detectors' | 'every vehicle';

/** The run that a network is made ready for, and what its indices are called. */
export interface Occasion {
  readonly durationS: number;
  readonly names: { readonly intersection: readonly string[]; readonly phase: readonly string[] };
  /** Whether the protocol prescribes the file's own phases, so that others need not be made; no unless given. */
  readonly phasesPrescribed?: boolean;
}

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
  readonly prepare: ((network: Network, settings: Settings, occasion: Occasion) => Prepared) | null;
  readonly factory: (protocol: Protocol, settings: Settings) => ControllerFactory;
}

export const CONTROLLERS: readonly ControllerEntry[] = [
  {
    name: 'fixed-time',
    summary: "the scenario's plan: cycle, splits and offsets as given",
    source: 'the scenario',
    sees: 'nothing',
    decisionS: null,
    settings: FIXED_TIME_SETTINGS,
    prepare: prepareFixedTime,
    factory: ({ literature, decisionS }) =>
      literature === null ? (view) => new FixedTime(view) : () => new LiteratureFixedTime(decisionS ?? 0),
  },
  {
    name: 'webster',
    summary: 'fixed time with cycle and splits made for the demand, by Webster’s formula',
    source: 'Webster (1958), Road Research Technical Paper 39',
    sees: 'nothing',
    decisionS: null,
    settings: WEBSTER_SETTINGS,
    prepare: prepareWebster,
    factory: () => (view) => new FixedTime(view),
  },
  {
    name: 'green-wave',
    summary: 'fixed time with one cycle for all and offsets for platoons along corridors',
    source: 'Little, Kelson & Gartner (1981), Transp. Res. Rec. 795',
    sees: 'nothing',
    decisionS: null,
    settings: GREEN_WAVE_SETTINGS,
    prepare: prepareGreenWave,
    factory: () => (view) => new FixedTime(view),
  },
  {
    name: 'max-pressure',
    summary: 'the phase with the longest queues before it and the shortest behind it',
    source: 'Varaiya (2013), Transp. Res. C 36, 177–195',
    sees: 'every vehicle',
    decisionS: 20,
    settings: HOLD_SETTINGS,
    prepare: null,
    factory: (_, settings) => (view) => new MaxPressure(view, settings),
  },
  {
    name: 'efficient-max-pressure',
    summary: 'max-pressure with the mean queue of the exit lanes in place of their sum',
    source: 'Wu et al. (2021), Efficient Pressure, arXiv 2112.02336',
    sees: 'every vehicle',
    decisionS: 20,
    settings: HOLD_SETTINGS,
    prepare: null,
    factory: (_, settings) => (view) => new EfficientMaxPressure(view, settings),
  },
  {
    name: 'advanced-max-pressure',
    summary: 'efficient max-pressure that stays while enough vehicles are driving up to its green',
    source: 'Zhang et al. (2022), Expression might be enough, ICML 2022',
    sees: 'every vehicle',
    decisionS: 20,
    settings: ADVANCED_MAX_PRESSURE_SETTINGS,
    prepare: null,
    factory: (_, settings) => (view) => new AdvancedMaxPressure(view, settings),
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
