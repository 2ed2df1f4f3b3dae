import type { Figures } from '../protocol/session.ts';
import { summarize } from '../sim/summary.ts';
import { fullLanes } from './alarms.ts';
import type { World } from './world.ts';

/** What a side has come to by now. */
export function figuresOf({ sim, meter }: World): Figures {
  const { vehicles, averageDelayS, delayP95S, maxWaitS, stopsPerVehicle, averageQueue, throughputVph } =
    summarize(sim);
  return {
    created: vehicles.created,
    entered: vehicles.entered,
    finished: vehicles.finished,
    running: vehicles.running,
    waitingToEnter: vehicles.waitingToEnter,
    ...{ averageDelayS, delayP95S, longestWaitS: maxWaitS, stopsPerVehicle },
    queue: sim.measures!.queue,
    ...{ averageQueue, throughputVph },
    co2Kg: meter.co2G / 1000,
    spillbacks: fullLanes(sim, meter.laneCount).size,
  };
}
