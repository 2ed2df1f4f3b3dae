/** A number that a policy sees, and what it means. */
export interface Feature {
  readonly name: string;
  readonly unit: string;
  readonly meaning: string;
  /** What it is called in a sentence; of a lane's, … stands for its movements. */
  readonly words: string;
  /** The most it can be, where something bounds it; the least is 0. */
  readonly high?: number;
}

/** By when moving vehicles would reach the stop line at the speed limit, s; the last group is beyond. */
export const REACH_S = [5, 10, 15, 25] as const;

/**
 * What is known of a lane. A phase's feature is the sum over the lanes that it serves, each times its service:
 * 1 with right of way or for a right turn that yields, `PERMITTED_LEFT` for other movements that yield.
 */
export const LANE_FEATURES: readonly Feature[] = [
  { name: 'queue', unit: 'veh', meaning: 'vehicles standing on the lane', words: 'the standing queue of …' },
  {
    name: 'within5',
    unit: 'veh',
    meaning: 'moving vehicles less than 5 s from the stop line',
    words: 'vehicles of … less than 5 s away',
  },
  {
    name: 'within10',
    unit: 'veh',
    meaning: 'moving vehicles 5 to 10 s from the stop line',
    words: 'vehicles of … 5 to 10 s away',
  },
  {
    name: 'within15',
    unit: 'veh',
    meaning: 'moving vehicles 10 to 15 s from the stop line',
    words: 'vehicles of … 10 to 15 s away',
  },
  {
    name: 'within25',
    unit: 'veh',
    meaning: 'moving vehicles 15 to 25 s from the stop line',
    words: 'vehicles of … 15 to 25 s away',
  },
  {
    name: 'beyond',
    unit: 'veh',
    meaning: 'moving vehicles farther away, on the same road',
    words: 'vehicles of … farther away',
  },
  {
    name: 'exitQueue',
    unit: 'veh',
    meaning: 'vehicles standing on a lane of the exit, mean over its lanes',
    words: 'the queue on the exit of …',
  },
  {
    name: 'exitFull',
    unit: '1',
    meaning: 'share of the exit’s room that is taken, beyond one half',
    words: 'the full exit of …',
  },
  {
    name: 'wait',
    unit: '20 s',
    meaning: 'how much longer than at the speed limit the first vehicle has been on the lane',
    words: 'the wait of the first vehicle of …',
  },
  {
    name: 'served',
    unit: 'veh/10 s',
    meaning: 'vehicles that the phase could discharge until it can be ended again',
    words: 'what can be discharged of …',
  },
];

/** What is known of a phase beside its lanes. */
export const PHASE_FEATURES: readonly Feature[] = [
  {
    name: 'present',
    unit: '1',
    meaning: '1 for the phase that is green',
    words: 'being green already',
    high: 1,
  },
  {
    name: 'changeTime',
    unit: '5 s',
    meaning: 'for the phase that is green: what leaving it would cost in change intervals',
    words: 'what a change would cost',
  },
  {
    name: 'age',
    unit: '20 s',
    meaning: 'for the phase that is green: for how long, 60 s at most',
    words: 'how long it has been green',
    high: 3,
  },
  {
    name: 'interval',
    unit: '10 s',
    meaning: 'for the phase that is green: time until the next decision',
    words: 'the time until the next decision',
  },
  {
    name: 'longWait',
    unit: '400 s²',
    meaning: 'square of how far the longest wait among its lanes exceeds 60 s, up to 120 s',
    words: 'the longest wait there',
  },
  {
    name: 'commitment',
    unit: '15 s',
    meaning: 'for other phases: time until they could be ended again',
    words: 'how long it would have to stay',
  },
];

/** How much of a lane's traffic a permitted left turn is taken to serve. */
export const PERMITTED_LEFT = 0.4;

/**
 * All that a policy sees of a phase, in the order of `Observer.inputs`: lane features twice, so that each may have a
 * weight of its own for the phase that is green; the block that does not apply is 0.
 */
export const INPUT_FEATURES: readonly Feature[] = [
  ...LANE_FEATURES.map((feature) => ({ ...feature, name: `red.${feature.name}` })),
  ...LANE_FEATURES.map((feature) => ({ ...feature, name: `green.${feature.name}` })),
  ...PHASE_FEATURES,
];

/**
 * The words for a feature, by its name.
 *
 * @param place  the movements of a lane's feature
 */
export function wordsOf(name: string, place = ''): string {
  const found = [...LANE_FEATURES, ...PHASE_FEATURES].find((feature) => feature.name === name);
  return (found?.words ?? name).replace('…', place);
}

/** `a`, `a and b`, `a, b and c` */
export function listed(names: readonly string[]): string {
  const last = names.at(-1) ?? '';
  return names.length < 2 ? last : `${names.slice(0, -1).join(', ')} and ${last}`;
}
