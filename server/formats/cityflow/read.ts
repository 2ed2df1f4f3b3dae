import { jsonFault } from '../../scenario/jsonFault.ts';
import type { Layout } from '../../scenario/layout.ts';
import type { Problem } from '../../scenario/problem.ts';
import { type CityFlowSettings, DEFAULT_SETTINGS, readConfig } from './config.ts';
import { Findings } from './findings.ts';
import { readFlows, withFractionalTimesQuoted } from './flows.ts';
import { withNumbersAsRead } from './numbers.ts';
import { readRoadnet } from './roadnet.ts';

export { type CityFlowSettings, looksLikeCityFlowConfig } from './config.ts';

/** The texts of CityFlow's files, and the names they go by in messages. */
export interface CityFlowFiles {
  readonly config: string | undefined;
  readonly roadnet: string;
  readonly flow: string;
  readonly names: { readonly config: string; readonly roadnet: string; readonly flow: string };
}

export type CityFlowReading =
  | {
      readonly ok: true;
      readonly layout: Layout;
      readonly settings: CityFlowSettings;
      readonly warnings: string[];
    }
  | { readonly ok: false; readonly problems: Problem[] };

/** CityFlow's files name no end; the studies made with them last an hour. */
const DURATION_S = 3600;

/**
 * Reads CityFlow's three files into a layout, as CityFlow itself understands them, or tells everything
 * that keeps it from doing so. Without a configuration its defaults hold.
 */
export function readCityFlow(files: CityFlowFiles): CityFlowReading {
  const { names } = files;
  const findings = new Findings();
  const config = files.config === undefined ? undefined : parsed(files.config, names.config, findings);
  const roadnet = parsed(files.roadnet, names.roadnet, findings);
  const flow = parsed(files.flow, names.flow, findings, withFractionalTimesQuoted);

  const { interval, ...settings } = config
    ? readConfig(config.value, names.config, findings)
    : DEFAULT_SETTINGS;
  if (settings.laneChange) {
    findings.warn(
      `${names.config} laneChange`,
      'Lane changing is not modelled: vehicles keep to their lanes.',
    );
  }
  const net = roadnet && readRoadnet(roadnet.value, names.roadnet, findings, !settings.rlTrafficLight);
  const demand = flow && readFlows(flow.value, names.flow, findings, net);
  if (findings.any || !net || !demand) return { ok: false, problems: findings.problems };

  const layout: Layout = {
    name: layoutName(names.config, names.roadnet),
    stepS: interval,
    durationS: DURATION_S,
    vehicleTypes: demand.vehicleTypes,
    intersections: net.intersections,
    roads: net.roads,
    flows: demand.flows,
    origins: [],
    reference: { seed: settings.seed, undrivable: demand.undrivable },
  };
  const { seed, rlTrafficLight, laneChange } = settings;
  return { ok: true, layout, settings: { seed, rlTrafficLight, laneChange }, warnings: findings.warnings };
}

function parsed(
  text: string,
  name: string,
  findings: Findings,
  prepared: (text: string) => string = (unchanged) => unchanged,
): { value: unknown } | undefined {
  try {
    const value: unknown = JSON.parse(text);
    const preparedText = withNumbersAsRead(prepared(text));
    return { value: preparedText === text ? value : JSON.parse(preparedText) };
  } catch (error) {
    const fault = jsonFault(text);
    if (fault === null) findings.problem(name, `This cannot be read as JSON: ${String(error)}.`);
    else findings.problem(`${name} line ${fault.line}, column ${fault.column}`, fault.message, fault.advice);
    return undefined;
  }
}

/** The folder of the files: CityFlow's files are always called the same. */
function layoutName(configName: string, roadnetName: string): string {
  const path = (configName || roadnetName).split(/[\\/]/);
  return path.at(-2) || path.at(-1)!.replace(/\.json$/, '');
}
