import type { Measure } from '../../server/report/measureList.ts';
import type { MovementResult, RunResult } from '../../server/report/runResult.ts';

/** Runs with chosen figures and nothing else, for what is computed from figures. */

export const DELAY: Measure = {
  id: 'controlDelayS',
  label: 'Mean control delay',
  unit: 's',
  better: 'lower',
  digits: 1,
  meaning: 'time lost to signals',
  group: 'delay',
};
export const SERVED: Measure = {
  id: 'served',
  label: 'Vehicles served',
  unit: 'veh',
  better: 'higher',
  digits: 0,
  meaning: 'vehicles that finished',
  group: 'travel time',
};
export const VOLUME: Measure = {
  id: 'volume',
  label: 'Volume',
  unit: 'veh',
  better: null,
  digits: 0,
  meaning: 'vehicles that came',
  group: 'delay',
};

/** One run with these figures. */
export function plainRun(
  controller: string,
  seed: number,
  measures: Readonly<Record<string, number>>,
  movements: readonly MovementResult[] = [],
): RunResult {
  const none = new Float64Array(0);
  const nobody = new Int32Array(0);
  return {
    ...{ controller, seed, fingerprint: '0x00000000', warmupS: 0, durationS: 600, measures, movements },
    ...{ whole: {}, presentAtWarmupEnd: 0, warnings: [], approaches: [] },
    series: { intervalS: 60, controlDelayS: none, queue: none, present: none, finished: none },
    trips: {
      ...{ count: 0, route: nobody, vehicleType: nobody, source: nobody, rank: nobody },
      ...{ createdS: none, enteredS: none, finishedS: none, delayS: none, controlDelayS: none },
      ...{ stops: nobody, longestWaitS: none },
    },
    trace: null,
  };
}

/** A run of each controller on seeds 1, 2, 3, … with these delays. */
export function runsWithDelays(delays: Readonly<Record<string, readonly number[]>>): RunResult[] {
  return Object.entries(delays).flatMap(([controller, values]) =>
    values.map((controlDelayS, k) => plainRun(controller, k + 1, { controlDelayS })),
  );
}

export function movementOf(
  movement: number,
  volume: number,
  controlDelayS: number,
  rest: Partial<MovementResult> = {},
): MovementResult {
  const usual = { intersection: 0, approach: 0, greenRatio: 0.5, capacityVph: 900, degreeOfSaturation: 0.5 };
  return { movement, volume, controlDelayS, ...usual, ...rest };
}
