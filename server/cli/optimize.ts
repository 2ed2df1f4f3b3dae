import { setImmediate as breathe } from 'node:timers/promises';
import { descent } from '../control/descent.ts';
import { operate } from '../control/operation.ts';
import { type Plan, plannedIntersections, withPlan } from '../control/plan.ts';
import { PLAN_STRIDES_S, planKey, planMoves } from '../control/planMoves.ts';
import { CONTROLLERS } from '../control/registry.ts';
import { SETTING_STRIDES, settingMoves, settingsKey } from '../control/settingMoves.ts';
import type { Settings } from '../control/settings.ts';
import { fileText } from '../files/fileText.ts';
import { type Loaded, loadLayout } from '../files/load.ts';
import { visible } from '../protocol/visibleText.ts';
import { counted, percent, rangeText, signed } from '../report/figures.ts';
import { excludesZero, mean, tInterval } from '../report/statistics.ts';
import { type Summary, summarize } from '../sim/summary.ts';
import { named } from '../study/flagValue.ts';
import { Mistake } from '../study/mistake.ts';
import { atSeed, operationOf, type Study } from '../study/study.ts';
import { type StudyFlags, studyOf } from './commandStudy.ts';
import { Interruption } from './interruption.ts';
import { withPlanText, withSettingsText } from './optimizedFile.ts';
import { claimFile, writeText } from './outFile.ts';
import { progressOf } from './progress.ts';
import { aligned, type Row } from './runTable.ts';
import { type SetText, settingsByController } from './setFlag.ts';
import { print, tell } from './terminal.ts';
import { warn } from './warn.ts';

export interface OptimizeFlags {
  readonly controller: string;
  readonly seeds: number;
  readonly heldOut: number;
  readonly evaluations: number;
  readonly measure: string;
  readonly durationS?: number;
  readonly jitterS?: number;
  readonly set?: readonly SetText[];
  readonly out: string;
}

/** What may be searched for, and which way is good. */
export const GOALS: readonly { readonly name: GoalName; readonly unit: string; readonly sign: 1 | -1 }[] = [
  { name: 'averageDelayS', unit: 's', sign: 1 },
  { name: 'averageTravelTimeS', unit: 's', sign: 1 },
  { name: 'finishedTravelTimeS', unit: 's', sign: 1 },
  { name: 'averageApproachTimeS', unit: 's', sign: 1 },
  { name: 'delayP95S', unit: 's', sign: 1 },
  { name: 'maxWaitS', unit: 's', sign: 1 },
  { name: 'stopsPerVehicle', unit: '', sign: 1 },
  { name: 'averageQueue', unit: 'veh', sign: 1 },
  { name: 'throughputVph', unit: 'veh/h', sign: -1 },
];
type GoalName = Exclude<keyof Summary, 'vehicles'>;

const SCENARIO_BYTES_MAX = 64_000_000;
/** Seeds that judge the result begin after this one, those of the search at 1. */
const HELD_OUT_AFTER = 1000;

/** Something that can be searched: how to try one of its states, and how to write it into the file. */
interface Search<State> {
  readonly start: State;
  readonly candidates: Generator<State, void, number>;
  readonly studyWith: (state: State, seed: number) => Study;
  /** Whether another seed is another day. */
  readonly seedsDiffer: boolean;
  readonly textWith: (text: string, state: State) => string;
  readonly rerun: string;
}

/** `greenwave optimize FILE`: searches a plan or settings on some seeds, judges them on others, writes a scenario. */
export async function optimize(file: string, flags: OptimizeFlags): Promise<void> {
  const goal = named('measure', GOALS, flags.measure);
  const entry = named('controller', CONTROLLERS, flags.controller);
  claimFile(flags.out, file);
  const loaded = await loadLayout(file);
  if (loaded.format !== 'scenario') {
    throw new Mistake(
      `${file} is a CityFlow configuration; optimize writes a scenario, which needs a scenario to begin with.`,
    );
  }
  const settings = settingsByController(flags.set ?? [], [entry], CONTROLLERS).get(entry.name) ?? {};
  const { durationS, jitterS = 0 } = flags;
  const studyFlags = {
    ...{ controller: entry.name, settings, jitterS },
    ...(durationS === undefined ? {} : { durationS }),
  };
  const study = studyOf(loaded, studyFlags);
  warn(study.warnings);
  // A controller that sees nothing runs a plan, which can be written out; others have settings only.
  if (entry.sees === 'nothing')
    await conclude(file, flags, goal, planSearch(loaded, study, studyFlags, flags.out));
  else if (entry.settings.length > 0) {
    await conclude(file, flags, goal, settingsSearch(loaded, study, studyFlags, flags.out));
  } else throw new Mistake(`${entry.name} has nothing to search: no plan and no settings.`);
}

type Goal = (typeof GOALS)[number];

async function conclude<State>(
  file: string,
  flags: OptimizeFlags,
  goal: Goal,
  search: Search<State>,
): Promise<void> {
  const seeds = Array.from({ length: flags.seeds }, (_, k) => k + 1);
  const { best, tried, found, stopped } = await searched(search, seeds, flags, goal);
  const text = search.textWith(fileText(file, SCENARIO_BYTES_MAX, 'scenario'), best);
  writeText(flags.out, text);
  const judges = Array.from({ length: flags.heldOut }, (_, k) => HELD_OUT_AFTER + k + 1);
  const before: number[] = [];
  const after: number[] = [];
  for (const seed of judges) {
    before.push(outcome(search.studyWith(search.start, seed), goal.name));
    await breathe();
    after.push(outcome(search.studyWith(best, seed), goal.name));
    await breathe();
  }
  if (stopped) tell(`Stopped after ${counted(tried, 'evaluation')}; this is the best of them.\n`);
  const rows: Row[] = [
    ['', 'before', 'after'],
    [`${seedsText(seeds)}, searched on`, found.before.toFixed(2), found.after.toFixed(2)],
    [`${seedsText(judges)}, not used in the search`, mean(before).toFixed(2), mean(after).toFixed(2)],
  ];
  const unit = goal.unit === '' ? '' : `, ${goal.unit}`;
  print(
    `${flags.controller}: ${goal.name}${unit}, ${counted(tried, 'evaluation')} of ${counted(flags.seeds, 'seed')}\n\n${aligned(rows, 2)}\n`,
  );
  print(`${search.seedsDiffer ? verdict(before, after, goal) : SAME_DAY}\n\n`);
  print(`Written to ${visible(flags.out)}. Run it: ${search.rerun}\n`);
}

const SAME_DAY =
  'All trips are at fixed times, so every seed is the same day and shows nothing new: give --jitter-s to move departures.';

/** `seed 1`, `seeds 1 to 4`. */
function seedsText(seeds: readonly number[]): string {
  return seeds.length === 1 ? `seed ${seeds[0]}` : `seeds ${seeds[0]} to ${seeds.at(-1)}`;
}

/** One sentence on the seeds that the search has not seen. */
function verdict(before: readonly number[], after: readonly number[], { sign, unit }: Goal): string {
  const differences = after.map((value, k) => value - before[k]!);
  const interval = tInterval(differences);
  const change = mean(differences);
  const share = mean(before) === 0 ? null : change / mean(before);
  const told = `${signed(change, 2)}${unit === '' ? '' : ` ${unit}`} (${percent(share)}), 95 % interval ${rangeText(interval, 2)}`;
  if (!excludesZero(interval)) return `No difference shown on seeds not used in the search: ${told}.`;
  const word = change * sign < 0 ? 'Better' : 'Worse';
  return `${word} on seeds not used in the search: ${told}.`;
}

/** Tries states until none gains, the evaluations are used up, or Ctrl-C; the best of them, by the mean over seeds. */
async function searched<State>(
  search: Search<State>,
  seeds: readonly number[],
  { evaluations, controller }: OptimizeFlags,
  { name, sign }: Goal,
) {
  const interruption = new Interruption(() => {}); // the file is put in place when it is whole
  const progress = await progressOf(controller, evaluations * seeds.length, 'runs');
  let best = search.start;
  let lowest = Infinity;
  let first = 0;
  let tried = 0;
  let next = search.candidates.next();
  while (!next.done && tried < evaluations && !interruption.signal.aborted) {
    const values: number[] = [];
    for (const seed of seeds) {
      values.push(outcome(search.studyWith(next.value, seed), name));
      progress.done(tried * seeds.length + values.length);
      await breathe(); // so that Ctrl-C is heard
      if (tried > 0 && interruption.signal.aborted) break;
    }
    if (values.length < seeds.length) break;
    const cost = sign * mean(values);
    if (tried === 0) first = cost;
    tried++;
    if (cost < lowest) {
      lowest = cost;
      best = next.value;
    }
    next = search.candidates.next(cost);
  }
  progress.end();
  const stopped = interruption.signal.aborted;
  interruption.close();
  return {
    best,
    tried,
    stopped,
    found: { before: sign * first, after: sign * (tried === 0 ? first : lowest) },
  };
}

function outcome(study: Study, measure: GoalName): number {
  const operation = operationOf(study, { measures: true });
  while (operation.sim.step < study.steps) operate(operation);
  return summarize(operation.sim)[measure];
}

/** Cycle, splits and offsets, from what the controller makes of the scenario. */
function planSearch(loaded: Loaded, study: Study, flags: StudyFlags, out: string): Search<Plan> {
  const { compiled, network, controller } = study;
  if (plannedIntersections(network).length === 0) {
    throw new Mistake('There is no signal with two phases or more here, and so no plan to search.');
  }
  const start: Plan = { split: network.split, offset: Int32Array.from(network.offset) };
  const strides = PLAN_STRIDES_S.map((s) => Math.max(1, Math.round(s / network.stepS)));
  const controllerOfPlans = { controller: named('controller', CONTROLLERS, 'fixed-time'), settings: {} };
  const days = daysOf(loaded, study, flags);
  const duration = flags.durationS === undefined ? '' : ` --duration-s ${flags.durationS}`;
  return {
    start,
    candidates: descent(start, planMoves(network, start), [...new Set(strides)], planKey),
    studyWith: (plan, seed) => {
      const day = days(seed);
      return { ...day, ...controllerOfPlans, network: withPlan(day.compiled.network, plan) };
    },
    seedsDiffer: seedsDiffer(study),
    textWith: (text, plan) => withPlanText(text, loaded.layout, compiled.network, plan, out),
    rerun: `greenwave run ${out}${duration}${controller.name === 'fixed-time' ? '' : ' --controller fixed-time'}`,
  };
}

/** Whether another seed is another day: with random arrivals, or departures that are moved. */
function seedsDiffer({ compiled, jitterS }: Study): boolean {
  return jitterS > 0 || compiled.layout.origins.length > 0;
}

/** The study of each seed; one for all where only chance arrivals differ, for these are drawn in the run. */
function daysOf(loaded: Loaded, study: Study, flags: StudyFlags): (seed: number) => Study {
  const known = new Map<number, Study>();
  return (seed) => {
    if (study.jitterS === 0) return atSeed(study, seed);
    const day = known.get(seed) ?? studyOf(loaded, { ...flags, seed });
    known.set(seed, day);
    return day;
  };
}

/** The controller's own settings. */
function settingsSearch(loaded: Loaded, study: Study, flags: StudyFlags, out: string): Search<Settings> {
  const { controller, settings: start } = study;
  // What is as always need not be said; but what the file says otherwise must be taken back.
  const chosen = (settings: Settings) =>
    Object.fromEntries(
      controller.settings.flatMap(({ key, standard }) =>
        settings[key] === standard && start[key] === standard ? [] : [[key, settings[key]!]],
      ),
    );
  const duration = flags.durationS === undefined ? '' : ` --duration-s ${flags.durationS}`;
  return {
    start,
    candidates: descent(start, settingMoves(controller.settings), SETTING_STRIDES, settingsKey),
    studyWith: (settings, seed) => studyOf(loaded, { ...flags, settings, seed }),
    seedsDiffer: seedsDiffer(study),
    textWith: (text, settings) => withSettingsText(text, controller.name, chosen(settings), out),
    rerun: `greenwave run ${out} --controller ${controller.name}${duration}`,
  };
}
