import { type RandomStream, randomStream } from '../sim/random.ts';
import type { Flow, Layout, Origin } from './layout.ts';

export interface Perturbation {
  readonly seed: number;
  /** The run's duration: departures after it are left out. */
  readonly durationS: number;
  /** Every departure of a flow is moved by up to this much, earlier or later, s. */
  readonly jitterS: number;
  /** How many vehicles there are for each one in the file. */
  readonly demandScale: number;
}

/** Times that are a whole number of steps up to rounding are that number. */
const EPSILON = 1e-9;

/**
 * The same layout with another day's demand: departures a little earlier or later, and more or fewer
 * of them.
 *
 * A flow becomes single departures. Each is kept or repeated ⌊F + u⌋ times with u uniform in [0, 1),
 * so the volume is F on average, and each of these is moved by its own share of ±J, no earlier than
 * 0, onto a whole step. Random origins are random already: their rates are multiplied by F, and J has
 * no meaning for them.
 *
 * Every flow draws from streams of its own, so adding a flow leaves the others as they were. With
 * J = 0 and F = 1 the layout is returned as it is.
 */
export function perturb(layout: Layout, perturbation: Perturbation): Layout {
  const { jitterS, demandScale } = perturbation;
  if (jitterS === 0 && demandScale === 1) return layout;
  // CityFlow's own draws are of CityFlow's own demand; another day keeps the rules, not the draws of flows left out.
  const { reference } = layout;
  return {
    ...layout,
    ...(reference === undefined ? {} : { reference: { ...reference, undrivable: [] } }),
    flows: layout.flows.flatMap((flow) => departures(flow, layout, perturbation)),
    origins: demandScale === 1 ? layout.origins : layout.origins.map((origin) => scaled(origin, demandScale)),
  };
}

function departures(
  flow: Flow,
  { stepS, reference }: Layout,
  { seed, durationS, jitterS, demandScale }: Perturbation,
): Flow[] {
  const volume = randomStream(seed, `volume:${flow.id}`);
  const jitter = randomStream(seed, `jitter:${flow.id}`);
  const lastStep = Math.ceil((durationS + jitterS) / stepS - EPSILON) - 1;
  const trips: Flow[] = [];
  for (const step of departureSteps(flow, stepS, lastStep)) {
    const count = demandScale === 1 ? 1 : Math.floor(demandScale + volume.next());
    for (let k = 0; k < count; k++) {
      const startS = jitterS === 0 ? step * stepS : moved(step, stepS, jitterS, jitter);
      if (startS >= durationS) continue;
      // CityFlow's clock adds fractions of a second, and may show a little less than the time of its step, or more.
      const margin = reference === undefined || Number.isInteger(stepS) ? 0 : stepS / 4;
      const window = { startS: startS - margin, endS: startS + margin };
      trips.push({ ...flow, id: `${flow.id}_${trips.length}`, intervalS: stepS, ...window });
    }
  }
  return trips;
}

function moved(step: number, stepS: number, jitterS: number, stream: RandomStream): number {
  const time = step * stepS + (2 * stream.next() - 1) * jitterS;
  return Math.max(0, Math.round(time / stepS)) * stepS;
}

/** The steps in which a flow has a trip, each as often as it has one there: the simulator's own rule. */
function* departureSteps(
  { startS, endS, intervalS }: Flow,
  stepS: number,
  lastStep: number,
): Generator<number> {
  const first = Math.max(0, Math.ceil(startS / stepS - EPSILON));
  const last = endS < 0 ? lastStep : Math.min(lastStep, Math.floor(endS / stepS + EPSILON));
  let accumulated = intervalS;
  for (let step = first; step <= last; step++) {
    while (accumulated >= intervalS) {
      accumulated -= intervalS;
      yield step;
    }
    accumulated += stepS;
  }
}

function scaled(origin: Origin, factor: number): Origin {
  const profile = origin.profile.map((period) => ({ ...period, flowVph: period.flowVph * factor }));
  return { ...origin, profile };
}
