import {
  type DecodedFrame,
  elementOf,
  LANE_BYTES,
  RECORD_WORDS,
  SPEED_UNIT,
  shownIn,
} from '../server/protocol/frame.ts';
import type { RoadMap } from '../server/protocol/roadMap.ts';

/** What is to be seen at one intersection on one side, from a frame alone. */
export interface Seen {
  /** Movements with green. */
  readonly green: readonly string[];
  readonly vehicles: number;
  readonly standing: number;
}

/** Below this a vehicle stands, m/s. */
const STANDS = SPEED_UNIT;

/** By side: by intersection of the map. */
export function seenIn(map: RoadMap, frame: DecodedFrame): Seen[][] {
  if (frame.kind === 'heat') return [];
  return frame.worlds.map((_, side) => {
    const { vehicles, standing } = counts(map, frame, side);
    const green = greens(map, frame.worlds[side]!.signals);
    return map.intersections.name.map((_, i) => ({
      green: [...(green.get(i) ?? [])],
      vehicles: vehicles[i]!,
      standing: standing[i]!,
    }));
  });
}

function counts({ lanes, intersections }: RoadMap, frame: DecodedFrame, side: number) {
  const vehicles = new Int32Array(intersections.name.length);
  const standing = new Int32Array(intersections.name.length);
  const laneCount = lanes.name.length;
  if (frame.kind === 'vehicles') {
    const { count, records, words = RECORD_WORDS } = frame.worlds[side]!;
    for (let row = 0; row < count; row++) {
      const element = elementOf(records, row * words, words);
      if (element >= laneCount) continue;
      const to = lanes.intersection[element]!;
      vehicles[to]!++;
      if ((records[row * words + 2]! & 255) * SPEED_UNIT < STANDS) standing[to]!++;
    }
  } else if (frame.kind === 'lanes') {
    const bytes = frame.worlds[side]!.lanes;
    for (let l = 0; l < laneCount; l++) {
      const to = lanes.intersection[l]!;
      vehicles[to]! += bytes[l * LANE_BYTES]!;
      standing[to]! += bytes[l * LANE_BYTES + 1]!;
    }
  }
  return { vehicles, standing };
}

/** `permitted` counts as green, for so it is shown. */
const PERMITTED = 2;

function greens({ connectors, movements }: RoadMap, signals: Uint8Array): Map<number, Set<string>> {
  const found = new Map<number, Set<string>>();
  connectors.movement.forEach((movement, k) => {
    if (shownIn(signals, k) < PERMITTED) return;
    const at = movements.intersection[movement]!;
    const names = found.get(at) ?? new Set();
    found.set(at, names.add(movements.name[movement]!));
  });
  return found;
}

/** `east: thru, right; west: thru`: movements `east-thru` and so on, put together by where they come from. */
/**
 * What a phase is for, whatever its controller calls it: the approaches that it lets go straight on, `east, west`, or else those
 * that it lets turn, `east, west left`.
 */
export function servedWords(movements: readonly string[]): string {
  const parts = movements.map((name) => {
    const cut = name.lastIndexOf('-');
    return cut < 0 ? { from: name, turn: '' } : { from: name.slice(0, cut), turn: name.slice(cut + 1) };
  });
  for (const turn of ['thru', 'left', 'right']) {
    const from = [...new Set(parts.filter((part) => part.turn === turn).map((part) => part.from))].sort();
    if (from.length > 0) return turn === 'thru' ? from.join(', ') : `${from.join(', ')} ${turn}`;
  }
  return [...new Set(movements)].sort().join(', ');
}

export function greenWords(green: readonly string[]): string {
  const turns = new Map<string, string[]>();
  for (const name of green) {
    const cut = name.lastIndexOf('-');
    const [from, turn] = cut < 0 ? [name, ''] : [name.slice(0, cut), name.slice(cut + 1)];
    turns.set(from, [...(turns.get(from) ?? []), turn]);
  }
  return [...turns].map(([from, all]) => (all[0] === '' ? from : `${from} ${all.join('/')}`)).join(', ');
}
