import type { IntersectionDetail } from '../../server/protocol/question.ts';
import { chooseLane, goTo } from '../choosing.ts';
import { clock, fixed, NO_DATA, NO_VALUE } from '../format.ts';
import { useAnswer } from '../inquiry.ts';
import { approachLanes } from '../places.ts';
import { intersection, map, session, side, stepS } from '../state.ts';
import { RingRows } from './ringRows.tsx';

const EVERY_MS = 500;

/** The chosen signal: what it shows, its plan, its traffic. */
export function SignalPanel() {
  const { value: at } = intersection;
  const { value: on } = side;
  const { answer, problem } = useAnswer<'intersection'>(
    `${session.value?.map}.${on}.${at}`,
    () => (at === null ? null : { kind: 'intersection', side: on, intersection: at }),
    EVERY_MS,
  );
  if (at === null) return <p class="quiet">Click a signal on the map to see its plan and its traffic.</p>;
  if (problem !== null) return <p class="quiet">{problem}</p>;
  if (answer === null) return <p class="quiet">Asking …</p>;
  return (
    <div class="signal">
      <Rings detail={answer} />
      <Movements detail={answer} />
      <Plan detail={answer} />
      <Detectors detail={answer} />
      <Lanes at={at} />
      <button type="button" class="button" onClick={() => goTo(at)}>
        Show on the map
      </button>
    </div>
  );
}

function Rings({ detail: { rings, step, levelOfService, controlDelayS } }: { detail: IntersectionDetail }) {
  return (
    <dl class="facts">
      <RingRows rings={rings} />
      <div>
        <dt>Level of service</dt>
        <dd>
          {levelOfService === null || controlDelayS === null ? (
            NO_DATA
          ) : (
            <>
              {levelOfService} <span class="quiet">({fixed(controlDelayS, 1)} s of control delay)</span>
            </>
          )}
        </dd>
      </div>
      <div>
        <dt>At</dt>
        <dd>{clock(step * stepS.value)}</dd>
      </div>
    </dl>
  );
}

function Movements({ detail: { movements } }: { detail: IntersectionDetail }) {
  return (
    <table class="figures">
      <caption>Movements; delay and level of service are of the run so far</caption>
      <thead>
        <tr>
          <th scope="col">Movement</th>
          <th scope="col">queue</th>
          <th
            scope="col"
            title="How much longer its first vehicle has been on the lane than driving freely takes"
          >
            waits, s
          </th>
          <th scope="col" title="Control delay">
            delay, s
          </th>
          <th scope="col" title="Level of service (HCM)">
            LOS
          </th>
        </tr>
      </thead>
      <tbody>
        {movements.map((one) => (
          <tr key={one.movement}>
            <th scope="row">
              <span class={`lamp lamp-${one.shown}`} title={one.shown} />
              <span class="unseen">{one.shown}: </span>
              {map.value?.movements.name[one.movement]}
            </th>
            <td title={`${one.vehicles} vehicles there`}>{one.queue}</td>
            <td>{one.vehicles === 0 ? NO_VALUE : fixed(one.firstWaitS, 0)}</td>
            <td title={`${one.served} served`}>
              {one.controlDelayS === null ? NO_VALUE : fixed(one.controlDelayS, 0)}
            </td>
            <td>{one.levelOfService ?? NO_VALUE}</td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}

function Plan({ detail: { plan, cycleS, offsetS } }: { detail: IntersectionDetail }) {
  return (
    <table class="figures">
      <caption>
        Plan: cycle {fixed(cycleS, 0)} s, offset {fixed(offsetS, 0)} s. All times in s.
      </caption>
      <thead>
        <tr>
          <th scope="col">Phase</th>
          <th scope="col">split</th>
          <th scope="col">green</th>
          <th scope="col" title="Yellow change">
            yel.
          </th>
          <th scope="col" title="Red clearance">
            red
          </th>
          <th scope="col" title="Walk and pedestrian clearance">
            walk
          </th>
        </tr>
      </thead>
      <tbody>
        {plan.map((phase) => (
          <tr key={phase.phase}>
            <th scope="row" title={movementNames(phase.movements)}>
              {phase.phase}
            </th>
            <td>{fixed(phase.splitS, 0)}</td>
            <td title="Minimum and maximum green">
              {fixed(phase.minGreenS, 0)} – {phase.maxGreenS === null ? '∞' : fixed(phase.maxGreenS, 0)}
            </td>
            <td>{fixed(phase.yellowChangeS, 0)}</td>
            <td>{fixed(phase.redClearanceS, 0)}</td>
            <td>
              {phase.walkS === 0
                ? NO_VALUE
                : `${fixed(phase.walkS, 0)} + ${fixed(phase.pedestrianClearanceS, 0)}`}
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}

function movementNames(movements: readonly number[]): string {
  return movements.map((m) => map.value?.movements.name[m] ?? '').join(', ');
}

function Detectors({ detail: { detectors } }: { detail: IntersectionDetail }) {
  const faulty = detectors.filter(({ fault }) => fault !== null);
  if (detectors.length === 0) return null;
  return (
    <details>
      <summary>
        {detectors.length} detectors
        {faulty.length > 0 && <span class="tag problem">{faulty.length} with a fault</span>}
      </summary>
      <table class="figures">
        <thead>
          <tr>
            <th scope="col">Lane</th>
            <th scope="col">kind</th>
            <th scope="col">senses</th>
            <th scope="col">counted</th>
          </tr>
        </thead>
        <tbody>
          {detectors.map(({ detector, present, count, fault }) => (
            <tr key={detector}>
              <th scope="row">{laneOfDetector(detector)}</th>
              <td>{map.value?.detectors.kind[detector] === 'advance' ? 'advance' : 'stop line'}</td>
              <td>{fault ?? (present ? 'a vehicle' : 'nobody')}</td>
              <td>{count}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </details>
  );
}

function laneOfDetector(detector: number): string {
  const lane = map.value?.detectors.lane[detector];
  return (lane === undefined ? undefined : map.value?.lanes.name[lane]) ?? '';
}

/** A way to every lane without a mouse. */
function Lanes({ at }: { readonly at: number }) {
  const { value: roads } = map;
  if (roads === null) return null;
  return (
    <details>
      <summary>Lanes that lead here</summary>
      <ul class="plain button-list">
        {approachLanes(roads, at).map((lane) => (
          <li key={lane}>
            <button
              type="button"
              class="button"
              onClick={() => chooseLane(lane, roads.lanes.length[lane]! / 2)}
            >
              {roads.lanes.name[lane]}
            </button>
          </li>
        ))}
      </ul>
    </details>
  );
}
