import { type LegendStop, type LegendSubject, legendOf } from '../scene/legend.ts';
import { map } from '../state.ts';
import { theme } from '../theme.ts';

/** What colors stand for, with numbers and a unit. */
export function Legend({ subject }: { readonly subject: LegendSubject }) {
  if (map.value === null) return null;
  const { title, unit, kind, stops } = legendOf(subject, theme.value, map.value);
  const marks = stops.filter(({ label }) => label !== '');
  const words = kind === 'ramp' ? `from ${marks[0]?.label} to ${marks.at(-1)?.label} ${unit}` : labels(stops);
  return (
    <figure class={`legend legend-${kind}`} aria-label={`Legend: ${title}, ${words}`}>
      {kind === 'ramp' ? (
        <Ramp stops={stops} marks={withRoom(marks)} unit={unit} />
      ) : (
        <Swatches stops={stops} />
      )}
    </figure>
  );
}

/** Of the ramp's width: nearer to one another labels would run into each other. */
const APART = 0.2;

/** The first and the last, and of those between who has room. */
function withRoom(marks: readonly LegendStop[]): LegendStop[] {
  const last = marks.at(-1)?.at ?? 1;
  let before = Number.NEGATIVE_INFINITY;
  return marks.filter(({ at }) => {
    const hasRoom = at === last || (at - before >= APART && last - at >= APART);
    if (hasRoom) before = at;
    return hasRoom;
  });
}

function labels(stops: readonly LegendStop[]): string {
  return stops.map(({ label }) => label).join(', ');
}

interface RampProps {
  readonly stops: readonly LegendStop[];
  readonly marks: readonly LegendStop[];
  readonly unit: string;
}

function Ramp({ stops, marks, unit }: RampProps) {
  const colors = stops.map(({ at, color }) => `${color} ${(at * 100).toFixed(1)}%`).join(', ');
  return (
    <>
      <div class="ramp" style={{ background: `linear-gradient(to right, ${colors})` }} />
      <div class="marks" aria-hidden="true">
        {marks.map(({ at, label }) => (
          <span key={label} style={{ left: `${at * 100}%` }}>
            {label}
          </span>
        ))}
      </div>
      {/* Labels may have units of their own. */}
      {!/[a-z]/.test(marks[0]?.label ?? '') && <span class="unit">{unit}</span>}
    </>
  );
}

function Swatches({ stops }: { readonly stops: readonly LegendStop[] }) {
  return (
    <>
      {stops.map(({ color, label }) => (
        <span key={label} class="swatch">
          <i style={{ background: color }} />
          {label}
        </span>
      ))}
    </>
  );
}
