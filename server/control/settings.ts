/** One thing that a controller lets its user choose. */
export interface Setting {
  readonly key: string;
  /** What it is, in a few words, with its unit in the key or here. */
  readonly summary: string;
  readonly standard: number | string;
  /** Limits of a number, both allowed. */
  readonly min?: number;
  readonly max?: number;
  /** All values that a text may have. */
  readonly choices?: readonly string[];
}

/** A value for every setting of a controller. */
export type Settings = Readonly<Record<string, number | string>>;

/** What somebody wrote for settings, before it was looked at. */
export type SettingsGiven = Readonly<Record<string, unknown>>;

/** What is wrong with a value given, and what is allowed. */
export interface SettingProblem {
  readonly key: string;
  readonly message: string;
  readonly advice: string;
}

/**
 * All settings, those given and the standard for the others, and what is wrong with those given. A number
 * may be given as text, as it comes from the command line. With problems the settings are not to be used.
 */
export function settingsOf(
  known: readonly Setting[],
  given: SettingsGiven,
): { readonly settings: Settings; readonly problems: readonly SettingProblem[] } {
  const settings: Record<string, number | string> = {};
  const problems: SettingProblem[] = [];
  for (const { key, standard } of known) settings[key] = standard;
  for (const [key, value] of Object.entries(given)) {
    const setting = known.find((one) => one.key === key);
    if (setting === undefined) {
      problems.push({ key, message: 'is not a setting of this controller.', advice: settingList(known) });
      continue;
    }
    const read = typeof setting.standard === 'number' ? numberOf(setting, value) : choiceOf(setting, value);
    if (read === null) {
      problems.push({ key, message: `${JSON.stringify(value)} is not allowed.`, advice: allowed(setting) });
    } else {
      settings[key] = read;
    }
  }
  return { settings, problems };
}

function numberOf({ min = -Infinity, max = Infinity }: Setting, value: unknown): number | null {
  const number = typeof value === 'string' && value.trim() !== '' ? Number(value) : value;
  return typeof number === 'number' && number >= min && number <= max ? number : null;
}

function choiceOf({ choices = [] }: Setting, value: unknown): string | null {
  return typeof value === 'string' && choices.includes(value) ? value : null;
}

function allowed({ min, max, choices }: Setting): string {
  return choices === undefined ? `Use a number from ${min} to ${max}.` : `Use ${choices.join(' or ')}.`;
}

function settingList(known: readonly Setting[]): string {
  return known.length === 0 ? 'It has none.' : `Settings: ${known.map(({ key }) => key).join(', ')}.`;
}
