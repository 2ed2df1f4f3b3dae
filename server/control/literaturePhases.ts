import type { Network } from '../sim/network.ts';

/**
 * Whether the phases of a network are those of the literature on learned signal control, which its protocols are made for:
 * at every signal with a choice, phase 0 opens right turns alone and stands for yellow, phases 1 and 2 thru movements and 3
 * and 4 left turns, all of them right turns besides.
 */
export function hasLiteraturePhases(network: Network): boolean {
  const { signalised, phases } = network;
  let found = false;
  for (let i = 0; i < signalised.length; i++) {
    const count = phases.starts[i + 1]! - phases.starts[i]!;
    if (signalised[i] === 0 || count === 1) continue;
    if (count <= GREENS.length) return false;
    if (!opensOnly(network, phases.items[phases.starts[i]!]!, [])) return false;
    for (const [k, turn] of GREENS.entries()) {
      if (!opensOnly(network, phases.items[phases.starts[i]! + 1 + k]!, [turn])) return false;
    }
    found = true;
  }
  return found;
}

const RIGHT = 1;
const LEFT = 2;
const THRU = 3;
/** What phases 1 to 4 open beside right turns, by `movementPriority`. */
const GREENS = [THRU, THRU, LEFT, LEFT];

/** Whether a phase opens right turns and movements of some other turns, and no others. */
function opensOnly(
  { phaseMovements, movementPriority }: Network,
  phase: number,
  turns: readonly number[],
): boolean {
  const open = phaseMovements.items.subarray(
    phaseMovements.starts[phase]!,
    phaseMovements.starts[phase + 1]!,
  );
  return open.every((m) => movementPriority[m] === RIGHT || turns.includes(movementPriority[m]!));
}
