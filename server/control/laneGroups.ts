import { type Network, PRIORITY, SHOWN } from '../sim/network.ts';

/**
 * Lanes of an approach that share their traffic, as the Highway Capacity Manual groups them: what they carry
 * against what they could, and the phases in which they discharge.
 */
export interface LaneGroup {
  readonly movements: readonly number[];
  readonly laneCount: number;
  /** Flow ÷ saturation flow, y: the share of the time for which the group needs green. */
  readonly flowRatio: number;
  /** Positions among the intersection's phases. */
  readonly phases: readonly number[];
}

/** Thru vehicles that take as long as one right turn, or one protected left turn (HCM 6, chapter 19: 1.18, 1.05). */
const RIGHT_EQUIVALENT = 1.18;
const LEFT_EQUIVALENT = 1.05;
/** Of permitted left turns: the least gap they take, and what the next one needs in the same gap, s (HCM 6, chapter 31). */
const CRITICAL_HEADWAY_S = 4.5;
const FOLLOW_UP_HEADWAY_S = 2.5;
/** With more movements than this on one approach, their lanes are not shared out but taken as one group each. */
const MOVEMENTS_MAX = 12;

/**
 * Thru vehicles that take as long as one permitted left turn: saturation flow ÷ that of gaps in the opposing
 * flow, v e^(−v·4.5/3600) ÷ (1 − e^(−v·2.5/3600)). Highway Capacity Manual 6, eq. 31-100. What the queue ahead
 * of those gaps blocks, and who turns in the change interval, are taken to cancel out.
 */
export function permittedLeftEquivalent(opposingVph: number, saturationVph: number): number {
  const v = Math.max(1, opposingVph);
  const gaps =
    (v * Math.exp((-v * CRITICAL_HEADWAY_S) / 3600)) / (1 - Math.exp((-v * FOLLOW_UP_HEADWAY_S) / 3600));
  // Rounded, for exp has other last bits elsewhere, and plans must not.
  return Math.round((saturationVph / gaps) * 1e6) / 1e6;
}

/**
 * The lane groups of one intersection under a demand. Movements of an approach are spread over the lanes that
 * feed them so that the fullest lane is as empty as can be, which is what drivers tend to; lanes that come out
 * equally full through shared movements are a group.
 *
 * @param vph            flow by movement
 * @param saturationVph  of one lane, thru
 */
export function laneGroups(
  network: Network,
  i: number,
  vph: Float64Array,
  saturationVph: number,
): LaneGroup[] {
  const { movements, movementFrom } = network;
  const here = [...movements.items.subarray(movements.starts[i]!, movements.starts[i + 1]!)];
  const approaches = [...new Set(here.map((m) => movementFrom[m]!))];
  const load = new Map(here.map((m) => [m, vph[m]! * equivalent(network, i, m, vph, saturationVph)]));
  return approaches.flatMap((road) => {
    const own = here.filter((m) => movementFrom[m] === road && load.get(m)! > 0);
    return spread(network, own, load).flatMap(({ members, lanes }) => {
      const share = (group: readonly number[]) =>
        group.reduce((sum, m) => sum + load.get(m)!, 0) / (saturationVph * lanes);
      const together = phasesOf(network, i, members);
      const groups = together.length > 0 ? [members] : members.map((m) => [m]);
      return groups.map((group) => ({
        movements: group,
        laneCount: lanes,
        flowRatio: share(group),
        phases: phasesOf(network, i, group),
      }));
    });
  });
}

/** Sets of movements and the number of lanes they fill alike: again and again those that fill their lanes most. */
function spread(network: Network, own: readonly number[], load: ReadonlyMap<number, number>) {
  const { movementLanes } = network;
  const lanesOf = (m: number) =>
    movementLanes.items.subarray(movementLanes.starts[m]!, movementLanes.starts[m + 1]!);
  const groups: { members: number[]; lanes: number }[] = [];
  if (own.length > MOVEMENTS_MAX) return own.map((m) => ({ members: [m], lanes: lanesOf(m).length }));
  let left = [...own];
  const taken = new Set<number>();
  while (left.length > 0) {
    let best = { members: left, lanes: [] as number[], fill: -1 };
    for (let subset = 1; subset < 1 << left.length; subset++) {
      const members = left.filter((_, k) => (subset >> k) & 1);
      const lanes = [...new Set(members.flatMap((m) => [...lanesOf(m)]))].filter((lane) => !taken.has(lane));
      const fill = members.reduce((sum, m) => sum + load.get(m)!, 0) / lanes.length;
      if (fill > best.fill * (1 + 1e-9)) best = { members, lanes, fill };
    }
    groups.push({ members: best.members, lanes: best.lanes.length });
    for (const lane of best.lanes) taken.add(lane);
    left = left.filter((m) => !best.members.includes(m));
  }
  return groups;
}

/** Positions of the phases in which all of these movements go. */
function phasesOf({ phases, phaseMovements }: Network, i: number, group: readonly number[]): number[] {
  const found: number[] = [];
  for (let k = phases.starts[i]!; k < phases.starts[i + 1]!; k++) {
    const p = phases.items[k]!;
    const go = phaseMovements.items.subarray(phaseMovements.starts[p]!, phaseMovements.starts[p + 1]!);
    if (group.every((m) => go.includes(m))) found.push(k - phases.starts[i]!);
  }
  return found;
}

/** Thru vehicles that take as long as one vehicle of movement `m`. */
function equivalent(network: Network, i: number, m: number, vph: Float64Array, saturationVph: number) {
  const { movementPriority, phases } = network;
  if (movementPriority[m] === PRIORITY.thru) return 1;
  if (movementPriority[m] === PRIORITY.right) return RIGHT_EQUIVALENT;
  let opposing = Infinity;
  for (let k = phases.starts[i]!; k < phases.starts[i + 1]!; k++) {
    const p = phases.items[k]!;
    const shown = shownTo(network, i, p, m);
    if (shown === SHOWN.protected) return LEFT_EQUIVALENT;
    if (shown === SHOWN.permitted) opposing = Math.min(opposing, opposingVph(network, i, p, m, vph));
  }
  if (opposing === Infinity) return LEFT_EQUIVALENT;
  return Math.max(LEFT_EQUIVALENT, permittedLeftEquivalent(opposing, saturationVph));
}

/** The flow of protected movements of a phase whose paths cross those of movement `m`. */
function opposingVph(network: Network, i: number, p: number, m: number, vph: Float64Array): number {
  const { connectorMovement, crosses, movementFrom } = network;
  const foes = new Set<number>();
  for (const c of connectorsOf(network, i, m)) {
    for (let k = crosses.starts[c]!; k < crosses.starts[c + 1]!; k++) {
      foes.add(connectorMovement[crosses.foe[k]!]!);
    }
  }
  let sum = 0;
  for (const foe of foes) {
    if (movementFrom[foe] !== movementFrom[m] && shownTo(network, i, p, foe) === SHOWN.protected) {
      sum += vph[foe]!;
    }
  }
  return sum;
}

/** What phase `p` shows to movement `m`: a SHOWN value. */
export function shownTo(network: Network, i: number, p: number, m: number): number {
  const { connectors, connectorMovement, phaseShown, phaseShownStart } = network;
  const first = connectors.starts[i]!;
  for (let k = first; k < connectors.starts[i + 1]!; k++) {
    if (connectorMovement[connectors.items[k]!] === m) return phaseShown[phaseShownStart[p]! + k - first]!;
  }
  return SHOWN.red;
}

function connectorsOf({ connectors, connectorMovement }: Network, i: number, m: number): Int32Array {
  return connectors.items
    .subarray(connectors.starts[i]!, connectors.starts[i + 1]!)
    .filter((c) => connectorMovement[c] === m);
}

/**
 * The flow ratio that each phase must serve so that every group gets its own in the phases it has together:
 * the critical lane groups of the HCM. Time is given to the phase that helps most groups, until all have enough.
 */
export function phaseFlowRatios(groups: readonly LaneGroup[], phaseCount: number): number[] {
  const ratios = new Array<number>(phaseCount).fill(0);
  const served = groups.filter(({ phases }) => phases.length > 0);
  const lacking = ({ phases, flowRatio }: LaneGroup) =>
    flowRatio - phases.reduce((sum, p) => sum + ratios[p]!, 0);
  // Those with a single phase leave no choice, so they come first; among the others the fullest does.
  const order = [...served].sort((a, b) => a.phases.length - b.phases.length || b.flowRatio - a.flowRatio);
  for (const group of order) {
    const lack = lacking(group);
    if (lack <= 1e-12) continue;
    const help = (p: number) =>
      served.reduce(
        (sum, other) => (other.phases.includes(p) ? sum + Math.min(lack, Math.max(0, lacking(other))) : sum),
        0,
      );
    const best = group.phases.reduce((chosen, p) => (help(p) > help(chosen) + 1e-12 ? p : chosen));
    ratios[best]! += lack;
  }
  return ratios;
}
