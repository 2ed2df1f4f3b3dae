import { chooseIntersection } from '../choosing.ts';
import { fixed, NO_VALUE } from '../format.ts';
import { frameSecond, latest } from '../frames.ts';
import { useAnswer } from '../inquiry.ts';
import { letterOf, sideWord } from '../sides.ts';
import { controllers, intersection, map, session } from '../state.ts';
import { greenWords, type Seen, seenIn } from '../traffic.ts';
import { SideBadge } from './sideBadge.tsx';

/** More rows than this nobody reads. */
const ROWS_MAX = 100;
const EVERY_MS = 2000;

/** The picture as a table: every signal, on every side. */
export function IntersectionTable() {
  const { value: roads } = map;
  // Read for its sake: the frames themselves are no signal.
  void frameSecond.value;
  const { answer: service } = useAnswer<'service'>(
    `${session.value?.map}.${session.value?.revision}`,
    () => ({ kind: 'service' }),
    EVERY_MS,
  );
  const frame = latest.vehicles ?? latest.lanes;
  if (roads === null || frame === null) return <p class="quiet">Nothing has been seen of the network yet.</p>;
  const seen = seenIn(roads, frame);
  const all = roads.intersections.name.flatMap((name, i) =>
    roads.intersections.signal[i] === 1 ? [{ name, i }] : [],
  );
  const queue = (i: number) => Math.max(...seen.map((side) => side[i]?.standing ?? 0));
  const isCut = all.length > ROWS_MAX;
  const rows = isCut ? all.sort((a, b) => queue(b.i) - queue(a.i)).slice(0, ROWS_MAX) : all;
  return (
    <>
      {isCut && (
        <p class="quiet">
          The {ROWS_MAX} signals with the longest queues, of {all.length}. Press G to go to any other.
        </p>
      )}
      <table class="figures intersections">
        <caption class="unseen">
          Signals: what is green, how many vehicles stand and how many are there, control delay and level of
          service of the run so far, by side
        </caption>
        <thead>
          <tr>
            <th scope="col">Signal</th>
            {controllers.value.map((_, k) => (
              <SideHeads key={letterOf(k)} k={k} />
            ))}
          </tr>
        </thead>
        <tbody>
          {rows.map(({ name, i }) => (
            <tr key={name} class={intersection.value === i ? 'chosen' : ''}>
              <th scope="row">
                <button
                  type="button"
                  class="link"
                  aria-pressed={intersection.value === i}
                  onClick={() => chooseIntersection(i, true)}
                >
                  {name}
                </button>
              </th>
              {controllers.value.map((_, k) => (
                <SideCells
                  key={letterOf(k)}
                  seen={seen[k]?.[i] ?? null}
                  delayS={service?.controlDelayS[k]?.[i] ?? null}
                  level={service?.levelOfService[k]?.[i] ?? null}
                />
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </>
  );
}

function SideHeads({ k }: { readonly k: number }) {
  return (
    <>
      <th scope="col" class="first" title={sideWord(k, controllers.value)}>
        <SideBadge side={k} />
        <span class="unseen">{letterOf(k)} </span> green for
      </th>
      <th scope="col">
        <span class="unseen">{letterOf(k)} </span>queue
      </th>
      <th scope="col">
        <span class="unseen">{letterOf(k)} </span>vehicles
      </th>
      <th scope="col" title="Control delay of those that left so far, and its level of service (HCM)">
        <span class="unseen">{letterOf(k)} </span>delay
      </th>
    </>
  );
}

interface SideCellsOf {
  readonly seen: Seen | null;
  readonly delayS: number | null;
  readonly level: string | null;
}

function SideCells({ seen, delayS, level }: SideCellsOf) {
  if (seen === null) {
    return (
      <td colSpan={4} class="first">
        –
      </td>
    );
  }
  return (
    <>
      <td class="first words">
        {seen.green.length === 0 ? <span class="quiet">nobody</span> : greenWords(seen.green)}
      </td>
      <td>{seen.standing}</td>
      <td>{seen.vehicles}</td>
      <td>
        {delayS === null ? (
          NO_VALUE
        ) : (
          <>
            {fixed(delayS, 0)} s <b>{level}</b>
          </>
        )}
      </td>
    </>
  );
}
