import type { ShownRing } from '../../server/protocol/question.ts';
import { ringName, ringWords } from '../ringWords.ts';

/** What each ring of a signal shows, as rows of a list of facts. */
export function RingRows({ rings }: { readonly rings: readonly ShownRing[] }) {
  return (
    <>
      {rings.map((ring, k) => (
        // Rings have no name but their number.
        <div key={k}>
          <dt>{ringName(k, rings.length)}</dt>
          <dd>
            <span class={`lamp lamp-${ring.interval}`} aria-hidden="true" />
            {ringWords(ring)}
          </dd>
        </div>
      ))}
    </>
  );
}
