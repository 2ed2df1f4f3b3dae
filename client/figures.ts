import type { Figures } from '../server/protocol/session.ts';
import { fixed, signed, signedPercent } from './format.ts';

/** A figure that sides are compared by. */
export interface Measure {
  readonly key: string;
  readonly label: string;
  /** Where there is little room, and none for the unit. */
  readonly short?: string;
  readonly unit: string;
  readonly digits: number;
  readonly isMoreBetter: boolean;
  /** What it is and how it is worked out. */
  readonly definition: string;
  /** `null`: there is nothing to tell it of. */
  readonly read: (figures: Figures) => number | null;
}

const ofVehicles = (figures: Figures, value: number) => (figures.created === 0 ? null : value);

export const MEASURES: readonly Measure[] = [
  {
    key: 'delay',
    label: 'Mean delay',
    unit: 's',
    digits: 1,
    isMoreBetter: false,
    definition:
      'Time since a vehicle was due, less the time that an empty road would have taken for the way it has come; waiting to enter counts. Mean over all vehicles so far.',
    read: (f) => ofVehicles(f, f.averageDelayS),
  },
  {
    key: 'p95',
    label: 'Delay, 95th percentile',
    short: 'Delay, 95th pct.',
    unit: 's',
    digits: 0,
    isMoreBetter: false,
    definition: 'Nineteen of twenty vehicles so far were delayed by no more than so many seconds.',
    read: (f) => ofVehicles(f, f.delayP95S),
  },
  {
    key: 'stops',
    label: 'Stops per vehicle',
    unit: '',
    digits: 2,
    isMoreBetter: false,
    definition:
      'How often a vehicle came to a halt, mean over those that entered; the start at entry is none.',
    read: (f) => (f.entered === 0 ? null : f.stopsPerVehicle),
  },
  {
    key: 'throughput',
    label: 'Throughput',
    unit: 'veh/h',
    digits: 0,
    isMoreBetter: true,
    definition: 'Vehicles that have finished their trip, per hour of the run so far.',
    read: (f) => (f.finished === 0 ? null : f.throughputVph),
  },
  {
    key: 'queue',
    label: 'Queue now',
    short: 'Queue now',
    unit: 'veh',
    digits: 0,
    isMoreBetter: false,
    definition: 'Vehicles that stand on approaches to signals at this moment.',
    read: (f) => ofVehicles(f, f.queue),
  },
  {
    key: 'wait',
    label: 'Longest wait',
    unit: 's',
    digits: 0,
    isMoreBetter: false,
    definition: 'The longest that anyone has stood on one approach so far, or waited to enter.',
    read: (f) => ofVehicles(f, f.longestWaitS),
  },
  {
    key: 'spillbacks',
    label: 'Spillbacks now',
    short: 'Spillbacks',
    unit: 'lanes',
    digits: 0,
    isMoreBetter: false,
    definition:
      'Lanes that are full to their upstream end at this moment, so that they hold up the intersection before.',
    read: (f) => ofVehicles(f, f.spillbacks),
  },
  {
    key: 'co2',
    label: 'CO₂ so far',
    unit: 'kg',
    digits: 0,
    isMoreBetter: false,
    definition:
      'What all vehicles have emitted since the start, by an emission model of speed and acceleration: good for comparing sides, not for an inventory.',
    read: (f) => (f.entered === 0 ? null : f.co2Kg),
  },
];

export interface Against {
  readonly word: 'better' | 'worse' | 'same';
  readonly arrow: '▲' | '▼' | '=';
  /** `−21.1 s` */
  readonly by: string;
  /** `−18 %`; nothing where the base is 0. */
  readonly share: string;
}

/** A value against another's, as shown: what looks the same is called the same. `null` where one is missing. */
export function against(measure: Measure, base: number | null, value: number | null): Against | null {
  if (base === null || value === null) return null;
  const difference = Number(value.toFixed(measure.digits)) - Number(base.toFixed(measure.digits));
  if (Number(difference.toFixed(measure.digits)) === 0)
    return { word: 'same', arrow: '=', by: fixed(0, measure.digits), share: '' };
  return {
    word: difference > 0 === measure.isMoreBetter ? 'better' : 'worse',
    arrow: difference > 0 ? '▲' : '▼',
    by: signed(difference, measure.digits),
    share: base === 0 ? '' : signedPercent((value - base) / base),
  };
}
