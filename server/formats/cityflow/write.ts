import type { Layout } from '../../scenario/layout.ts';
import { Findings } from './findings.ts';
import { withNumbersToRead } from './numbers.ts';
import { writeFlows } from './writeFlows.ts';
import { writeRoadnet } from './writeRoadnet.ts';

/** CityFlow's files by name, and what could not be said in them. */
export interface CityFlowTexts {
  readonly 'config.json': string;
  readonly 'roadnet.json': string;
  readonly 'flow.json': string;
  readonly warnings: string[];
}

/**
 * Writes a layout as the three files that CityFlow loads, with its fixed plan as the signals' cycle.
 *
 * Random arrivals become trips drawn with `seed`, the same ones that a run with that seed has.
 */
export function writeCityFlow(layout: Layout, { seed }: { readonly seed: number }): CityFlowTexts {
  const findings = new Findings();
  const roadnet = writeRoadnet(layout, 'roadnet.json', findings);
  const flow = writeFlows(layout, seed, 'flow.json', findings);
  const config = {
    interval: layout.stepS,
    seed,
    dir: './',
    roadnetFile: 'roadnet.json',
    flowFile: 'flow.json',
    rlTrafficLight: false,
    laneChange: false,
    saveReplay: false,
    roadnetLogFile: '',
    replayLogFile: '',
  };
  return {
    'config.json': `${JSON.stringify(config, null, 2)}\n`,
    'roadnet.json': withNumbersToRead(roadnet),
    'flow.json': withNumbersToRead(flow),
    warnings: findings.warnings,
  };
}
