import { type Network, PRIORITY, SHOWN } from '../sim/network.ts';
import { movementsConflict } from './conflicts.ts';

/** How left turns are served where a lane is theirs alone. */
export type Lefts = 'as-planned' | 'protected' | 'protected-permitted';

/** A phase of a ring, as a list of movements. */
export interface RingPhase {
  /** NEMA's number where there is one: 2 and 6 the first street, 4 and 8 the second, odd numbers lefts. */
  readonly name: string;
  readonly protectedMovements: readonly number[];
  readonly permitted: readonly number[];
}

/** Phases on one side of the barriers: those of the first ring, and of the second, each in order. */
export type BarrierGroup = readonly [readonly RingPhase[], readonly RingPhase[]];

interface Approach {
  readonly road: number;
  readonly lefts: readonly number[];
  readonly thrus: readonly number[];
  readonly rights: readonly number[];
  /** Whether its lefts get a phase of their own, and whether they may go with thru traffic. */
  readonly leftPhase: boolean;
  readonly leftPermitted: boolean;
}

/** A phase in which nobody goes: what a ring shows while the other serves an approach that faces none. */
export const IDLE: RingPhase = { name: 'idle', protectedMovements: [], permitted: [] };

/**
 * The NEMA dual-ring plan of an intersection, derived from its movements: facing approaches share a
 * barrier group, in which each ring serves one left turn and the thru movement that crosses it
 *
 *     ring 1    1 left   2 thru  |  3 left   4 thru
 *     ring 2    5 left   6 thru  |  7 left   8 thru
 *
 * so that every phase of one ring may run with every phase of the other in the same group. An approach
 * that faces nobody, or cannot share a group safely, has one to itself. The street of the scenario's
 * first phase comes first.
 *
 * NEMA TS 2; FHWA Traffic Signal Timing Manual, section 4.2.
 */
export function ringPlan(network: Network, i: number, lefts: Lefts): BarrierGroup[] {
  const approaches = approachesOf(network, i, lefts);
  const groups: BarrierGroup[] = [];
  const done = new Set<Approach>();
  let street = 0;
  for (const a of approaches) {
    if (done.has(a)) continue;
    const b = approaches.find((other) => !done.has(other) && faces(network, a, other));
    const shared = b === undefined || street > 1 ? null : sharedGroup(network, a, b, street);
    done.add(a);
    if (shared === null) {
      groups.push(aloneGroup(network, a));
    } else {
      done.add(b!);
      groups.push(shared);
      street++;
    }
  }
  // A signal without movements has nothing to control: it shows one phase, in which nobody goes.
  return groups.length > 0 ? groups : [[[IDLE], [IDLE]]];
}

function approachesOf(network: Network, i: number, lefts: Lefts): Approach[] {
  const { movements, movementFrom, movementPriority } = network;
  const byRoad = new Map<number, number[]>();
  for (let k = movements.starts[i]!; k < movements.starts[i + 1]!; k++) {
    const m = movements.items[k]!;
    byRoad.set(movementFrom[m]!, [...(byRoad.get(movementFrom[m]!) ?? []), m]);
  }
  const of = (row: readonly number[], priority: number) =>
    row.filter((m) => movementPriority[m] === priority);
  const found = [...byRoad].map(([road, row]): Approach => {
    const left = of(row, PRIORITY.left);
    const own = left.length > 0 && left.every((m) => hasOwnLane(network, m));
    const best = left.map((m) => bestShown(network, i, m));
    const planned = best.every(({ isProtected }) => isProtected);
    return {
      road,
      lefts: left,
      thrus: of(row, PRIORITY.thru),
      rights: of(row, PRIORITY.right),
      leftPhase: own && (lefts !== 'as-planned' || planned),
      leftPermitted:
        !own ||
        lefts === 'protected-permitted' ||
        (lefts === 'as-planned' && best.some((b) => b.isPermitted)),
    };
  });
  const rank = ({ road }: Approach) => firstServed(network, i, road);
  return found
    .map((approach, k) => ({ approach, k }))
    .sort((p, q) => rank(p.approach) - rank(q.approach) || p.k - q.k)
    .map(({ approach }) => approach);
}

/** Whether some lane serves this movement and no other. */
function hasOwnLane({ movementLanes, laneConnectors, connectorMovement }: Network, m: number): boolean {
  const lanes = movementLanes.items.subarray(movementLanes.starts[m], movementLanes.starts[m + 1]);
  return lanes.some((lane) => {
    const ways = laneConnectors.items.subarray(laneConnectors.starts[lane], laneConnectors.starts[lane + 1]);
    return ways.every((c) => connectorMovement[c] === m);
  });
}

/** What the scenario's phases give a movement. */
function bestShown(network: Network, i: number, m: number) {
  const shown = phasesOf(network, i).map((p) => shownTo(network, p, m));
  return { isProtected: shown.includes(SHOWN.protected), isPermitted: shown.includes(SHOWN.permitted) };
}

export function phasesOf({ phases }: Network, i: number): number[] {
  return Array.from(phases.items.subarray(phases.starts[i], phases.starts[i + 1]));
}

/** SHOWN value that phase `p` has for movement `m`. */
export function shownTo(network: Network, p: number, m: number): number {
  const { connectors, connectorMovement, elementRank, movementIntersection } = network;
  const i = movementIntersection[m]!;
  for (let k = connectors.starts[i]!; k < connectors.starts[i + 1]!; k++) {
    const c = connectors.items[k]!;
    if (connectorMovement[c] === m) {
      return network.phaseShown[network.phaseShownStart[p]! + elementRank[c]!]!;
    }
  }
  return SHOWN.red;
}

/** The position in the plan of the first phase that gives an approach right of way for thru traffic, or at all. */
function firstServed(network: Network, i: number, road: number): number {
  const { movementFrom, movementPriority } = network;
  const phases = phasesOf(network, i);
  const serves = (p: number, thru: boolean) => {
    const { starts, items } = network.phaseMovements;
    return items
      .subarray(starts[p], starts[p + 1])
      .some((m) => movementFrom[m] === road && (!thru || movementPriority[m] === PRIORITY.thru));
  };
  const position = phases.findIndex((p) => serves(p, true));
  return position >= 0 ? position : phases.findIndex((p) => serves(p, false));
}

/** Whether thru traffic of one approach leaves to where the other comes from, or the other way round. */
function faces({ movementTo, roadTo, roadFrom }: Network, a: Approach, b: Approach): boolean {
  const leadsTo = (one: Approach, other: Approach) =>
    one.thrus.some((m) => roadTo[movementTo[m]!] === roadFrom[other.road]);
  return leadsTo(a, b) || leadsTo(b, a);
}

/** The group of two facing approaches; `null` if two phases that may run together would conflict. */
function sharedGroup(network: Network, a: Approach, b: Approach, street: number): BarrierGroup | null {
  // A left turn without a phase of its own must be allowed to go with thru traffic.
  if ([a, b].some((x) => x.lefts.length > 0 && !x.leftPhase && !x.leftPermitted)) return null;
  const number = (n: number) => String(n + 2 * street);
  const thru = (name: string, x: Approach): RingPhase => ({
    name,
    protectedMovements: x.thrus.length > 0 ? x.thrus : x.rights,
    permitted: [...(x.thrus.length > 0 ? x.rights : []), ...(x.leftPermitted ? x.lefts : [])],
  });
  const left = (name: string, x: Approach): RingPhase[] =>
    x.leftPhase ? [{ name, protectedMovements: x.lefts, permitted: [] }] : [];
  const group: BarrierGroup = [
    [...left(number(1), b), thru(number(2), a)],
    [...left(number(5), a), thru(number(6), b)],
  ];
  const clash = group[0].some((p) => group[1].some((q) => phasesConflict(network, p, q)));
  const empty = group.flat().some((p) => p.protectedMovements.length + p.permitted.length === 0);
  return clash || empty ? null : group;
}

function phasesConflict(network: Network, p: RingPhase, q: RingPhase): boolean {
  return p.protectedMovements.some((m) => q.protectedMovements.some((n) => movementsConflict(network, m, n)));
}

function aloneGroup({ movementPriority }: Network, a: Approach): BarrierGroup {
  const all = [...a.lefts, ...a.thrus, ...a.rights];
  const alone = all.every((m) => movementPriority[m] === PRIORITY.right);
  const isProtected = (m: number) => alone || movementPriority[m] !== PRIORITY.right;
  return [
    [
      {
        name: `approach-${a.road}`,
        protectedMovements: all.filter(isProtected),
        permitted: all.filter((m) => !isProtected(m)),
      },
    ],
    [IDLE],
  ];
}
