import type { ControllerEntry } from '../control/registry.ts';
import { type SettingsGiven, settingsOf } from '../control/settings.ts';
import { quoted, suggestion } from '../scenario/problem.ts';
import { named, unknownName } from '../study/flagValue.ts';
import { Mistake } from '../study/mistake.ts';

/** One `--set`, taken apart. */
export interface SetText {
  /** The controller it is for; `null`: every one that has such a setting. */
  readonly controller: string | null;
  readonly key: string;
  readonly value: string;
}

/** The help of the flag, the same for all commands that have it. */
export const SET_HELP = 'a setting, as key=value or controller.key=value; may be given again';

/**
 * Takes one more `--set key=value` or `--set controller.key=value`; for the option parser, which hands over
 * those before it.
 *
 * @throws {Mistake} when it has another form
 */
export function addSet(text: string, before: readonly SetText[] = []): SetText[] {
  const [, controller, key, value] = /^\s*(?:([\w-]+)\s*\.)?\s*(\w+)\s*=\s*(.*?)\s*$/.exec(text) ?? [];
  if (key === undefined || value === undefined || value === '') {
    throw new Mistake(
      `--set: ${quoted(text)} is not a setting and its value.`,
      'Write key=value, or controller.key=value for one controller alone.',
    );
  }
  return [...before, { controller: controller ?? null, key, value }];
}

/**
 * The settings that each of the controllers at work is given, by name; those without any are left out. What is
 * said to one controller wins over what is said to all.
 *
 * @throws {Mistake} for a controller that is unknown or not at work, a setting that none of them has, one that
 *   is given twice, and a value that is not allowed
 */
export function settingsByController(
  sets: readonly SetText[],
  atWork: readonly ControllerEntry[],
  all: readonly ControllerEntry[],
): ReadonlyMap<string, SettingsGiven> {
  refuseTwice(sets);
  for (const set of sets) refuseStranger(set, atWork, all);
  const given = new Map<string, SettingsGiven>();
  for (const { name, settings } of atWork) {
    const general = sets.filter(
      (set) => set.controller === null && settings.some((setting) => setting.key === set.key),
    );
    const special = sets.filter((set) => set.controller === name);
    if (general.length + special.length === 0) continue;
    const own = Object.fromEntries([...general, ...special].map(({ key, value }) => [key, value]));
    for (const { key, message, advice } of settingsOf(settings, own).problems) {
      throw new Mistake(`--set ${name}.${key}: ${message}`, advice);
    }
    given.set(name, own);
  }
  return given;
}

function refuseTwice(sets: readonly SetText[]): void {
  const seen = new Set<string>();
  for (const { controller, key } of sets) {
    const name = controller === null ? key : `${controller}.${key}`;
    if (seen.has(name)) throw new Mistake(`--set: ${quoted(name)} is given twice.`, 'Give it once.');
    seen.add(name);
  }
}

function refuseStranger(
  { controller, key }: SetText,
  atWork: readonly ControllerEntry[],
  all: readonly ControllerEntry[],
): void {
  if (controller === null) {
    const keys = [...new Set(atWork.flatMap(({ settings }) => settings.map((setting) => setting.key)))];
    if (keys.includes(key)) return;
    const names = atWork.map(({ name }) => name).join(', ');
    const has = atWork.length === 1 ? 'has' : 'have';
    if (keys.length === 0) throw new Mistake(`--set ${key}: ${names} ${has} no settings.`);
    const nearest = suggestion(key, keys);
    throw new Mistake(
      `--set: ${quoted(key)} is not a setting of ${names}.`,
      nearest.startsWith('Did you mean') ? nearest : '',
      `Settings: ${keys.join(', ')}.`,
    );
  }
  const { name, settings } = named('controller', all, controller);
  if (!atWork.some((one) => one.name === name)) {
    throw new Mistake(
      `--set ${controller}.${key}: ${quoted(controller)} is not at work here.`,
      `At work: ${atWork.map((one) => one.name).join(', ')}.`,
    );
  }
  const keys = settings.map((setting) => setting.key);
  if (keys.includes(key)) return;
  if (keys.length === 0) throw new Mistake(`--set ${controller}.${key}: ${name} has no settings.`);
  throw unknownName('setting', key, keys, ` of ${name}`);
}
