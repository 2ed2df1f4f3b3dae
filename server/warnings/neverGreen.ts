import type { Layout } from '../scenario/layout.ts';
import { movementWords } from '../scenario/movementWords.ts';
import { amount, quoted } from '../scenario/problem.ts';
import { expectedVehicles, routesOf } from './trips.ts';

/** So many movements are named. */
const NAMED_MAX = 6;

/** Movements of a layout that no phase shows green to, by their index in the whole layout. */
export type NeverGreen = readonly number[];

/**
 * Movements at signals that get no green under the plan of the file.
 *
 * @param planRuns  whether phases follow one another for their splits, so that one of 0 s is never shown; where
 *   controllers choose, each may be shown
 */
export function neverGreenInPlan({ intersections }: Layout, planRuns: boolean): NeverGreen {
  const never: number[] = [];
  let first = 0;
  for (const { movements, signal } of intersections) {
    if (signal !== null) {
      const alone = signal.phases.length === 1;
      const green = new Uint8Array(movements.length);
      for (const { greens, splitS } of signal.phases) {
        if (planRuns && splitS === 0 && !alone) continue;
        for (const { movement } of greens) green[movement] = 1;
      }
      for (let m = 0; m < movements.length; m++) {
        if (green[m] === 0 && movements[m]!.connectors.length > 0) never.push(first + m);
      }
    }
    first += movements.length;
  }
  return withoutTwins(never, intersections);
}

/** Of two movements between the same roads one green is enough: drivers take either. */
export function withoutTwins(never: NeverGreen, intersections: Layout['intersections']): NeverGreen {
  if (never.length === 0) return never;
  const red = new Set(never);
  const served = new Set<string>();
  const movements = intersections.flatMap((one) => one.movements);
  movements.forEach(({ from, to, connectors }, m) => {
    if (!red.has(m) && connectors.length > 0) served.add(`${from} ${to}`);
  });
  return never.filter((m) => !served.has(`${movements[m]!.from} ${movements[m]!.to}`));
}

/**
 * Says which movements never get green, and how many vehicles want them; `null` where all do.
 *
 * @param shownBy  `the plan of the file`, or the controller that runs
 */
export function neverGreenWarning(
  layout: Layout,
  never: NeverGreen,
  shownBy: string,
  durationS: number,
): string | null {
  if (never.length === 0) return null;
  const { intersections } = layout;
  const movements = intersections.flatMap(({ id, movements: own }) => own.map((one) => ({ ...one, at: id })));
  const ofPair = new Map(never.map((m) => [`${movements[m]!.from} ${movements[m]!.to}`, m]));
  const wanted = new Map<number, number>(never.map((m) => [m, 0]));
  let stuck = 0;
  for (const { roads, vehicles } of routesOf(layout, durationS)) {
    const passed = new Set<number>();
    for (let k = 1; k < roads.length; k++) {
      const m = ofPair.get(`${roads[k - 1]} ${roads[k]}`);
      if (m !== undefined) passed.add(m);
    }
    for (const m of passed) wanted.set(m, wanted.get(m)! + vehicles);
    if (passed.size > 0) stuck += vehicles;
  }
  const words = movementWords(layout);
  const rank = ([a, before]: [number, number], [b, after]: [number, number]) => after - before || a - b;
  const sorted = [...wanted].sort(rank);
  const isWanted = Math.round(stuck) > 0;
  // Of those that nobody wants the number is enough, unless there are no others.
  const worthNaming = sorted.filter(([, vehicles]) => !isWanted || Math.round(vehicles) > 0);
  const named = worthNaming.slice(0, NAMED_MAX).map(([m, vehicles]) => {
    const count = isWanted ? ` (${vehiclesText(vehicles)})` : '';
    return `${words[m]} at ${quoted(movements[m]!.at)}${count}`;
  });
  const further = worthNaming.length - named.length;
  const unwanted = sorted.length - worthNaming.length;
  const rest = [
    ...(further > 0 ? [`${amount(further)} more`] : []),
    ...(unwanted > 0 ? [`${amount(unwanted)} that no vehicle wants`] : []),
  ];
  const more = rest.length === 0 ? '' : `, and ${rest.join(', and ')}`;
  const subject =
    never.length === 1 ? 'a movement never gets' : `${amount(never.length)} movements never get`;
  const all = Math.round(expectedVehicles(layout, durationS));
  const harm = !isWanted
    ? `No vehicle wants ${never.length === 1 ? 'it' : 'them'}.`
    : `${amount(Math.round(stuck))} of ${amount(all)} vehicles want ${never.length === 1 ? 'it' : 'them'}, and cannot get through.`;
  return `${capital(subject)} green under ${shownBy}: ${named.join(', ')}${more}. ${harm} Give ${never.length === 1 ? 'it' : 'each of them'} green in a phase.`;
}

function vehiclesText(vehicles: number): string {
  const count = Math.round(vehicles);
  return `${amount(count)} ${count === 1 ? 'vehicle' : 'vehicles'}`;
}

function capital(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}
