import type { Flow, Layout, Origin } from '../scenario/layout.ts';

/** How many vehicles a flow brings before the end of a run. */
export function flowVehicles({ startS, endS, intervalS }: Flow, durationS: number): number {
  if (startS >= durationS || (endS >= 0 && endS < startS)) return 0;
  // A vehicle that is due at the very end has no step to enter in.
  const last = endS < 0 ? durationS : endS;
  const spans = Math.floor((Math.min(last, durationS) - startS) / intervalS + 1e-9);
  const dueAtTheEnd = startS + spans * intervalS >= durationS;
  return spans + (dueAtTheEnd && spans > 0 ? 0 : 1);
}

/** How many vehicles an origin is expected to bring before the end of a run: a mean, no whole number. */
export function originVehicles({ profile }: Origin, durationS: number): number {
  return profile.reduce((sum, { startS, endS, flowVph }) => {
    return sum + (flowVph * Math.max(0, Math.min(endS, durationS) - startS)) / 3600;
  }, 0);
}

/** How many vehicles a layout is expected to bring. */
export function expectedVehicles({ flows, origins }: Layout, durationS: number): number {
  let sum = 0;
  for (const flow of flows) sum += flowVehicles(flow, durationS);
  for (const origin of origins) sum += originVehicles(origin, durationS);
  return sum;
}

/** Every route with the vehicles that are expected to drive it. */
export function* routesOf(
  { flows, origins }: Layout,
  durationS: number,
): Generator<{ readonly roads: readonly number[]; readonly vehicles: number }> {
  for (const flow of flows) yield { roads: flow.route, vehicles: flowVehicles(flow, durationS) };
  for (const origin of origins) {
    const vehicles = originVehicles(origin, durationS);
    for (const { roads, share } of origin.routes) yield { roads, vehicles: vehicles * share };
  }
}
