import { loadLayout } from '../files/load.ts';
import { visible } from '../protocol/visibleText.ts';
import type { Layout } from '../scenario/layout.ts';
import { aligned, grouped, type Row } from './runTable.ts';
import { print } from './terminal.ts';
import { warn } from './warn.ts';

/** `greenwave validate FILE`: every problem at once, or what the file holds. */
export async function validate(file: string): Promise<void> {
  const { layout, format, warnings } = await loadLayout(file);
  warn(warnings);
  const kind = format === 'cityflow' ? 'a CityFlow configuration' : 'a scenario';
  print(`${visible(file)} is ${kind} that can be run.\n\n${aligned(contentRows(layout))}`);
}

function contentRows({ intersections, roads, flows, origins, vehicleTypes, ...times }: Layout): Row[] {
  const inner = intersections.filter(({ boundary }) => !boundary);
  const signals = inner.filter(({ signal }) => signal !== null);
  const lanes = roads.reduce((sum, road) => sum + road.lanes.length, 0);
  return [
    ['intersections', grouped(inner.length)],
    ['  with signals', grouped(signals.length)],
    ['boundaries', grouped(intersections.length - inner.length)],
    ['roads', grouped(roads.length)],
    ['lanes', grouped(lanes)],
    ['vehicle types', grouped(vehicleTypes.length)],
    ['flows at fixed times', grouped(flows.length)],
    ['origins of random arrivals', grouped(origins.length)],
    ['step', grouped(times.stepS), 's'],
    ['duration', grouped(times.durationS), 's'],
  ];
}
