import { basename } from 'node:path';
import { LEARNED } from '../study/controllerNames.ts';
import type { CompareFlags } from './comparePlan.ts';
import type { TrainOrder } from './trainPlan.ts';

/**
 * What repeats a comparison, as it is typed: with everything that was told and matters. The file goes without
 * its folder and the results have a folder of their own, so that a report does not tell where it was made.
 */
export function compareCommand(file: string, flags: CompareFlags): string {
  const options: readonly OptionValue[] = [
    ['--controllers', flags.controllers.replace(/\s/g, '')],
    ['--seeds', flags.seeds],
    ['--first-seed', flags.firstSeed],
    ['--trace-seed', flags.traceSeed],
    ['--duration-s', flags.durationS],
    ['--warmup-s', flags.warmupS],
    ['--precision-s', flags.precisionS],
    ['--protocol', flags.protocol],
    ['--decision-s', flags.decisionS],
    ['--jitter-s', flags.jitterS],
    ['--demand-scale', flags.demandScale],
    ['--interventions', flags.interventions === undefined ? undefined : basename(flags.interventions)],
    ...(flags.set ?? []).map(
      ({ controller, key, value }) =>
        ['--set', `${controller === null ? '' : `${controller}.`}${key}=${value}`] as const,
    ),
    ...(flags.policy ?? []).map(({ name, file }) => ['--policy', policyWord(name, basename(file))] as const),
    ['--out', 'comparison'],
  ];
  const told = optionTexts(options);
  if (flags.perfectDetection) told.push('--perfect-detection');
  if (flags.detectorsOnly) told.push('--detectors-only');
  return ['npx greenwave compare', quotedIfNeeded(basename(file)), ...told].join(' ');
}

/** What makes the same policy again: files as they were named, and as many generations as there were. */
export function trainCommand(order: TrainOrder, generations: number, name: string): string {
  const { files, cities, protocol, seed, population, start, backend, sight, schedule, weights } = order;
  const options = optionTexts([
    ['--cities', cities === 0 ? undefined : cities],
    ['--protocol', protocol ?? undefined],
    ['--start', start?.path],
    ['--seed', seed],
    ['--population', population],
    ['--backend', backend],
    ['--schedule', schedule?.join(',')],
    ['--weights', weights.join(',')],
    ['--generations', generations],
    ['--name', name],
    ['--out', 'training'],
  ]);
  if (sight === 'detectors') options.push('--detectors-only');
  return ['npx greenwave train', ...files.map(({ path }) => quotedIfNeeded(path)), ...options].join(' ');
}

type OptionValue = readonly [flag: string, value: string | number | undefined];

function optionTexts(options: readonly OptionValue[]): string[] {
  return options.flatMap(([flag, value]) =>
    value === undefined ? [] : [`${flag} ${quotedIfNeeded(String(value))}`],
  );
}

function policyWord(name: string, file: string): string {
  return name === LEARNED ? file : `${name}=${file}`;
}

/** For a shell, where a word has signs that mean something to it. */
function quotedIfNeeded(word: string): string {
  return /^[\w.,:=+/-]+$/.test(word) ? word : `'${word.replaceAll("'", `'\\''`)}'`;
}
