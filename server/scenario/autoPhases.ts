import type { Crossing, CrossingMovement } from './crossing.ts';

/** A phase before its times are known. */
export interface PhaseGreens {
  readonly id: string;
  readonly greens: readonly Green[];
}

export interface Green {
  readonly movement: number;
  readonly permitted: boolean;
}

/**
 * A plan for an intersection whose author gave none; empty if nothing conflicts.
 *
 * Approaches that face each other share a phase: thru protected, right permitted, and left permitted
 * where it shares a lane. Lefts with a lane of their own get a protected phase after it. An approach
 * that faces nobody has a phase for itself. The east-west street comes first.
 */
export function autoPhases(crossing: Crossing): PhaseGreens[] {
  if (!crossing.conflict.some((row) => row.includes(true))) return [];
  const phases: PhaseGreens[] = [];
  for (const group of groupsOfApproaches(crossing)) {
    const [a, b] = group;
    const shared = b === undefined ? null : facingPhases(crossing, a!, b);
    phases.push(...(shared ?? group.map((approach) => singlePhase(crossing, approach))));
  }
  return phases.filter((phase) => phase.greens.length > 0);
}

/** Pairs of movements of one phase that conflict though both are protected. */
export function protectedConflicts(crossing: Crossing, greens: readonly Green[]): [number, number][] {
  const pairs: [number, number][] = [];
  for (let j = 0; j < greens.length; j++) {
    for (let k = j + 1; k < greens.length; k++) {
      if (greens[j]!.permitted || greens[k]!.permitted) continue;
      if (crossing.conflict[greens[j]!.movement]![greens[k]!.movement]) {
        pairs.push([greens[j]!.movement, greens[k]!.movement]);
      }
    }
  }
  return pairs;
}

function groupsOfApproaches(crossing: Crossing): number[][] {
  const { opposite, approachNames } = crossing;
  // In the order of the movements, which is clockwise from north.
  const order = [...new Set(crossing.movements.map((movement) => movement.approach))];
  const grouped = new Set<number>();
  const groups: number[][] = [];
  for (const a of order) {
    if (grouped.has(a)) continue;
    const b = opposite[a]!;
    const facing = b >= 0 && b !== a && opposite[b] === a && !grouped.has(b);
    groups.push(facing ? [a, b] : [a]);
    for (const approach of groups[groups.length - 1]!) grouped.add(approach);
  }
  const alongX = (group: number[]) => (group.some((a) => /^(east|west)/.test(approachNames[a]!)) ? 0 : 1);
  return groups
    .map((group, k) => ({ group, k }))
    .sort((p, q) => alongX(p.group) - alongX(q.group) || p.k - q.k)
    .map(({ group }) => group);
}

/** One or two phases for a pair of facing approaches; `null` if they cannot share a phase safely. */
function facingPhases(crossing: Crossing, a: number, b: number): PhaseGreens[] | null {
  const street = `${crossing.approachNames[a]}-${crossing.approachNames[b]}`;
  const thru: Green[] = [];
  const left: Green[] = [];
  const leftApproaches = new Set<number>();
  crossing.movements.forEach((movement, m) => {
    if (movement.approach !== a && movement.approach !== b) return;
    if (movement.turn === 'thru') thru.push({ movement: m, permitted: false });
    if (movement.turn === 'right') thru.push({ movement: m, permitted: true });
    if (movement.turn !== 'left') return;
    const lanes = lanesOf(crossing, movement);
    if (lanes.some((turns) => turns.length > 1)) thru.push({ movement: m, permitted: true });
    if (lanes.some((turns) => turns.length === 1)) {
      left.push({ movement: m, permitted: false });
      leftApproaches.add(movement.approach);
    }
  });
  if (leftApproaches.size === 1) {
    // The one left turn has the street to itself: the rest of its approach goes along.
    for (const { movement, permitted } of [...thru]) {
      if (leftApproaches.has(crossing.movements[movement]!.approach)) left.push({ movement, permitted });
    }
  }
  const phases = [{ id: `${street}-thru`, greens: thru }];
  if (left.length > 0) phases.push({ id: `${street}-left`, greens: withoutRepeats(left) });
  return phases.some(({ greens }) => protectedConflicts(crossing, greens).length > 0) ? null : phases;
}

function singlePhase(crossing: Crossing, approach: number): PhaseGreens {
  const greens: Green[] = [];
  crossing.movements.forEach((movement, m) => {
    if (movement.approach === approach) greens.push({ movement: m, permitted: false });
  });
  return { id: crossing.approachNames[approach]!, greens };
}

function lanesOf(crossing: Crossing, movement: CrossingMovement) {
  return crossing.laneTurns[movement.approach]!.filter((turns) => turns.includes(movement.turn));
}

function withoutRepeats(greens: readonly Green[]): Green[] {
  return greens.filter((green, k) => greens.findIndex((other) => other.movement === green.movement) === k);
}
