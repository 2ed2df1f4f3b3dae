import { expect, test } from 'vitest';
import { type Syllabus, trainingEpisodes, validationEpisodes } from '../../server/learning/curriculum.ts';
import { episodeKey } from '../../server/learning/episode.ts';

const LITERATURE = ['literature-15', 'literature-5'];
const crossing = { name: 'crossing', protocols: ['scenario'], fixedTrips: false };
const jinan = { name: 'jinan', protocols: LITERATURE, fixedTrips: true };
const hangzhou = { name: 'hangzhou', protocols: LITERATURE, fixedTrips: true };

const FEW: Syllabus = { files: [crossing, jinan, hangzhou], cities: 6, seed: 1 };
const generations = (count: number) => Array.from({ length: count }, (_, g) => g);

test('what a generation sees depends on the seed and its number alone, and changes with both', () => {
  const keys = (syllabus: Syllabus, g: number) => trainingEpisodes(syllabus, g).map(episodeKey);
  expect(keys(FEW, 3)).toEqual(keys(FEW, 3));
  const seen = generations(20).flatMap((g) => keys(FEW, g));
  expect(new Set(seen).size).toBe(seen.length);
  expect(keys({ ...FEW, seed: 2 }, 3)).not.toEqual(keys(FEW, 3));
});

test('nothing that judges is ever trained on, nor are the seeds below 1000', () => {
  const validation = validationEpisodes(FEW);
  expect(validation.every(({ seed }) => seed % 2 === 1)).toBe(true);
  const cities = new Set(validation.map(({ source }) => (source.kind === 'city' ? source.city : null)));
  for (const g of generations(200)) {
    for (const { seed, source } of trainingEpisodes(FEW, g)) {
      expect(seed % 2 === 0 && seed >= 1000).toBe(true);
      if (source.kind === 'city') expect(cities.has(source.city)).toBe(false);
    }
  }
});

test('every file is seen in each generation, and every city in its turn', () => {
  const episodes = generations(6).map((g) => trainingEpisodes(FEW, g));
  for (const one of episodes) {
    const files = one.flatMap(({ source }) => (source.kind === 'file' ? [source.file] : []));
    expect(files).toEqual([0, 1, 2, 0, 1, 2]);
  }
  for (const style of ['real', 'literature']) {
    const seen = episodes
      .flat()
      .flatMap(({ source }) => (source.kind === 'city' && source.style === style ? [source.city] : []));
    expect([...new Set(seen)].sort()).toEqual([1, 2, 3, 4, 5, 6]);
  }
});

test('files of several protocols take turns, two of them in opposite order', () => {
  const protocolsOf = (file: number) =>
    generations(2).flatMap((g) =>
      trainingEpisodes(FEW, g).flatMap(({ source, protocol }) => {
        return source.kind === 'file' && source.file === file ? [protocol] : [];
      }),
    );
  const [fifteen, five] = LITERATURE;
  expect(protocolsOf(1)).toEqual([five, fifteen, five, fifteen]);
  expect(protocolsOf(2)).toEqual([fifteen, five, fifteen, five]);
  const alone = trainingEpisodes({ files: [jinan], cities: 0, seed: 1 }, 0);
  expect(alone.map(({ protocol }) => protocol)).toEqual(LITERATURE);
  const judged = validationEpisodes({ files: [jinan], cities: 0 });
  expect(new Set(judged.map(({ protocol }) => protocol))).toEqual(new Set(LITERATURE));
});

test('trips at fixed times are moved, and are fewer or more; random ones are drawn anew by the seed', () => {
  const demand = generations(50)
    .flatMap((g) => trainingEpisodes({ ...FEW, files: [jinan] }, g))
    .filter(({ group }) => group.startsWith('jinan'));
  for (const { jitterS, demandScale } of demand) {
    expect(jitterS).toBe(300);
    expect(demandScale >= 0.8 && demandScale <= 1.2).toBe(true);
  }
  expect(Math.max(...demand.map(({ demandScale }) => demandScale))).toBeGreaterThan(1.1);
  expect(Math.min(...demand.map(({ demandScale }) => demandScale))).toBeLessThan(0.9);
  expect(trainingEpisodes(FEW, 0)[0]).toMatchObject({ jitterS: 0, demandScale: 1 });
});

test('groups are named for their file, or for cities, and the protocol', () => {
  const groups = [...new Set(validationEpisodes(FEW).map(({ group }) => group))];
  expect(groups).toEqual([
    'crossing',
    'jinan literature-15',
    'jinan literature-5',
    'hangzhou literature-15',
    'hangzhou literature-5',
    'cities',
    'cities literature-15',
    'cities literature-5',
  ]);
});
