import * as z from 'zod';
import { shown } from '../../scenario/problem.ts';
import type { Findings } from './findings.ts';
import { isObject, reportField } from './shape.ts';

/** What a run needs to know beside the network and the trips. */
export interface CityFlowSettings {
  readonly seed: number;
  /** True: phases change only when a controller says so. False: the roadnet's own cycle runs. */
  readonly rlTrafficLight: boolean;
  readonly laneChange: boolean;
}

const CONFIG = z.object({
  interval: z
    .number({ error: 'a number from 0.01 to 10 s' })
    .min(0.01, { error: 'a number from 0.01 to 10 s' })
    .max(10, { error: 'a number from 0.01 to 10 s' }),
  seed: z.int({ error: 'a whole number' }).default(0),
  dir: z.string({ error: 'text' }).default(''),
  roadnetFile: z.string({ error: 'the name of a file' }),
  flowFile: z.string({ error: 'the name of a file' }),
  rlTrafficLight: z.boolean({ error: 'true or false' }).default(false),
  laneChange: z.boolean({ error: 'true or false' }).default(false),
});

/** Whether a parsed file is a CityFlow configuration: it names a roadnet file and a flow file. */
export function looksLikeCityFlowConfig(value: unknown): boolean {
  return isObject(value) && 'roadnetFile' in value && 'flowFile' in value;
}

/** CityFlow's own defaults: what a roadnet and a flow without a configuration mean. */
export const DEFAULT_SETTINGS: CityFlowSettings & { readonly interval: number } = {
  interval: 1,
  seed: 0,
  rlTrafficLight: false,
  laneChange: false,
};

/** The settings of a `config.json`; the defaults for everything that had to be reported. */
export function readConfig(value: unknown, name: string, findings: Findings): typeof DEFAULT_SETTINGS {
  if (!isObject(value)) {
    findings.problem(name, `Found ${shown(value)}, needs an object with "roadnetFile" and "flowFile".`);
    return DEFAULT_SETTINGS;
  }
  const parsed = CONFIG.safeParse(value);
  if (parsed.success) return parsed.data;
  for (const { path, message } of parsed.error.issues) {
    const key = String(path[0]);
    reportField(findings, `${name} ${key}`, value, key, message);
  }
  return DEFAULT_SETTINGS;
}
