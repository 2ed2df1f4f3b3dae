import type { Layout, Movement, Phase, Turn } from './layout.ts';

/**
 * Whether the phases of a layout are those of the literature on learned signal control, which its protocols are made for:
 * at every signal with a choice, phase 0 opens right turns alone and stands for yellow, phases 1 and 2 thru movements and 3
 * and 4 left turns, all of them right turns besides.
 */
export function hasLiteraturePhases({ intersections }: Layout): boolean {
  const choices = intersections.filter(
    ({ boundary, signal, movements }) =>
      !boundary && movements.length > 0 && (signal?.phases.length ?? 0) > 1,
  );
  return (
    choices.length > 0 &&
    choices.every(({ signal, movements }) => {
      const phases = signal!.phases;
      return phases.length >= OPEN.length && OPEN.every((turn, p) => opensOnly(phases[p]!, turn, movements));
    })
  );
}

/** What phases 0 to 4 open beside right turns. */
const OPEN: readonly Turn[] = ['right', 'thru', 'thru', 'left', 'left'];

function opensOnly({ greens }: Phase, turn: Turn, movements: readonly Movement[]): boolean {
  return greens.every(({ movement }) => ['right', turn].includes(movements[movement]!.turn));
}
