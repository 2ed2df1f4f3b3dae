import { levelOfService } from '../control/hcm.ts';
import type { Service } from '../protocol/question.ts';
import type { Simulation } from '../sim/simulation.ts';
import type { World } from './world.ts';

/** Mean control delay of those that have left an intersection so far, s; `null`: nobody has, or there is no signal. */
export function controlDelayAt({ network, survey }: Simulation, i: number): number | null {
  if (network.signalised[i] === 0) return null;
  const { connectors } = network;
  const { served, delay } = survey!.controlDelay;
  let vehicles = 0;
  let seconds = 0;
  for (let k = connectors.starts[i]!; k < connectors.starts[i + 1]!; k++) {
    vehicles += served[connectors.items[k]!]!;
    seconds += delay[connectors.items[k]!]!;
  }
  return vehicles === 0 ? null : seconds / vehicles;
}

export function levelOf(controlDelayS: number | null): string | null {
  return controlDelayS === null ? null : levelOfService(controlDelayS);
}

export function serviceOf(worlds: readonly World[]): Service {
  const controlDelayS = worlds.map(({ sim }) =>
    Array.from({ length: sim.network.intersectionCount }, (_, i) => controlDelayAt(sim, i)),
  );
  return {
    step: worlds[0]!.sim.step,
    controlDelayS: controlDelayS.map((side) => side.map((delay) => (delay === null ? null : tenths(delay)))),
    levelOfService: controlDelayS.map((side) => side.map(levelOf)),
  };
}

function tenths(seconds: number): number {
  return Math.round(seconds * 10) / 10;
}
