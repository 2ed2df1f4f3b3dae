import { type Network, PRIORITY } from './network.ts';

/** A straight way through signals: roads one after another, each an approach to a signalised intersection. */
export interface Corridor {
  readonly roads: readonly number[];
  /** By road: the movement that goes on from it; the last one leads out of the corridor. */
  readonly movements: readonly number[];
}

/**
 * The longest chain of thru movements from signal to signal, each once; the longest in metres of those with
 * as many signals, and the first of equals. `null` where no two signals follow one another.
 */
export function longestCorridor(network: Network): Corridor | null {
  const { movementCount, movementIntersection, movementPriority, signalised } = network;
  let best: Corridor | null = null;
  let bestLength = 0;
  const onward = new Map<number, number[]>(); // by road: the thru movements that leave it at a signal
  for (let m = 0; m < movementCount; m++) {
    if (movementPriority[m] !== PRIORITY.thru || signalised[movementIntersection[m]] === 0) continue;
    const road = network.movementFrom[m];
    onward.set(road, [...(onward.get(road) ?? []), m]);
  }
  for (const start of onward.keys()) {
    const chain = chainFrom(network, onward, start);
    const length = chain.roads.reduce((sum, road) => sum + roadLength(network, road), 0);
    const signals = chain.roads.length;
    const most = best?.roads.length ?? 1;
    if (signals > most || (signals === most && best !== null && length > bestLength)) {
      best = chain;
      bestLength = length;
    }
  }
  return best;
}

/** Follows the first thru movement of each road until there is none, or the way comes round. */
function chainFrom(
  network: Network,
  onward: ReadonlyMap<number, readonly number[]>,
  start: number,
): Corridor {
  const roads: number[] = [];
  const movements: number[] = [];
  const passed = new Set<number>();
  let road = start;
  while (true) {
    const m = onward.get(road)?.[0];
    if (m === undefined || passed.has(network.movementIntersection[m])) break;
    passed.add(network.movementIntersection[m]);
    roads.push(road);
    movements.push(m);
    road = network.movementTo[m];
  }
  return { roads, movements };
}

/** Length of a road, m: of its innermost lane. */
export function roadLength({ roadLanes, elementLength }: Network, road: number): number {
  return elementLength[roadLanes.items[roadLanes.starts[road]]];
}

/** Connectors of a movement. */
export function connectorsOf(network: Network, movement: number): number[] {
  const { connectors, connectorMovement, movementIntersection } = network;
  const i = movementIntersection[movement];
  return Array.from(connectors.items.subarray(connectors.starts[i], connectors.starts[i + 1])).filter(
    (c) => connectorMovement[c] === movement,
  );
}

/** Way across the intersection, m: mean over the movement's connectors; 0 without any. */
export function crossingLength(network: Network, movement: number): number {
  const all = connectorsOf(network, movement);
  return all.length === 0 ? 0 : all.reduce((sum, c) => sum + network.elementLength[c], 0) / all.length;
}

/** An element of the corridor: where it begins, and how far one of its metres goes. */
export interface CorridorElement {
  readonly element: number;
  readonly startM: number;
  readonly scale: number;
}

/**
 * All lanes and connectors of a corridor, laid along one axis that begins with the first road. Lanes of a
 * road, and connectors of a movement, may differ in length; each is stretched to the same.
 */
export function corridorElements(
  network: Network,
  { roads, movements }: Corridor,
): { readonly elements: readonly CorridorElement[]; readonly stopLineM: readonly number[] } {
  const { roadLanes, elementLength } = network;
  const elements: CorridorElement[] = [];
  const stopLineM: number[] = [];
  let at = 0;
  roads.forEach((road, k) => {
    const length = roadLength(network, road);
    for (const lane of roadLanes.items.subarray(roadLanes.starts[road], roadLanes.starts[road + 1])) {
      elements.push({ element: lane, startM: at, scale: length / elementLength[lane] });
    }
    at += length;
    stopLineM.push(at);
    const across = crossingLength(network, movements[k]);
    for (const c of connectorsOf(network, movements[k])) {
      elements.push({ element: c, startM: at, scale: elementLength[c] > 0 ? across / elementLength[c] : 0 });
    }
    at += across;
  });
  return { elements, stopLineM };
}
