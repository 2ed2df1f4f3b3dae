import { DEAD_END, type Network, NONE } from './network.ts';

/** Puts a lane behind all lanes without this: no road has as many. */
export const LAST = 1 << 24;

/**
 * The connector a driver takes from `lane`, on the road at `position` of its route; NONE at the
 * route's end, DEAD_END where the route continues but no connector leads on.
 *
 * Of the connectors into the next road, those count whose lane leads on into the road after it; the
 * one whose lane is nearest to the present lane's rank is taken, the first of equals. So lanes are
 * chosen inside intersections, and no lane change is needed. (CityFlow's rule.) Closed lanes come after all
 * that are open.
 *
 * @param closed  by element: 1 for a closed lane; `null` where none was ever closed
 */
export function connectorFrom(
  network: Network,
  lane: number,
  route: number,
  position: number,
  closed: Uint8Array | null,
): number {
  const { routes, laneConnectors, connectorTo, elementRoad, elementRank } = network;
  const at = routes.starts[route] + position;
  const end = routes.starts[route + 1];
  if (at + 1 >= end) return NONE;
  const road = routes.items[at + 1];
  const roadAfter = at + 2 < end ? routes.items[at + 2] : NONE;
  let chosen = DEAD_END;
  let chosenShift = 0;
  for (let k = laneConnectors.starts[lane]; k < laneConnectors.starts[lane + 1]; k++) {
    const connector = laneConnectors.items[k];
    const to = connectorTo[connector];
    if (elementRoad[to] !== road) continue;
    if (roadAfter !== NONE && !leadsTo(network, to, roadAfter)) continue;
    let shift = Math.abs(elementRank[to] - elementRank[lane]);
    if (closed !== null && closed[to] === 1) shift += LAST;
    if (chosen === DEAD_END || shift < chosenShift) {
      chosen = connector;
      chosenShift = shift;
    }
  }
  return chosen;
}

/** Whether some connector leads from `lane` into `road`. */
export function leadsTo(network: Network, lane: number, road: number): boolean {
  const { laneConnectors, connectorTo, elementRoad } = network;
  for (let k = laneConnectors.starts[lane]; k < laneConnectors.starts[lane + 1]; k++) {
    if (elementRoad[connectorTo[laneConnectors.items[k]]] === road) return true;
  }
  return false;
}
