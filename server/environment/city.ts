import type { Layout } from '../scenario/layout.ts';
import { parseScenario } from '../scenario/parse.ts';
import { type RandomStream, randomStream } from '../sim/random.ts';

/** The rules a drawn city is made for: real change intervals and phases, or those of the literature. */
export type CityStyle = 'real' | 'literature';

/** Streets one way: how many lanes there are, and which turns each serves. */
type Street = readonly { readonly turns: readonly string[] }[];

const STREETS: Readonly<Record<string, Street>> = {
  one: [{ turns: ['left', 'thru', 'right'] }],
  two: [{ turns: ['left', 'thru'] }, { turns: ['thru', 'right'] }],
  bay: [{ turns: ['left'] }, { turns: ['thru', 'right'] }],
  wide: [{ turns: ['left'] }, { turns: ['thru'] }, { turns: ['thru', 'right'] }],
  three: [{ turns: ['left'] }, { turns: ['thru'] }, { turns: ['right'] }],
};

/** How much more a road with one, two or three lanes carries than with one. */
const VOLUME = [1, 1.6, 2.2];

/** The vehicle that the literature's files describe. */
const LITERATURE_CAR = {
  ...{ lengthM: 5, widthM: 2, maxSpeedKmh: 40, minGapM: 2.5, headwayS: 2 },
  ...{ maxAccelerationMps2: 2, usualAccelerationMps2: 2 },
  ...{ maxDecelerationMps2: 4.5, usualDecelerationMps2: 4.5 },
};

/**
 * A city drawn at random, to learn on: a grid of some streets with spacings, lanes, speeds, volumes and turning
 * ratios of its own. The same style and seed give the same city.
 *
 * Cities in the literature's style have three lanes a turn each, no change intervals of their own, and the
 * nine phases that its protocols expect: one for the change, four of facing movements, four of whole approaches.
 */
export function drawCity(style: CityStyle, seed: number): Layout {
  const text = JSON.stringify(scenarioOf(style, randomStream(seed, `city:${style}`)));
  const parsed = parseScenario(text, `city-${style}-${seed}.json`);
  if (!parsed.ok) throw new Error(`city ${style} ${seed}: ${parsed.problems[0]!.message}`);
  const named = { ...parsed.layout, name: `city-${style}-${seed}` };
  return style === 'literature' ? asInLiterature(named) : named;
}

function scenarioOf(style: CityStyle, stream: RandomStream) {
  const literature = style === 'literature';
  const between = (low: number, high: number) => low + (high - low) * stream.next();
  const oneOf = <T>(choices: readonly T[]): T => choices[Math.floor(stream.next() * choices.length)]!;
  const whole = (low: number, high: number) => Math.floor(between(low, high + 1));

  const rows = literature ? whole(1, 4) : whole(1, 3);
  const columns = literature ? whole(1, 4) : whole(1, 4);
  const spacing = () => Math.round(literature ? between(250, 800) : between(140, 500));
  const [dx, dy] = [spacing(), spacing()];
  const streetNames = literature ? ['three'] : Object.keys(STREETS);
  const [main, side] = [STREETS[oneOf(streetNames)]!, STREETS[oneOf(streetNames)]!];
  const speedLimitKmh = literature ? 40 : oneOf([40, 50, 50, 60]);

  const intersections: Record<string, object> = {};
  const roads: object[] = [];
  const edges: { id: string; lanes: number }[] = [];
  const border = (id: string, x: number, y: number, inside: string, lanes: Street) => {
    intersections[id] = { x, y };
    edges.push({ id, lanes: lanes.length });
    const out = lanes.length;
    roads.push({ from: id, to: inside, lanes, lanesBack: out, speedLimitKmh });
  };
  for (let r = 0; r < rows; r++) {
    for (let c = 0; c < columns; c++) {
      const id = `r${r}c${c}`;
      intersections[id] = { x: c * dx, y: -r * dy };
      if (c > 0) roads.push({ from: `r${r}c${c - 1}`, to: id, lanes: main, lanesBack: main, speedLimitKmh });
      if (r > 0) roads.push({ from: `r${r - 1}c${c}`, to: id, lanes: side, lanesBack: side, speedLimitKmh });
    }
  }
  for (let r = 0; r < rows; r++) {
    border(`west${r}`, -dx, -r * dy, `r${r}c0`, main);
    border(`east${r}`, columns * dx, -r * dy, `r${r}c${columns - 1}`, main);
  }
  for (let c = 0; c < columns; c++) {
    border(`north${c}`, c * dx, dy, `r0c${c}`, side);
    border(`south${c}`, c * dx, -rows * dy, `r${rows - 1}c${c}`, side);
  }

  const level = between(0.35, 1);
  const left = between(0.06, 0.22);
  const right = between(0.1, 0.3);
  const turns = { left, thru: 1 - left - right, right };
  const demand: Record<string, object> = {};
  for (const { id, lanes } of edges) {
    const flowVph = Math.round(
      level * (literature ? between(150, 800) : VOLUME[lanes - 1]! * between(90, 520)),
    );
    const peak = stream.next() < 0.4;
    const from = 300 * whole(1, 5);
    const profile = [
      { fromS: 0, toS: from, flowVph: Math.round(0.7 * flowVph) },
      { fromS: from, toS: from + 900, flowVph: Math.round(1.4 * flowVph) },
      { fromS: from + 900, toS: 3600, flowVph: Math.round(0.7 * flowVph) },
    ];
    demand[id] = { ...(peak ? { profile } : { flowVph }), turns };
  }
  return {
    name: 'city',
    durationS: 3600,
    intersections,
    roads,
    demand,
    ...(literature
      ? {
          vehicleTypes: { literature: LITERATURE_CAR },
          vehicles: { literature: 1 },
          signals: { phases: literaturePhases() },
        }
      : {
          vehicles: { car: 0.93, truck: 0.04, motorcycle: 0.03 },
          signals: {
            minGreenS: oneOf([5, 6, 8, 10]),
            ...(stream.next() < 0.3 ? { pedestrians: { flowPph: Math.round(between(20, 150)) } } : {}),
          },
        }),
  };
}

/** Phases of the literature's files at an intersection of four approaches, the one shown during changes first. */
function literaturePhases() {
  const rights = ['west', 'east', 'north', 'south'].map((approach) => `${approach}-right`);
  const open = [
    ...[
      ['west-thru', 'east-thru'],
      ['north-thru', 'south-thru'],
    ],
    ...[
      ['west-left', 'east-left'],
      ['north-left', 'south-left'],
    ],
    ...['west', 'east', 'south', 'north'].map((approach) => [`${approach}-thru`, `${approach}-left`]),
  ];
  return [[], ...open].map((movements) => ({ movements, permitted: rights, splitS: 30 }));
}

/** Vehicles enter from standstill and nothing is merely permitted, as in the literature's files. */
function asInLiterature(layout: Layout): Layout {
  const intersections = layout.intersections.map((intersection) => {
    const { signal } = intersection;
    if (signal === null) return intersection;
    const phases = signal.phases.map((phase) => ({
      ...phase,
      ...{ minGreenS: 0, yellowChangeS: 0, redClearanceS: 0 },
      greens: phase.greens.map(({ movement }) => ({ movement, permitted: false })),
    }));
    return { ...intersection, signal: { ...signal, phases } };
  });
  return { ...layout, entry: 'standstill', intersections };
}
