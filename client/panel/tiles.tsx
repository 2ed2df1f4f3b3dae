import { useId } from 'preact/hooks';
import type { Figures } from '../../server/protocol/session.ts';
import { against, MEASURES, type Measure } from '../figures.ts';
import { fixed, NO_DATA, NO_VALUE } from '../format.ts';
import { letterOf } from '../sides.ts';
import { status, stepS } from '../state.ts';
import { isWarm } from '../verdict.ts';
import { SideBadge } from './sideBadge.tsx';

/** What the sides have come to, figure by figure. */
export function Tiles() {
  const { step = 0, sides = [] } = status.value ?? {};
  const hasWarmed = isWarm({ timeS: step * stepS.value, sides });
  const isLong = MEASURES.some((measure) =>
    sides.some((figures) => {
      const value = measure.read(figures);
      return value !== null && shown(measure, value).length >= LONG;
    }),
  );
  return (
    <section class={isLong ? 'tiles long' : 'tiles'} aria-label="Figures">
      {MEASURES.map((measure) => (
        <Tile key={measure.key} measure={measure} sides={sides} hasWarmed={hasWarmed} />
      ))}
    </section>
  );
}

interface TileProps {
  readonly measure: Measure;
  readonly sides: readonly Figures[];
  readonly hasWarmed: boolean;
}

function Tile({ measure, sides, hasWarmed }: TileProps) {
  const id = useId();
  const rival = bestRival(measure, sides);
  const values = sides.map((figures) => measure.read(figures));
  const base = values[0] ?? null;
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: so that the definition can be had without a mouse.
    <section class="tile" tabIndex={0} aria-label={measure.label} aria-describedby={id}>
      <h3>
        {measure.short ?? measure.label}
        {measure.short === undefined && measure.unit !== '' && <span class="unit"> {measure.unit}</span>}
      </h3>
      <div class={sides.length > 2 ? 'values many' : 'values'}>
        {values.map((value, k) => (
          <Value key={letterOf(k)} {...{ measure, base, hasWarmed, value }} side={k} />
        ))}
      </div>
      {rival !== null && (
        <p class="difference">
          {sides.length > 2 && <span>{letterOf(rival)} </span>}
          <Difference {...{ measure, base, hasWarmed }} value={values[rival]!} />
        </p>
      )}
      <p class="definition" id={id} role="tooltip">
        {measure.definition}
      </p>
    </section>
  );
}

/** Characters of a value that needs smaller digits, here and so in all tiles, to stand beside another one. */
const LONG = 5;

/** From a hundred on, tenths say nothing that one could see. */
function shown({ digits }: Measure, value: number): string {
  return fixed(value, Math.abs(value) >= 99.95 ? 0 : digits);
}

/** The side that the first is held against: the best of the others. */
function bestRival({ read, isMoreBetter }: Measure, sides: readonly Figures[]): number | null {
  const worth = (k: number) => (read(sides[k]!) ?? 0) * (isMoreBetter ? -1 : 1);
  const others = sides.map((_, k) => k).slice(1);
  return others.length === 0 ? null : others.reduce((best, k) => (worth(k) < worth(best) ? k : best));
}

interface ValueProps {
  readonly measure: Measure;
  readonly base: number | null;
  readonly value: number | null;
  readonly hasWarmed: boolean;
}

function Value(props: ValueProps & { readonly side: number }) {
  const { measure, value, side } = props;
  return (
    <span class="value">
      <SideBadge side={side} />
      <span class="unseen">{letterOf(side)}: </span>
      {value === null ? (
        <b title={NO_DATA}>
          {NO_VALUE}
          <span class="unseen"> {NO_DATA}</span>
        </b>
      ) : (
        <b>{shown(measure, value)}</b>
      )}
    </span>
  );
}

function Difference({ measure, base, value, hasWarmed }: ValueProps) {
  if (!hasWarmed) return <span class="quiet">warming up</span>;
  const found = against(measure, base, value);
  if (found === null) return <span class="quiet">{NO_DATA}</span>;
  if (found.word === 'same') return <span class="same">= same</span>;
  return (
    <span class={found.word}>
      <span aria-hidden="true">{found.arrow}</span> {found.by} {found.word}
      {found.share !== '' && <span class="share"> ({found.share})</span>}
    </span>
  );
}
