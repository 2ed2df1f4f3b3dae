import { NEVER, type Network, NONE, type RaggedRows } from '../sim/network.ts';
import { prepared } from '../sim/networkHash.ts';
import { ragged } from '../sim/raggedRows.ts';
import { withDualRings } from './dualRing.ts';
import type { Prepared } from './registry.ts';
import { IDLE } from './rings.ts';

/** What is green together: a phase of the only ring, or one of each of two rings. */
type Stage = readonly number[];

/**
 * The network with every legal pair of its dual rings' phases as a phase of one ring. Where a street has
 * protected lefts these are four: both lefts, either approach alone, both thru movements; for four legs NEMA's
 * eight. A controller that may choose any of them may end one left before the other, as two rings may.
 *
 * A pair has the longer of its phases' minimum greens and change intervals, so that no rule of either is cut
 * short. Where no rings can be derived its approaches go one after another, as under dual rings.
 */
export function withStages(network: Network): Prepared {
  const { network: rings, facts, phaseNames: names } = withDualRings(network, 'as-planned');
  const stagesByIntersection = Array.from(network.signalised, (signal, i) =>
    signal === 1 ? stagesAt(rings, i) : [],
  );
  const stages = stagesByIntersection.flat();
  const longest = (column: Int32Array) =>
    Int32Array.from(stages, (stage) => Math.max(...stage.map((p) => column[p]!)));
  const together = (rows: RaggedRows) =>
    ragged(stages.map((stage) => [...new Set(stage.flatMap((p) => row(rows, p)))]));

  let count = 0;
  const phases = ragged(stagesByIntersection.map((own) => own.map(() => count++)));
  const shown = ragged(stages.map((stage) => shownIn(rings, stage)));
  const minGreen = longest(rings.minGreen);
  const yellowChange = longest(rings.yellowChange);
  const redClearance = longest(rings.redClearance);
  const least = minGreen.map((green, p) => green + yellowChange[p]! + redClearance[p]!);
  const staged = {
    phaseCount: count,
    phases,
    phaseMovements: together(rings.phaseMovements),
    phaseShown: Uint8Array.from(shown.items),
    phaseShownStart: shown.starts.slice(0, count),
    ...{ minGreen, yellowChange, redClearance },
    maxGreen: new Int32Array(count).fill(NEVER),
    split: longest(rings.split).map((split, p) => Math.max(split, least[p]!)),
    changePhase: new Int32Array(network.intersectionCount).fill(NONE),
    ringPhases: phases,
    ringIntersection: Int32Array.from(stagesByIntersection.keys()),
    ringPartner: new Int32Array(network.intersectionCount).fill(NONE),
    phaseGroup: new Int32Array(count),
    phaseCrosswalks: together(rings.phaseCrosswalks),
    walk: longest(rings.walk),
    pedestrianClearance: longest(rings.pedestrianClearance),
  };
  return {
    network: prepared(network, staged, { signals: 'all pairs of dual-ring phases' }),
    facts,
    phaseNames: stages.map((s) => nameOf(s, names!)),
  };
}

/** The pairs that a network with dual rings allows at an intersection, in the order of its rings. */
function stagesAt({ ringPhases, ringPartner, phaseGroup }: Network, i: number): Stage[] {
  const partner = ringPartner[i]!;
  if (partner === NONE) return row(ringPhases, i).map((p) => [p]);
  return row(ringPhases, i).flatMap((p) =>
    row(ringPhases, partner)
      .filter((q) => phaseGroup[q] === phaseGroup[p])
      .map((q) => [p, q]),
  );
}

/** What a stage shows the connectors of its intersection: the most that any of its phases does. */
function shownIn({ phaseShown, phaseShownStart }: Network, stage: Stage): number[] {
  const [first, ...others] = stage.map((p) => {
    const end = phaseShownStart[p + 1] ?? phaseShown.length;
    return [...phaseShown.subarray(phaseShownStart[p], end)];
  });
  return others.reduce((most, own) => most.map((shown, k) => Math.max(shown, own[k]!)), first!);
}

/** `1+6`; an approach that has the intersection to itself goes by its own name. */
function nameOf(stage: Stage, names: readonly string[]): string {
  const own = stage.map((p) => names[p]!).filter((name) => name !== IDLE.name);
  return own.length === 0 ? IDLE.name : own.join('+');
}

function row({ starts, items }: RaggedRows, r: number): number[] {
  return [...items.subarray(starts[r]!, starts[r + 1]!)];
}
