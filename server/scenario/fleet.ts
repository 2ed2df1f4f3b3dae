import type { Layout } from './layout.ts';

/**
 * The layout with the vehicle types that its trips use, none of them faster than its fastest road.
 *
 * The reference model looks ahead by a type's maximum speed and knows no speed limit inside intersections,
 * so a car that could do 130 km/h would look 330 m ahead on a street of 50 km/h, and speed up across it.
 */
export function withFleet(layout: Layout): Layout {
  const { vehicleTypes, flows, origins, roads } = layout;
  const used = new Set<number>();
  for (const flow of flows) used.add(flow.vehicleType);
  for (const origin of origins) for (const { vehicleType } of origin.vehicleTypes) used.add(vehicleType);
  const kept = vehicleTypes.map((_, t) => t).filter((t) => used.has(t) || (used.size === 0 && t === 0));
  const index = new Map(kept.map((t, k) => [t, k]));
  let fastest = 0;
  for (const { lanes } of roads) for (const lane of lanes) fastest = Math.max(fastest, lane.speedLimit);
  return {
    ...layout,
    vehicleTypes: kept.map((t) => {
      const type = vehicleTypes[t]!;
      return { ...type, maxSpeed: Math.min(type.maxSpeed, fastest) };
    }),
    flows: flows.map((flow) => ({ ...flow, vehicleType: index.get(flow.vehicleType)! })),
    origins: origins.map((origin) => ({
      ...origin,
      vehicleTypes: origin.vehicleTypes.map((share) => ({
        ...share,
        vehicleType: index.get(share.vehicleType)!,
      })),
    })),
  };
}
