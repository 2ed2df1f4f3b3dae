import type { VehicleDetail } from '../../server/protocol/question.ts';
import { chooseVehicle } from '../choosing.ts';
import { clock, fixed, NO_VALUE } from '../format.ts';
import { useAnswer } from '../inquiry.ts';
import { toggleFollow } from '../keys.ts';
import { elementPlace } from '../places.ts';
import { letterOf } from '../sides.ts';
import { follow, map, session, vehicle } from '../state.ts';
import { Icon } from './icon.tsx';
import { SideBadge } from './sideBadge.tsx';

const EVERY_MS = 500;

type Side = VehicleDetail['sides'][number];

/** The same vehicle on all sides. */
export function TripPanel() {
  const { value: v } = vehicle;
  const { answer, problem } = useAnswer<'vehicle'>(
    `${session.value?.map}.${v}`,
    () => (v === null ? null : { kind: 'vehicle', vehicle: v }),
    EVERY_MS,
  );
  if (v === null) return <p class="quiet">Click a vehicle on the map to see the same trip on all sides.</p>;
  return (
    <div class="trip">
      {problem !== null && <p class="quiet">{problem}</p>}
      {problem === null && answer === null && <p class="quiet">Asking …</p>}
      {answer !== null && <Trip detail={answer} />}
      <div class="ask-row">
        <button
          type="button"
          class="button"
          aria-pressed={follow.value}
          title="The map goes with it (F)"
          onClick={toggleFollow}
        >
          <Icon name="follow" /> Follow
        </button>
        <button type="button" class="button" onClick={() => chooseVehicle(null)}>
          Let go
        </button>
      </div>
    </div>
  );
}

function Trip({
  detail: { vehicle: number, name, type, route, createdS, sides },
}: {
  detail: VehicleDetail;
}) {
  const { value: roads } = map;
  return (
    <>
      <p class="sentence">{sentence(sides)}</p>
      <dl class="facts">
        <div>
          <dt>Vehicle</dt>
          <dd>
            {number} <span class="quiet">({name})</span>, {type}
          </dd>
        </div>
        <div>
          <dt>Due at</dt>
          <dd>{clock(createdS)}</dd>
        </div>
        <div>
          <dt>Route</dt>
          <dd>{route.map((road) => roads?.roads.name[road] ?? '').join(' → ')}</dd>
        </div>
      </dl>
      <table class="figures">
        <caption>The same trip on each side</caption>
        <thead>
          <tr>
            <td />
            {sides.map((_, k) => (
              <th key={letterOf(k)} scope="col">
                <SideBadge side={k} />
                <span class="unseen">{letterOf(k)}</span>
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          <Row name="delay, s" sides={sides} of={(side) => (isDue(side) ? fixed(side.delayS, 0) : null)} />
          <Row name="stops" sides={sides} of={(side) => (isDue(side) ? String(side.stops) : null)} />
          <Row name="speed, km/h" sides={sides} of={speed} />
          <Row
            name="roads done"
            sides={sides}
            of={(side) => (isDue(side) ? `${side.roadsDone} of ${route.length}` : null)}
          />
          <Row name="where" sides={sides} of={where} />
          <Row
            name="finished at"
            sides={sides}
            of={({ finishedS }) => (finishedS === null ? null : clock(finishedS))}
          />
        </tbody>
      </table>
    </>
  );
}

interface RowProps {
  readonly name: string;
  readonly sides: readonly Side[];
  /** `null`: no value. */
  readonly of: (side: Side) => string | null;
}

function Row({ name, sides, of }: RowProps) {
  return (
    <tr>
      <th scope="row">{name}</th>
      {sides.map((side, k) => (
        <td key={letterOf(k)}>{of(side) ?? NO_VALUE}</td>
      ))}
    </tr>
  );
}

function isDue({ state }: Side): boolean {
  return state !== 'not-created';
}

function speed({ state, speed: metresPerSecond }: Side): string | null {
  return state === 'running' ? fixed(metresPerSecond * 3.6, 0) : null;
}

function where({ state, element }: Side): string {
  switch (state) {
    case 'not-created':
      return 'not due yet';
    case 'waiting-to-enter':
      return 'waits to enter';
    case 'finished':
      return 'has arrived';
    case 'running':
      return map.value === null ? '' : elementPlace(map.value, element);
  }
}

/** Who was faster, as far as it is known. */
function sentence(sides: readonly Side[]): string {
  if (sides.some(({ state }) => state === 'not-created')) return 'This vehicle is not due yet.';
  const [a, b] = sides;
  if (a === undefined || b === undefined) return `Delayed by ${fixed(a?.delayS ?? 0, 0)} s so far.`;
  const isOver = a.finishedS !== null && b.finishedS !== null;
  const by = Math.round(isOver ? b.finishedS! - a.finishedS! : b.delayS - a.delayS);
  if (by === 0)
    return isOver ? 'It arrived at the same time on A and B.' : 'So far it fares alike on A and B.';
  const better = by < 0 ? 'B' : 'A';
  return isOver
    ? `${better} brought it there ${Math.abs(by)} s sooner.`
    : `So far ${better} delays it ${Math.abs(by)} s less.`;
}
