import { chooseIntersection } from '../choosing.ts';
import { clearIncident, closeOrOpen, dropIncident, hasIncident, isClosed } from '../commands.ts';
import { fixed } from '../format.ts';
import { intersectionName, laneDirection } from '../places.ts';
import { lane, map, mayControl } from '../state.ts';

/** The chosen lane, and what can be done to it. */
export function LanePanel() {
  const { value: chosen } = lane;
  const { value: roads } = map;
  if (chosen === null || roads === null) {
    return (
      <p class="quiet">
        Click a lane on the map, or choose one from the tab Signal, to close it or to let a vehicle break down
        on it.
      </p>
    );
  }
  const { lane: l, positionM } = chosen;
  const to = roads.lanes.intersection[l]!;
  return (
    <div class="lane">
      <p class="sentence">{state(l)}</p>
      <dl class="facts">
        <div>
          <dt>Lane</dt>
          <dd>
            {roads.lanes.name[l]}, {laneDirection(roads, l)}
          </dd>
        </div>
        <div>
          <dt>Length</dt>
          <dd>{fixed(roads.lanes.length[l]!, 0)} m</dd>
        </div>
        <div>
          <dt>Speed limit</dt>
          <dd>{fixed(roads.lanes.speedLimit[l]! * 3.6, 0)} km/h</dd>
        </div>
      </dl>
      <Place length={roads.lanes.length[l]!} />
      <div class="ask-row">
        {hasIncident(l) ? (
          <button
            type="button"
            class="button"
            title="I"
            disabled={!mayControl.value}
            onClick={() => clearIncident(l)}
          >
            Clear the incident
          </button>
        ) : (
          <button
            type="button"
            class="button"
            title="I"
            disabled={!mayControl.value}
            onClick={() => dropIncident(l, positionM)}
          >
            Incident here
          </button>
        )}
        <button
          type="button"
          class="button"
          title="K"
          disabled={!mayControl.value}
          onClick={() => closeOrOpen(l)}
        >
          {isClosed(l) ? 'Open the lane' : 'Close the lane'}
        </button>
        {roads.intersections.signal[to] === 1 && (
          <button type="button" class="button" onClick={() => chooseIntersection(to)}>
            Signal {intersectionName(roads, to)}
          </button>
        )}
      </div>
      <p class="quiet small">
        Whatever is done holds for all sides alike, from this moment on, and stands in the link. Going back
        before it shows the run as it was.
      </p>
    </div>
  );
}

function state(l: number): string {
  if (isClosed(l) && hasIncident(l)) return 'The lane is closed, and a vehicle has broken down on it.';
  if (isClosed(l)) return 'The lane is closed: nobody drives onto it.';
  if (hasIncident(l)) return 'A vehicle has broken down here and blocks the lane.';
  return 'The lane is open.';
}

/** Where on the lane, for who cannot point. */
function Place({ length }: { readonly length: number }) {
  const { value: chosen } = lane;
  if (chosen === null) return null;
  const metres = Math.round(chosen.positionM);
  return (
    <label class="field along">
      <span class="field-name">Place on it</span>
      <input
        type="range"
        min="0"
        max={Math.floor(length)}
        step="1"
        value={metres}
        aria-valuetext={`${metres} m from its beginning`}
        onInput={({ currentTarget }) => {
          lane.value = { ...chosen, positionM: Number(currentTarget.value) };
        }}
      />
      <output>{metres} m</output>
    </label>
  );
}
