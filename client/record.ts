import type { Alarm, Intervention, Sample, Status } from '../server/protocol/session.ts';

/** What has been told of a run so far: samples and alarms, in order of their steps. */
export interface Told {
  readonly samples: readonly Sample[];
  readonly alarms: readonly Alarm[];
}

export const NOTHING_TOLD: Told = { samples: [], alarms: [] };

/** Takes more in. Samples of a step that is there already replace it; alarms that are there already are dropped. */
export function withMore(told: Told, more: Told): Told {
  if (more.samples.length === 0 && more.alarms.length === 0) return told;
  return {
    samples: mergedSamples(told.samples, more.samples),
    alarms: mergedAlarms(told.alarms, more.alarms),
  };
}

function mergedSamples(old: readonly Sample[], more: readonly Sample[]): readonly Sample[] {
  if (more.length === 0) return old;
  const last = old.at(-1)?.step ?? -1;
  if (more[0]!.step > last) return [...old, ...more];
  const byStep = new Map([...old, ...more].map((sample) => [sample.step, sample]));
  return [...byStep.values()].sort((a, b) => a.step - b.step);
}

function mergedAlarms(old: readonly Alarm[], more: readonly Alarm[]): readonly Alarm[] {
  if (more.length === 0) return old;
  const known = new Set(old.map(alarmKey));
  const fresh = more.filter((alarm) => !known.has(alarmKey(alarm)));
  return [...old, ...fresh].sort((a, b) => a.step - b.step);
}

/** One alarm's own key among all of a run. */
export function alarmKey({ step, side, kind, begins, lanes, intersection, text }: Alarm): string {
  // Without a place, several of a kind may be told in one step.
  const place = lanes.length === 0 ? text : `${lanes.join(',')}.${intersection}`;
  return `${step}.${side}.${kind}.${begins}.${place}`;
}

/**
 * Whether something is missing: samples at the beginning, in between, or up to `knownStep`; or alarms.
 *
 * @param everySteps  steps between two samples
 */
export function isIncomplete(
  { samples, alarms }: Told,
  everySteps: number,
  { knownStep, alarmCount }: Pick<Status, 'knownStep' | 'alarmCount'>,
): boolean {
  let before = 0;
  for (const { step } of samples) {
    if (step - before > everySteps * 1.5) return true;
    before = step;
  }
  return alarms.length < alarmCount || knownStep - before > everySteps * 2.5;
}

/** What people have done to the road that holds at a step. Lanes by name. */
export interface RoadState {
  readonly closed: readonly string[];
  readonly incidents: readonly { readonly lane: string; readonly positionM: number }[];
}

export function roadStateAt(interventions: readonly Intervention[], step: number): RoadState {
  const closed = new Set<string>();
  const incidents = new Map<string, number>();
  for (const one of interventions) {
    if (one.step > step) continue;
    if (one.kind === 'close-lane') closed.add(one.lane);
    else if (one.kind === 'open-lane') closed.delete(one.lane);
    else if (one.kind === 'incident') incidents.set(one.lane, one.positionM);
    else incidents.delete(one.lane);
  }
  return {
    closed: [...closed],
    incidents: [...incidents].map(([lane, positionM]) => ({ lane, positionM })),
  };
}
