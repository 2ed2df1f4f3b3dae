import type { View } from '../control/view.ts';
import type { Simulation } from '../sim/simulation.ts';
import { COUNT, HEAD, RECORD, SLOT_IDENTITY, SLOT_STATE, TYPE } from '../sim/traffic.ts';

/** What an agent gets for a decision, and who uses it. */
export interface Reward {
  readonly name: string;
  readonly unit: string;
  readonly meaning: string;
  readonly source: string;
  /** Makes what measures it at one intersection. */
  readonly meter: (sim: Simulation, view: View) => RewardMeter;
}

export interface RewardMeter {
  /** To be called after every step of the simulation. */
  note(): void;
  /** The reward of the decision that ends now. */
  take(): number;
}

export const REWARDS: readonly Reward[] = [
  {
    name: 'queue',
    unit: 'veh',
    meaning: '−0.25 × vehicles standing on the approach lanes when the decision interval ends',
    source: 'Zhang et al. (2022), Expression might be enough, ICML 2022',
    meter: (_, view) => atEnd(() => -0.25 * standing(view, view.approachLanes)),
  },
  {
    name: 'delay',
    unit: 'veh·s',
    meaning:
      '−delay that arose during the interval on the approach lanes, and to those who wait to enter them: per vehicle and second 1 − speed ÷ free speed',
    source: 'the objective of this project, split over intersections',
    meter: (sim, view) => new DelayMeter(sim, view),
  },
  {
    name: 'pressure',
    unit: 'veh',
    meaning: '−absolute difference of the vehicles standing on the approach lanes and on the exit lanes',
    source: 'Wei et al. (2019), PressLight, KDD 2019',
    meter: (_, view) => {
      const exits = exitLanes(view);
      return atEnd(() => -Math.abs(standing(view, view.approachLanes) - standing(view, exits)));
    },
  },
];

/** A reward that depends on the moment at which the interval ends alone. */
function atEnd(take: () => number): RewardMeter {
  return { note: () => {}, take };
}

function standing(view: View, lanes: Iterable<number>): number {
  let queue = 0;
  for (const lane of lanes) queue += view.queue(lane);
  return queue;
}

function exitLanes(view: View): number[] {
  const movements = [...view.approachLanes].flatMap((lane) => view.movementsOf(lane));
  return [...new Set(movements.flatMap((m) => [...view.exitLanes(m)]))];
}

class DelayMeter implements RewardMeter {
  readonly #sim: Simulation;
  readonly #lanes: Int32Array;
  #delayS = 0;

  constructor(sim: Simulation, view: View) {
    this.#sim = sim;
    this.#lanes = view.approachLanes;
  }

  note(): void {
    const { network, demand } = this.#sim;
    for (const lane of this.#lanes) {
      this.#delayS += (slowness(this.#sim, lane) + demand.waitingCount[lane]!) * network.stepS;
    }
  }

  take(): number {
    const reward = -this.#delayS;
    this.#delayS = 0;
    return reward;
  }
}

/** Delay that arises on a lane, vehicles × (1 − speed ÷ free speed). */
function slowness({ traffic, network, step }: Simulation, lane: number): number {
  const { record, slotState, slotIdentity } = traffic;
  const head = record[lane * RECORD + HEAD]!;
  const end = head + record[lane * RECORD + COUNT]!;
  const limit = network.elementSpeedLimit[lane]!;
  const parity = (step & 1) << 1;
  let slow = 0;
  for (let slot = head; slot < end; slot++) {
    const type = slotIdentity[slot * SLOT_IDENTITY + TYPE]!;
    const free = Math.min(network.types.maxSpeed[type]!, limit);
    slow += 1 - slotState[slot * SLOT_STATE + parity + 1]! / free;
  }
  return slow;
}
