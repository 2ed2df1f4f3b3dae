import { letterOf } from '../sides.ts';

/** The letter of a side on its color. */
export function SideBadge({ side }: { readonly side: number }) {
  return (
    <span class={`badge badge-${letterOf(side).toLowerCase()}`} aria-hidden="true">
      {letterOf(side)}
    </span>
  );
}
