import type { Ribbons, TimeSpace } from '../protocol/question.ts';
import { connectorsOf, corridorElements, longestCorridor } from '../sim/corridor.ts';
import { INTERVAL } from '../sim/signal.ts';
import { pathsBetween, type SideHistory } from './history.ts';
import { INTERVAL_NAMES, ringsOf, row } from './intersectionDetail.ts';
import type { World } from './world.ts';

/** More points than these are not sent: every second one of each path goes. */
const POINTS_MAX = 60_000;

/** What the signal of an intersection showed between two steps, by side. */
export function ribbonsBetween(
  worlds: readonly World[],
  sides: readonly SideHistory[],
  i: number,
  fromStep: number,
  toStep: number,
): Ribbons {
  return {
    sides: worlds.map(({ sim, study }, k) => {
      const shown = ringsOf(sim, i).map((ring) => intervalsOf(sides[k]!.shown[ring]!, fromStep, toStep));
      const phases = [...new Set(shown.flatMap((ring) => ring.map(({ phase }) => phase)))];
      return {
        phases: phases.map((p) => ({
          phase: study.phaseNames[p]!,
          movements: row(sim.network.phaseMovements, p),
        })),
        rings: shown.map((ring) =>
          ring.map(({ phase, interval, from, to }) => ({
            phase: study.phaseNames[phase]!,
            interval: INTERVAL_NAMES[interval]!,
            fromStep: from,
            toStep: to,
          })),
        ),
      };
    }),
  };
}

/** Vehicles along the corridor and its greens between two steps, by side; `null` where there is no corridor. */
export function timeSpaceBetween(
  worlds: readonly World[],
  sides: readonly SideHistory[],
  fromStep: number,
  toStep: number,
): TimeSpace | null {
  const { network } = worlds[0]!.sim;
  const corridor = longestCorridor(network);
  if (corridor === null) return null;
  const { elements, stopLineM } = corridorElements(network, corridor);
  const ends = elements.map(({ element, startM, scale }) => startM + network.elementLength[element]! * scale);
  return {
    stopLinesM: stopLineM,
    lengthM: Math.max(...ends),
    sides: worlds.map(({ sim }, k) => ({
      paths: thinned(pathsBetween(sides[k]!, fromStep, toStep)),
      greens: corridor.movements.map((m) => {
        const i = sim.network.movementIntersection[m]!;
        const isGreen = (p: number) => showsGreen(sim.network, p, m);
        const greens = ringsOf(sim, i).flatMap((ring) =>
          intervalsOf(sides[k]!.shown[ring]!, fromStep, toStep).filter(
            ({ phase, interval }) => interval === INTERVAL.green && isGreen(phase),
          ),
        );
        return greens.sort((a, b) => a.from - b.from).flatMap(({ from, to }) => [from, to]);
      }),
    })),
  };
}

/** Whether a phase lets a movement go. */
function showsGreen(network: World['sim']['network'], p: number, m: number): boolean {
  const { phaseShown, phaseShownStart, elementRank } = network;
  return connectorsOf(network, m).some((c) => phaseShown[phaseShownStart[p]! + elementRank[c]!]! >= 2);
}

function intervalsOf(shown: readonly number[], fromStep: number, toStep: number) {
  const found: { phase: number; interval: number; from: number; to: number }[] = [];
  for (let k = 0; k < shown.length; k += 3) {
    const from = Math.max(shown[k]!, fromStep);
    const to = Math.min(shown[k + 3] ?? toStep, toStep);
    if (to > from) found.push({ phase: shown[k + 1]!, interval: shown[k + 2]!, from, to });
  }
  return found;
}

function thinned(paths: TimeSpace['sides'][number]['paths']): TimeSpace['sides'][number]['paths'] {
  const points = paths.reduce((sum, path) => sum + path.points.length / 2, 0);
  if (points <= POINTS_MAX) return paths;
  const fewer = paths.map(({ vehicle, points: all }) => ({
    vehicle,
    points: all.filter((_, k) => k % 4 < 2 || k >= all.length - 2),
  }));
  const left = fewer.reduce((sum, path) => sum + path.points.length / 2, 0);
  return left < points ? thinned(fewer) : fewer;
}
