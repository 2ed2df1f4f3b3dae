/** A figure that a run is judged by. */
export interface Measure {
  readonly id: string;
  readonly label: string;
  readonly unit: string;
  /** Which way is good; `null` for figures that only inform. */
  readonly better: 'lower' | 'higher' | null;
  /** Digits after the point when it is printed. */
  readonly digits: number;
  /** What it is exactly, for the report's notes. */
  readonly meaning: string;
  /** `run`: counted over the whole run; else from the end of the warm-up on. */
  readonly span?: 'run';
  readonly group: 'delay' | 'travel time' | 'queue' | 'fairness' | 'emissions' | 'safety' | 'pedestrians';
}

type Row = readonly [
  id: string,
  label: string,
  unit: string,
  better: Measure['better'],
  digits: number,
  meaning: string,
];

const DELAY: readonly Row[] = [
  [
    'controlDelayS',
    'Control delay',
    's/veh',
    'lower',
    1,
    'Delay caused by signals, summed over the signalised intersections of a trip: from reaching the approach to leaving the intersection, less the free-flow time, with the time still to be lost until the vehicle drives freely again. Waiting to enter counts for the first one. Mean over the vehicles created after the warm-up, unfinished trips so far.',
  ],
  [
    'averageDelayS',
    'Delay',
    's/veh',
    'lower',
    1,
    'Time since creation less the free-flow time of the way made, waiting to enter included. Mean over the vehicles created after the warm-up, unfinished trips so far.',
  ],
  ['delayP95S', 'Delay, 95th percentile', 's', 'lower', 1, 'Delay that 95 % of the vehicles do not exceed.'],
  [
    'stopsPerVehicle',
    'Stops',
    'per veh',
    'lower',
    2,
    'How often a vehicle slows down below 0.1 m/s; standing at entry is no stop.',
  ],
];

const TRAVEL_TIME: readonly Row[] = [
  [
    'averageTravelTimeS',
    'Travel time, all vehicles',
    's',
    'lower',
    1,
    "From creation to the finish or the end of the run, waiting to enter included: CityFlow's average travel time.",
  ],
  [
    'averageApproachTimeS',
    'Travel time on approaches',
    's',
    'lower',
    1,
    "Time on approaches, summed over a trip: the literature's average travel time. Waiting to enter, intersections and the last road do not count.",
  ],
  [
    'finishedTravelTimeS',
    'Travel time, finished vehicles',
    's',
    'lower',
    1,
    'From creation to the finish, of the vehicles that finished.',
  ],
  [
    'throughputVph',
    'Throughput',
    'veh/h',
    'higher',
    0,
    'Vehicles that finished, per hour of the whole run, the warm-up included: all runs of a seed begin empty and have the same arrivals, so what differs is what was served. Counted from the end of the warm-up it would be more where a backlog is left to clear.',
  ],
  [
    'dischargeVph',
    'Discharge after the warm-up',
    'veh/h',
    null,
    0,
    'Vehicles that finished after the warm-up, per hour. It informs only: who has left a backlog discharges more.',
  ],
];

const QUEUE: readonly Row[] = [
  [
    'averageQueue',
    'Queue',
    'veh',
    'lower',
    1,
    'Vehicles standing on all approaches together, mean over the time.',
  ],
  [
    'queueP95',
    'Queue, 95th percentile',
    'veh',
    'lower',
    0,
    'Vehicles standing on all approaches together, not exceeded for 95 % of the time.',
  ],
  [
    'queueMaxShare',
    'Longest queue ÷ storage',
    '',
    'lower',
    2,
    'The highest share that the longest queue of an approach had of the vehicles that fit there.',
  ],
  [
    'spillbackS',
    'Spillback',
    's',
    'lower',
    0,
    'Time for which a lane was full to its upstream end, summed over the approaches.',
  ],
  [
    'unservedVehicles',
    'Unserved vehicles',
    'veh',
    'lower',
    0,
    'Vehicles on the network or waiting to enter it at the end of the run.',
  ],
];

const FAIRNESS: readonly Row[] = [
  [
    'maxWaitS',
    'Longest wait',
    's',
    'lower',
    0,
    'The longest that a vehicle created after the warm-up stood on one approach, or waited to enter.',
  ],
  [
    'giniDelay',
    'Gini index of delay',
    '',
    'lower',
    3,
    'Inequality of delay among the vehicles: 0 when all have the same, near 1 when one has all.',
  ],
];

const OUTSIDE = 'Vehicles that wait to enter idle.';

const EMISSIONS: readonly Row[] = [
  [
    'hbefaCo2Kg',
    'CO2, HBEFA3',
    'kg',
    'lower',
    1,
    `All vehicles after the warm-up, by the polynomials that SUMO fitted to HBEFA 3.1; it has cars idle at three to four times what they emit, and so favours few stops. Motorcycles count as cars. ${OUTSIDE}`,
  ],
  ['hbefaNoxG', 'NOx, HBEFA3', 'g', 'lower', 1, `As CO2, HBEFA3. ${OUTSIDE}`],
  ['hbefaPmG', 'PM, HBEFA3', 'g', 'lower', 2, `As CO2, HBEFA3. ${OUTSIDE}`],
  [
    'hbefaFuelL',
    'Fuel, HBEFA3',
    'L',
    'lower',
    1,
    `As CO2, HBEFA3; petrol 742 g/L, diesel 836 g/L. ${OUTSIDE}`,
  ],
  ['arrbCo2Kg', 'CO2, ARRB', 'kg', 'lower', 1, `Fuel, ARRB, at 2.35 kg of CO2 a litre. ${OUTSIDE}`],
  [
    'arrbFuelL',
    'Fuel, ARRB',
    'L',
    'lower',
    1,
    `The power-based model of Bowyer, Akçelik and Biggs (1985) for a car of 1200 kg; all vehicles count as that car. ${OUTSIDE}`,
  ],
];

const SAFETY: readonly Row[] = [
  [
    'ttcConflicts',
    'Conflicts',
    '',
    'lower',
    0,
    'Times that the time to collision of a vehicle with the one ahead of it on its lane fell below 1.5 s, at more than 10 mph.',
  ],
  [
    'hardBrakings',
    'Hard brakings',
    '',
    'lower',
    0,
    'Times that a vehicle began to brake harder than 3.35 m/s².',
  ],
  [
    'dilemmaVehicles',
    'Vehicles in the dilemma zone',
    'veh',
    'lower',
    0,
    'Vehicles that, when yellow came on, could neither stop at 3.05 m/s² after 1 s nor clear the intersection at their speed before the end of red clearance.',
  ],
  [
    'indecisionVehicles',
    'Vehicles in the indecision zone',
    'veh',
    'lower',
    0,
    'Vehicles that were 2.5 to 5.5 s of travel from the stop line when yellow came on.',
  ],
  [
    'redCrossings',
    'Crossings at red',
    '',
    'lower',
    0,
    'Stop lines crossed at red, by vehicles that could not stop.',
  ],
];

const PEDESTRIANS: readonly Row[] = [
  [
    'pedestrianDelayS',
    'Pedestrian delay',
    's/person',
    'lower',
    1,
    'Wait of people on foot from coming to the kerb until walk begins; over the whole run, the warm-up included, unfinished waits so far.',
  ],
  [
    'pedestrianMaxWaitS',
    'Longest wait on foot',
    's',
    'lower',
    0,
    'The longest that anybody on foot waited for walk, over the whole run.',
  ],
];

const GROUPS: readonly (readonly [Measure['group'], readonly Row[]])[] = [
  ['delay', DELAY],
  ['travel time', TRAVEL_TIME],
  ['queue', QUEUE],
  ['fairness', FAIRNESS],
  ['emissions', EMISSIONS],
  ['safety', SAFETY],
  ['pedestrians', PEDESTRIANS],
];

/** Measures that are counted over the whole run. */
const WHOLE_RUN = new Set(['throughputVph', 'unservedVehicles', 'pedestrianDelayS', 'pedestrianMaxWaitS']);

/** All figures, in the order in which a report lists them. */
export const MEASURES: readonly Measure[] = GROUPS.flatMap(([group, rows]) =>
  rows.map(([id, label, unit, better, digits, meaning]) => ({
    ...{ id, label, unit, better, digits, meaning },
    group,
    ...(WHOLE_RUN.has(id) ? { span: 'run' as const } : {}),
  })),
);
