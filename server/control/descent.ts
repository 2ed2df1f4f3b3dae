/**
 * Pattern search: tries moves one at a time in a fixed order and keeps what is better; with strides that
 * shrink when no move gains any more (Hooke & Jeeves 1961, J. ACM 8, 212–229). The same costs lead to the
 * same answer, so a search on given seeds can be repeated.
 */

/** A change of a state by a stride; `null` where it is not possible or changes nothing. */
export type Move<State> = (state: State, stride: number) => State | null;

/**
 * Gives one state after another to be judged, and is told its cost: the start first. The best so far is the
 * one of lowest cost, the first of equals. Ends when no move gains at the smallest stride.
 *
 * @param strides  largest first
 * @param keyOf    equal for states that are the same; none is judged twice
 */
export function* descent<State>(
  start: State,
  moves: readonly Move<State>[],
  strides: readonly number[],
  keyOf: (state: State) => string,
): Generator<State, void, number> {
  const judged = new Set([keyOf(start)]);
  let best = start;
  let lowest = yield start;
  for (const stride of strides) {
    let gains = true;
    while (gains) {
      gains = false;
      for (const move of moves) {
        // As long as a move gains it is made again.
        for (let next = move(best, stride); next !== null; next = move(best, stride)) {
          const key = keyOf(next);
          if (judged.has(key)) break;
          judged.add(key);
          const cost: number = yield next;
          if (!(cost < lowest)) break;
          lowest = cost;
          best = next;
          gains = true;
        }
      }
    }
  }
}
