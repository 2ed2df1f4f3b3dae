import { NEVER, type Network, NONE, SHOWN } from '../sim/network.ts';
import { prepared } from '../sim/networkHash.ts';
import { ragged } from '../sim/raggedRows.ts';
import { withoutOwnTimes } from './plan.ts';
import type { Prepared } from './registry.ts';
import { type BarrierGroup, type Lefts, phasesOf, type RingPhase, ringPlan, shownTo } from './rings.ts';

/** What holds in files that know no change intervals, CityFlow's for example; NTCIP's usual defaults but for the red. */
const DEFAULT_S = { minGreen: 5, yellowChange: 3, redClearance: 2 };
const DEFAULTS_FACT = `The file gives no change intervals: ${DEFAULT_S.yellowChange} s of yellow change, ${DEFAULT_S.redClearance} s of red clearance and ${DEFAULT_S.minGreen} s of minimum green are used.`;

/** Columns of the new phases, one entry a phase. */
interface PhaseColumns {
  readonly names: string[];
  readonly movements: number[][];
  readonly shown: number[];
  readonly shownStart: number[];
  readonly group: number[];
  readonly minGreen: number[];
  readonly yellowChange: number[];
  readonly redClearance: number[];
  readonly split: number[];
  readonly walk: number[];
  readonly pedestrianClearance: number[];
  readonly crosswalks: number[][];
  readonly defaulted: boolean[]; // its intervals are DEFAULT_S
}

/**
 * The network with dual rings at its signals instead of the scenario's phases. Each ring phase takes
 * minimum green and change intervals from the scenario's phases that serve its movements, and its split so
 * that both rings spend the same time on either side of a barrier.
 *
 * @param minGreen  steps, in place of the scenario's; 0: as there
 */
export function withDualRings(network: Network, lefts: Lefts, minGreen = 0): Prepared {
  const columns: PhaseColumns = {
    ...{ names: [], movements: [], shown: [], shownStart: [], group: [] },
    ...{ minGreen: [], yellowChange: [], redClearance: [], split: [] },
    ...{ walk: [], pedestrianClearance: [], crosswalks: [], defaulted: [] },
  };
  const { intersectionCount, signalised } = network;
  const shift: number[] = []; //   by intersection: how much later its cycle begins, steps
  const first: number[][] = []; // by intersection: phases of its first ring
  const second: { intersection: number; phases: number[] }[] = [];
  for (let i = 0; i < intersectionCount; i++) {
    first.push([]);
    shift.push(0);
    if (signalised[i] === 0) continue;
    const groups = ringPlan(network, i, lefts);
    shift[i] = shiftOf(network, i, groups);
    const alone = groups.every(([, ring]) => ring.every(isIdle));
    groups.forEach((group, g) => {
      group[0].forEach((phase, k) => {
        first[i]!.push(addPhase(network, columns, i, phase, 0, k, g, groups));
      });
    });
    if (alone) continue;
    const phases: number[] = [];
    groups.forEach((group, g) => {
      group[1].forEach((phase, k) => {
        phases.push(addPhase(network, columns, i, phase, 1, k, g, groups));
      });
    });
    second.push({ intersection: i, phases });
  }
  const partner = new Int32Array(intersectionCount + second.length).fill(NONE);
  second.forEach(({ intersection }, k) => {
    partner[intersection] = intersectionCount + k;
    partner[intersectionCount + k] = intersection;
  });
  const both = first.map((row, i) => [...row, ...(second.find((s) => s.intersection === i)?.phases ?? [])]);
  const least = minGreen === 0 ? columns.minGreen : columns.minGreen.map((own) => (own === 0 ? 0 : minGreen));
  const rings = {
    phaseCount: columns.names.length,
    phases: ragged(both),
    phaseMovements: ragged(columns.movements),
    phaseShown: Uint8Array.from(columns.shown),
    phaseShownStart: Int32Array.from(columns.shownStart),
    minGreen: Int32Array.from(least),
    maxGreen: new Int32Array(columns.names.length).fill(NEVER),
    yellowChange: Int32Array.from(columns.yellowChange),
    redClearance: Int32Array.from(columns.redClearance),
    split: Int32Array.from(columns.split),
    offset: Int32Array.from(network.offset, (own, i) => own + shift[i]!),
    changePhase: new Int32Array(intersectionCount).fill(NONE),
    ringPhases: ragged([...first, ...second.map(({ phases }) => phases)]),
    ringIntersection: Int32Array.from([...first.keys(), ...second.map((s) => s.intersection)]),
    ringPartner: partner,
    phaseGroup: Int32Array.from(columns.group),
    phaseCrosswalks: ragged(columns.crosswalks),
    walk: Int32Array.from(columns.walk),
    pedestrianClearance: Int32Array.from(columns.pedestrianClearance),
  };
  const facts = columns.defaulted.includes(true) ? [DEFAULTS_FACT] : [];
  const reference = withoutOwnTimes(network);
  return {
    network: prepared(network, { ...rings, reference }, { signals: 'dual rings' }),
    facts,
    phaseNames: columns.names,
  };
}

function isIdle({ protectedMovements, permitted }: RingPhase): boolean {
  return protectedMovements.length + permitted.length === 0;
}

/** Adds the phase at position `k` of ring `ring` in group `g`, and returns its index. */
function addPhase(
  network: Network,
  columns: PhaseColumns,
  i: number,
  phase: RingPhase,
  ring: 0 | 1,
  k: number,
  g: number,
  groups: readonly BarrierGroup[],
): number {
  const { connectors, connectorMovement } = network;
  const p = columns.names.length;
  columns.names.push(phase.name);
  columns.movements.push([...phase.protectedMovements, ...phase.permitted]);
  columns.shownStart.push(columns.shown.length);
  for (let c = connectors.starts[i]!; c < connectors.starts[i + 1]!; c++) {
    const m = connectorMovement[connectors.items[c]!]!;
    const isProtected = phase.protectedMovements.includes(m);
    columns.shown.push(
      isProtected ? SHOWN.protected : phase.permitted.includes(m) ? SHOWN.permitted : SHOWN.red,
    );
  }
  columns.group.push(g);
  const sources = sourcesOf(network, i, phase);
  const most = (column: Int32Array) => Math.max(0, ...sources.map((source) => column[source]!));
  const least = (column: Int32Array) => Math.min(...sources.map((source) => column[source]!));
  const defaulted = sources.length > 0 && most(network.yellowChange) === 0;
  const steps = (seconds: number) => Math.ceil(seconds / network.stepS - 1e-9);
  columns.defaulted.push(defaulted);
  columns.minGreen.push(
    sources.length === 0 ? 0 : defaulted ? steps(DEFAULT_S.minGreen) : least(network.minGreen),
  );
  columns.yellowChange.push(defaulted ? steps(DEFAULT_S.yellowChange) : most(network.yellowChange));
  columns.redClearance.push(defaulted ? steps(DEFAULT_S.redClearance) : most(network.redClearance));
  columns.split.push(splitOf(network, i, groups, g, ring, k));
  const served = crosswalksOf(network, i, phase, groups[g]![ring === 0 ? 1 : 0]);
  columns.crosswalks.push(served);
  const walkers = phasesOf(network, i).filter((q) =>
    crosswalkRow(network, q).some((c) => served.includes(c)),
  );
  columns.walk.push(Math.max(0, ...walkers.map((q) => network.walk[q]!)));
  columns.pedestrianClearance.push(Math.max(0, ...walkers.map((q) => network.pedestrianClearance[q]!)));
  return p;
}

/** The scenario's phases that give right of way to what this phase protects; to what it permits if none does. */
function sourcesOf(network: Network, i: number, { protectedMovements, permitted }: RingPhase): number[] {
  const giving = (movements: readonly number[], shown: number) =>
    phasesOf(network, i).filter((p) => movements.some((m) => shownTo(network, p, m) >= shown));
  const sources = giving(protectedMovements, SHOWN.protected);
  return sources.length > 0 ? sources : giving([...protectedMovements, ...permitted], SHOWN.permitted);
}

/**
 * The split of a ring phase, in steps. A group has the splits of the scenario's phases whose movements it
 * protects, a left turn that of the phase which protects it without its street's thru traffic, or the
 * shortest that does; the ring's last phase has what is left.
 */
function splitOf(
  network: Network,
  i: number,
  groups: readonly BarrierGroup[],
  g: number,
  ring: 0 | 1,
  k: number,
): number {
  const groupOf = (p: number) => {
    const protectedBy = (group: BarrierGroup) =>
      group.flat().reduce((sum, phase) => {
        return (
          sum + phase.protectedMovements.filter((m) => shownTo(network, p, m) === SHOWN.protected).length
        );
      }, 0);
    const counts = groups.map(protectedBy);
    return counts.indexOf(Math.max(...counts));
  };
  const total = phasesOf(network, i)
    .filter((p) => groupOf(p) === g)
    .reduce((sum, p) => sum + network.split[p]!, 0);
  const phases = groups[g]![ring];
  const splits = phases.slice(0, -1).map((phase) => {
    const sources = sourcesOf(network, i, phase).filter((p) => groupOf(p) === g);
    return Math.min(...sources.map((p) => network.split[p]!), total >> 1);
  });
  const left = total - splits.reduce((sum, split) => sum + split, 0);
  return k < splits.length ? splits[k]! : left;
}

/**
 * How much later the rings' cycle must begin, in steps, for the first street's thru green to begin when it
 * does in the scenario's plan: here left turns lead.
 */
function shiftOf(network: Network, i: number, groups: readonly BarrierGroup[]): number {
  const ring = groups[0]![0];
  const [thru] = sourcesOf(network, i, ring[ring.length - 1]!);
  // No phase of the scenario serves the street: there is nothing to begin in time.
  if (thru === undefined) return 0;
  let start = 0;
  for (const p of phasesOf(network, i)) {
    if (p === thru) break;
    start += network.split[p]!;
  }
  return start - (ring.length > 1 ? splitOf(network, i, groups, 0, 0, 0) : 0);
}

/**
 * Crosswalks that may walk with a phase: no thru or left movement that it or a phase of the other ring in
 * its group protects drives over them.
 */
function crosswalksOf(network: Network, i: number, phase: RingPhase, others: readonly RingPhase[]): number[] {
  const { crosswalks, movementFrom, movementTo, movementPriority } = network;
  if (isIdle(phase)) return [];
  const driving = [phase, ...others].flatMap((one) => one.protectedMovements);
  return Array.from({ length: crosswalks.count }, (_, c) => c).filter(
    (c) =>
      crosswalks.intersection[c] === i &&
      driving.every(
        (m) =>
          movementPriority[m] === 1 ||
          (movementFrom[m] !== crosswalks.roadIn[c] && movementTo[m] !== crosswalks.roadOut[c]),
      ),
  );
}

function crosswalkRow({ phaseCrosswalks }: Network, p: number): number[] {
  return Array.from(phaseCrosswalks.items.subarray(phaseCrosswalks.starts[p], phaseCrosswalks.starts[p + 1]));
}
