import type { CityStyle } from '../environment/city.ts';
import { randomStream } from '../sim/random.ts';
import type { Episode, Source } from './episode.ts';

/** A file to train on. */
export interface TrainingFile {
  readonly name: string;
  /** Names of the protocols that it is run under in turn, one or more. */
  readonly protocols: readonly string[];
  /** Whether trips are at fixed times: then another seed must move them to be another day. */
  readonly fixedTrips: boolean;
}

/** What is trained on. */
export interface Syllabus {
  readonly files: readonly TrainingFile[];
  /** Of each style. */
  readonly cities: number;
  readonly seed: number;
}

/** How often a generation sees each file where there are cities too. */
const FILE_ROUNDS = 2;
/** Episodes that a generation has of its files, at least, where there are no cities. */
const FILE_EPISODES_MIN = 2;
/** Cities that a generation sees, at most, by style and protocol. */
const CITIES: readonly { style: CityStyle; protocol: string; seen: number; validated: number }[] = [
  { style: 'real', protocol: 'scenario', seen: 3, validated: 5 },
  { style: 'literature', protocol: 'literature-15', seen: 2, validated: 4 },
  { style: 'literature', protocol: 'literature-5', seen: 2, validated: 4 },
];
/** Episodes of validation that come from files, at least. */
const FILE_VALIDATION_MIN = 4;

/** Trips at fixed times: moved by up to this much, s, and fewer or more of them. */
const JITTER_S = 300;
const DEMAND_SCALE = [0.8, 1.2] as const;

/** Seeds below are never trained on, and so are good for comparisons. */
const SEEDS_FROM = 1000;
const SEEDS = 1_000_000_000;
/** Cities with numbers above are for validation. */
const VALIDATION_CITIES_AFTER = 1_000_000;

/**
 * The episodes that the candidates of a generation are judged by: the same for all of them, and others in the
 * next generation. Every file each time, and some of the cities in turn.
 */
export function trainingEpisodes(syllabus: Syllabus, generation: number): Episode[] {
  const { files, cities, seed } = syllabus;
  const rounds = cities > 0 ? FILE_ROUNDS : Math.ceil(FILE_EPISODES_MIN / files.length);
  const episodes: Episode[] = [];
  for (let r = 0; r < rounds; r++) {
    files.forEach((file, k) => {
      const turn = generation * rounds + r;
      const drawn = trainingSeed(seed, `file ${k}`, turn);
      episodes.push(fileEpisode(file, k, turn + k, drawn));
    });
  }
  for (const { style, protocol, seen } of CITIES) {
    const count = Math.min(seen, cities);
    for (let k = 0; k < count; k++) {
      const turn = generation * count + k;
      const drawn = trainingSeed(seed, `city ${style} ${protocol}`, turn);
      episodes.push(cityEpisode(style, protocol, 1 + (turn % cities), drawn));
    }
  }
  return episodes;
}

/** The episodes that decide what is kept: seeds and cities that training never sees, the same whatever its seed. */
export function validationEpisodes({ files, cities }: Omit<Syllabus, 'seed'>): Episode[] {
  const rounds = Math.max(FILE_ROUNDS, Math.ceil(FILE_VALIDATION_MIN / Math.max(1, files.length)));
  const episodes: Episode[] = [];
  files.forEach((file, k) => {
    const each = Math.max(rounds, file.protocols.length);
    for (let r = 0; r < each; r++) episodes.push(fileEpisode(file, k, r, validationSeed(r)));
  });
  if (cities === 0) return episodes;
  CITIES.forEach(({ style, protocol, validated }, place) => {
    for (let k = 0; k < validated; k++) {
      const city = VALIDATION_CITIES_AFTER + place * 1000 + k + 1;
      episodes.push(cityEpisode(style, protocol, city, validationSeed(k)));
    }
  });
  return episodes;
}

/** Even, whatever is drawn: the odd ones are for validation. */
function trainingSeed(seed: number, name: string, turn: number): number {
  const stream = randomStream(seed, `episodes of ${name}: ${turn}`);
  return SEEDS_FROM + 2 * Math.floor(SEEDS * stream.next());
}

function validationSeed(k: number): number {
  return SEEDS_FROM + 2 * k + 1;
}

function fileEpisode(file: TrainingFile, index: number, turn: number, seed: number): Episode {
  const { name, protocols, fixedTrips } = file;
  const protocol = protocols[turn % protocols.length]!;
  const source: Source = { kind: 'file', file: index };
  return { source, group: groupOf(name, protocol), protocol, seed, ...demandOf(fixedTrips, seed) };
}

function cityEpisode(style: CityStyle, protocol: string, city: number, seed: number): Episode {
  const source: Source = { kind: 'city', style, city };
  return { source, group: groupOf('cities', protocol), protocol, seed, ...demandOf(false, seed) };
}

function groupOf(name: string, protocol: string): string {
  return protocol === 'scenario' ? name : `${name} ${protocol}`;
}

function demandOf(fixedTrips: boolean, seed: number): { jitterS: number; demandScale: number } {
  if (!fixedTrips) return { jitterS: 0, demandScale: 1 };
  const [low, high] = DEMAND_SCALE;
  return { jitterS: JITTER_S, demandScale: low + (high - low) * randomStream(seed, 'demand').next() };
}
