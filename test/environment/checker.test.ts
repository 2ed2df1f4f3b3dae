import { expect, test } from 'vitest';
import { checkEnvironment } from '../../server/environment/checker.ts';
import { drawCity } from '../../server/environment/city.ts';
import { type EnvironmentOptions, SignalEnvironment } from '../../server/environment/environment.ts';
import { datasetLayout, hasDataset } from '../datasets.ts';
import { crossing } from '../networks.ts';
import { BROKEN } from './brokenEnvironments.ts';

/** The checker finds nothing wrong with ours, and what is wrong with each of the broken ones. */

const short = { durationS: 240 } as const;
const busy = crossing({ westVph: 700, northVph: 500, arrivals: 'poisson' });

const ours: readonly EnvironmentOptions[] = [
  { ...short, reward: 'queue' },
  { ...short, reward: 'delay', sight: 'detectors' },
  { ...short, reward: 'pressure', decisionS: 7, demandScale: 0.8 },
];

test.each(ours)('nothing is wrong with %o', (options) => {
  expect(checkEnvironment(new SignalEnvironment(busy, options))).toEqual([]);
});

test.each(['real', 'literature'] as const)('nor with drawn cities, %s', (style) => {
  const protocol = style === 'literature' ? 'literature-5' : 'scenario';
  expect(checkEnvironment(new SignalEnvironment(drawCity(style, 3), { ...short, protocol }))).toEqual([]);
});

test.runIf(hasDataset('jinan1'))('nor with a file of the literature, its departures jittered', () => {
  const options = { ...short, protocol: 'literature-15', jitterS: 60 };
  expect(checkEnvironment(new SignalEnvironment(datasetLayout('jinan1'), options))).toEqual([]);
});

test.each(BROKEN)('%s is found', (_, Broken, said) => {
  const problems = checkEnvironment(new Broken(new SignalEnvironment(busy, short)));
  expect(problems.join('\n')).toMatch(said);
});
