import type { Alarm, Intervention } from '../../server/protocol/session.ts';
import { chooseIntersection, chooseLane, chooseSide } from '../choosing.ts';
import { seek } from '../commands.ts';
import { clock } from '../format.ts';
import { alarmKey } from '../record.ts';
import { letterOf } from '../sides.ts';
import { laneByName, map, session, step as stepNow, stepS, told } from '../state.ts';
import { SideBadge } from './sideBadge.tsx';

interface Event {
  readonly key: string;
  readonly step: number;
  /** `null`: of all sides. */
  readonly side: number | null;
  readonly kind: string;
  readonly text: string;
  readonly choose: () => void;
}

const SHOWN_MAX = 300;

/** What happened, and after going back what is going to, last first; a click goes there in time and place. */
export function EventLog() {
  const { warnings = [], interventions = [] } = session.value ?? {};
  const { value: now } = stepNow;
  const events = [...told.value.alarms.map(ofAlarm), ...interventions.map(ofIntervention)]
    .sort((a, b) => b.step - a.step)
    .slice(0, SHOWN_MAX);
  return (
    <div class="events">
      {warnings.map((warning) => (
        <p key={warning} class="warning">
          {warning}
        </p>
      ))}
      {events.length === 0 && <p class="quiet">Nothing out of the ordinary has happened so far.</p>}
      <ul class="plain">
        {events.map(({ key, step, side, kind, text, choose }) => (
          <li key={key}>
            <button
              type="button"
              class={step > now ? 'event to-come' : 'event'}
              onClick={() => {
                choose();
                seek(step);
              }}
            >
              <time>{clock(step * stepS.value)}</time>
              {step > now && <span class="unseen">to come: </span>}
              {side === null ? <span class="badge">all</span> : <SideBadge side={side} />}
              {side !== null && <span class="unseen">{letterOf(side)}: </span>}
              <span class={`kind kind-${kind}`}>{kind.replaceAll('-', ' ')}</span>
              <span>{text}</span>
            </button>
          </li>
        ))}
      </ul>
    </div>
  );
}

function ofAlarm(alarm: Alarm): Event {
  const { step, side, kind, begins, text, lanes, intersection } = alarm;
  return {
    key: alarmKey(alarm),
    step,
    side,
    kind: begins ? kind : 'over',
    text,
    choose: () => {
      chooseSide(side);
      const at = intersection >= 0 ? intersection : map.value?.lanes.intersection[lanes[0] ?? -1];
      if (at !== undefined) chooseIntersection(at, true);
    },
  };
}

const DONE = {
  'close-lane': 'closed',
  'open-lane': 'opened again',
  incident: 'blocked by an incident',
  'clear-incident': 'cleared',
} as const;

function ofIntervention(one: Intervention, k: number): Event {
  const lane = laneByName.value.get(one.lane);
  return {
    key: `${k}.${one.step}.${one.kind}.${one.lane}`,
    step: one.step,
    side: null,
    kind: one.kind,
    text: `Lane ${one.lane} ${one.step > stepNow.value ? 'will be' : 'is'} ${DONE[one.kind]}.`,
    choose: () => {
      if (lane !== undefined) chooseLane(lane, one.kind === 'incident' ? one.positionM : 0);
    },
  };
}
