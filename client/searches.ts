import type { Search } from '../server/protocol/session.ts';
import { controllerWord, letterOf } from './sides.ts';
import { map, status, tell } from './state.ts';

/** Tells of searches that came to the end of the run; not of those that had before we came. */
export function followSearches(): void {
  let before: string | null = null;
  status.subscribe((now) => {
    const key = now === null ? null : JSON.stringify(now.unfound);
    if (now?.unfound && before !== null && key !== before) tell(unfoundWords(now.unfound));
    before = key;
  });
}

function unfoundWords({ side, intersection, rival }: Search): string {
  const at = map.value?.intersections.name[intersection] ?? 'the signal';
  return `No disagreement between ${letterOf(side)} and ${controllerWord(rival)} at ${at} until the end of the run.`;
}
