import { NEVER, type Network, NONE } from '../sim/network.ts';
import { prepared } from '../sim/networkHash.ts';
import type { Naming } from './controllerError.ts';

/**
 * Rules of a study, beside the network: when controllers are asked, which phases they may choose, and
 * what is shown between two phases.
 */
export interface Protocol {
  readonly name: string;
  readonly summary: string;
  /** Time from decision to decision; `null`: every step. */
  readonly decisionS: number | null;
  /** For networks in the literature's style, whose phase 0 stands for yellow; `null`: the scenario's own rules. */
  readonly literature: Literature | null;
}

export interface Literature {
  /** For how long phase 0 is shown between two others, s. It is part of the decision interval. */
  readonly changeS: number;
  /** Highest phase a controller may choose; the lowest is 1. */
  readonly lastPhase: number;
}

export const PROTOCOLS: readonly Protocol[] = [
  {
    name: 'scenario',
    summary: "the file's own phases, plan and change intervals; controllers are asked every step",
    decisionS: null,
    literature: null,
  },
  {
    name: 'literature-15',
    summary: 'decisions every 15 s, 5 s of change phase within them, phases 1 to 4 (Advanced-XLight)',
    decisionS: 15,
    literature: { changeS: 5, lastPhase: 4 },
  },
  {
    name: 'literature-30',
    summary: 'decisions every 30 s, 5 s of change phase within them, phases 1 to 4 (LLMLight)',
    decisionS: 30,
    literature: { changeS: 5, lastPhase: 4 },
  },
  {
    name: 'literature-5',
    summary: 'decisions every 5 s, 2 s of change phase within them, phases 1 to 8 (CoordLight)',
    decisionS: 5,
    literature: { changeS: 2, lastPhase: 8 },
  },
];

/** A network under a protocol, and the phases each intersection's controller may choose. */
export interface Ruled {
  readonly network: Network;
  /** By ring, that is by intersection where each has one: allowed phases as indices of the network; empty without a signal. */
  readonly phaseSets: readonly Int32Array[];
  readonly decisionSteps: number;
  /** For messages about controllers; numbers are told unless given. */
  readonly naming?: Naming;
}

/**
 * Puts a network under a protocol. The literature's protocols replace the signals' intervals: no
 * minimum or maximum green, and phase 0 for the change. Intersections with a single phase keep it.
 *
 * @param decisionS  time from decision to decision, s, in place of the protocol's own
 */
export function underProtocol(network: Network, protocol: Protocol, decisionS?: number): Ruled {
  const { ringPhases, ringIntersection, stepS, phaseCount } = network;
  const own = Array.from(ringIntersection, (_, ring) =>
    ringPhases.items.subarray(ringPhases.starts[ring]!, ringPhases.starts[ring + 1]!),
  );
  const interval = decisionS ?? protocol.decisionS ?? stepS;
  const decisionSteps = Math.max(1, Math.round(interval / stepS));
  const { literature } = protocol;
  const every =
    decisionSteps === 1 ? 'in every step' : `every ${Number((decisionSteps * stepS).toFixed(6))} s`;
  const done = { protocol: `protocol "${protocol.name}", a decision ${every}` };
  if (literature === null) {
    // As compiled it is the same network, so that a snapshot of one goes on with the other.
    const plain = decisionSteps === 1;
    const ruled = plain ? network : prepared(network, {}, done, [decisionSteps]);
    return { network: ruled, phaseSets: own, decisionSteps };
  }

  const rules = {
    minGreen: new Int32Array(phaseCount),
    maxGreen: new Int32Array(phaseCount).fill(NEVER),
    yellowChange: new Int32Array(phaseCount).fill(Math.round(literature.changeS / stepS)),
    redClearance: new Int32Array(phaseCount),
    changePhase: Int32Array.from(own, (row) => (row.length > 1 ? row[0]! : NONE)),
  };
  const phaseSets = own.map((row) => (row.length > 1 ? row.slice(1, literature.lastPhase + 1) : row));
  return { network: prepared(network, rules, done, [decisionSteps, ...phaseSets]), phaseSets, decisionSteps };
}
