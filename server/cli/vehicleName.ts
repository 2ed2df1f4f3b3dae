import type { Compiled, Names } from '../scenario/compile.ts';

/** `flow_3_0`: what a vehicle belongs to, and how many came before it there. */
export function vehicleName({ flow, origin }: Names, source: number, rank: number): string {
  return `${source < flow.length ? flow[source]! : origin[source - flow.length]!}_${rank}`;
}

/** The first columns of every trips.csv: who it is, and between which roads it drives. */
export const VEHICLE_HEADING = ['vehicle', 'vehicleType', 'originRoad', 'destinationRoad'] as const;

export function vehicleCells(
  { names, network }: Compiled,
  source: number,
  rank: number,
  vehicleType: number,
  route: number,
): [string, string, string, string] {
  const { starts, items } = network.routes;
  return [
    vehicleName(names, source, rank),
    names.vehicleType[vehicleType]!,
    names.road[items[starts[route]!]!]!,
    names.road[items[starts[route + 1]! - 1]!]!,
  ];
}
