import type { Network } from '../sim/network.ts';
import { queueFigures } from '../sim/queueSurvey.ts';
import type { Simulation } from '../sim/simulation.ts';
import type { Survey } from '../sim/survey.ts';
import type { ApproachResult, MovementResult } from './runResult.ts';

/** Saturation flow of a lane, vehicles per hour of green: the HCM's base value, which the simulator's cars have. */
export const SATURATION_FLOW = 1900;

/**
 * What happened at each movement of signalised intersections.
 *
 * Capacity is that of its lanes: saturation flow × green ratio. Displayed green stands for effective green,
 * since start-up lost time and the used part of yellow are about equal. A lane that serves several movements
 * is apportioned by the vehicles that took each from it; one that nobody used is shared evenly. Nothing is
 * taken off for yielding: permitted turns have less than the figure says.
 */
export function movementResults({ network, step }: Simulation, survey: Survey): MovementResult[] {
  const { movementCount, movementIntersection, movementFrom, signalised, stepS } = network;
  const { crossed, served, delay } = survey.controlDelay;
  const { green } = survey.signals;
  const steps = Math.max(0, step - survey.fromStep);
  const hours = (steps * stepS) / 3600;
  const movements = connectorsByMovement(network);
  const results: MovementResult[] = [];
  for (let m = 0; m < movementCount; m++) {
    const intersection = movementIntersection[m]!;
    if (signalised[intersection] === 0) continue;
    let volume = 0;
    let left = 0;
    let lost = 0;
    let shown = 0;
    for (const c of movements[m]!) {
      volume += crossed[c]!;
      left += served[c]!;
      lost += delay[c]!;
      shown = Math.max(shown, green[c]!);
    }
    const greenRatio = steps === 0 ? 0 : shown / steps;
    const lanes = lanesOf(network, crossed, m);
    const capacityVph = SATURATION_FLOW * lanes * greenRatio;
    results.push({
      movement: m,
      intersection,
      approach: movementFrom[m]!,
      volume,
      controlDelayS: left === 0 ? 0 : lost / left,
      greenRatio,
      capacityVph,
      degreeOfSaturation: capacityVph === 0 ? 0 : volume / hours / capacityVph,
    });
  }
  return results;
}

function connectorsByMovement({ movementCount, connectorMovement, connectorFrom }: Network): number[][] {
  const rows = Array.from({ length: movementCount }, (): number[] => []);
  connectorMovement.forEach((m, c) => {
    if (connectorFrom[c]! >= 0) rows[m]?.push(c);
  });
  return rows;
}

/** Lanes of a movement, each counted by the movement's share of the vehicles that left it. */
function lanesOf(network: Network, crossed: Int32Array, movement: number): number {
  const { movementLanes, laneConnectors, connectorMovement } = network;
  let lanes = 0;
  for (let k = movementLanes.starts[movement]!; k < movementLanes.starts[movement + 1]!; k++) {
    const lane = movementLanes.items[k]!;
    const sharing = new Set<number>();
    let own = 0;
    let all = 0;
    for (let c = laneConnectors.starts[lane]!; c < laneConnectors.starts[lane + 1]!; c++) {
      const connector = laneConnectors.items[c]!;
      sharing.add(connectorMovement[connector]!);
      all += crossed[connector]!;
      if (connectorMovement[connector] === movement) own += crossed[connector]!;
    }
    lanes += all === 0 ? 1 / sharing.size : own / all;
  }
  return lanes;
}

/** The queue on each approach. */
export function approachResults({ network }: Simulation, { queues }: Survey): ApproachResult[] {
  return Array.from(queues.roads, (road, k) => {
    const { mean, p95, max } = queueFigures(
      queues.histogram,
      queues.histogramStart[k]!,
      queues.histogramStart[k + 1]!,
    );
    return {
      road,
      intersection: network.roadTo[road]!,
      queueMean: mean,
      queueP95: p95,
      queueMax: max,
      storage: storageOf(network, road),
      spillbackS: queues.spillback[k]! * network.stepS,
    };
  });
}

/** Vehicles that fit on a road: its lanes, each filled with vehicles of the mean length and gap of the demand. */
function storageOf(network: Network, road: number): number {
  const { roadLanes, elementLength } = network;
  const spacing = meanSpacing(network);
  let storage = 0;
  for (let k = roadLanes.starts[road]!; k < roadLanes.starts[road + 1]!; k++) {
    storage += Math.max(1, Math.floor(elementLength[roadLanes.items[k]!]! / spacing));
  }
  return storage;
}

/** Length and minimum gap of a vehicle, m: mean over flows and origins, each counted once. */
function meanSpacing({ types, flows, origins }: Network): number {
  const spacing = (t: number) => types.length[t]! + types.minGap[t]!;
  let sum = 0;
  for (let f = 0; f < flows.count; f++) sum += spacing(flows.type[f]!);
  for (let o = 0; o < origins.count; o++) {
    let before = 0;
    for (let k = origins.typeStarts[o]!; k < origins.typeStarts[o + 1]!; k++) {
      sum += (origins.typeShare[k]! - before) * spacing(origins.type[k]!);
      before = origins.typeShare[k]!;
    }
  }
  const count = flows.count + origins.count;
  return count === 0 ? spacing(0) : sum / count;
}
