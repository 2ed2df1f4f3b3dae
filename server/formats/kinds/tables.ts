import type { FileKind } from './kind.ts';

const WRITE_SCENARIO = 'Write the network as a scenario: see scenarios/README.md.';
const RESULTS = 'It holds results, which are not read. Give the scenario that was run.';

/** First columns of GMNS's tables. */
const GMNS: Readonly<Record<string, string>> = {
  link_id: 'link.csv',
  node_id: 'node.csv',
  mvmt_id: 'movement.csv',
  lane_id: 'lane.csv',
  segment_id: 'segment.csv',
  segment_lane_id: 'segment_lane.csv',
  geometry_id: 'geometry.csv',
  zone_id: 'zone.csv',
  loc_id: 'location.csv',
  use: 'use_definition.csv',
  use_group: 'use_group.csv',
  dataset_name: 'config.csv',
  controller_id: 'signal_controller.csv',
  coordination_id: 'signal_coordination.csv',
  detector_id: 'signal_detector.csv',
  timing_plan_id: 'signal_timing_plan.csv',
  timing_phase_id: 'signal_timing_phase.csv',
  signal_phase_mvmt_id: 'signal_phase_mvmt.csv',
};
const GMNS_ONLY =
  /(?:^|,)(?:from_node_id|ib_link_id|ref_node_id|x_coord|mvmt_id|controller_id|link_id|segment_id|zone_id|persons_per_vehicle|geometry_field_format|timing_plan_id|uses|geometry)(?:,|$)/;

const UTDF_SECTION = /^\[(?:network|nodes|links|lanes|timeplans|phases)\]/i;
const UTDF_TITLE =
  /^"?(?:turning movement count|lane group data|phasing data|timing plans?|layout data|utdf)\b/i;

/** Columns that begin the tables which Greenwave writes. */
const OURS =
  /^(?:controller,seed,fingerprint|seed,controller,vehicle|vehicle,vehicleType,originRoad|minuteStartS,durationS|intersection,ring,phase)/;

/** A vehicle of CityFlow's replay: x, y, direction, id, lane change, length, width. */
const REPLAY = /^(?:-?[\d.e+-]+ -?[\d.e+-]+ -?[\d.e+-]+ \S+ -?\d+ [\d.]+ [\d.]+,|;\S+(?: [rgi])+,)/;

/** What a text of rows is; `null` for what is none, or not to be told from a scenario. */
export function tableKind(text: string, fileName: string): FileKind | null {
  const end = text.indexOf('\n');
  const first = (end < 0 ? text : text.slice(0, end)).trim();
  if (REPLAY.test(first)) {
    return kind(
      'a CityFlow replay (replayLogFile): positions of vehicles that CityFlow has written',
      'It is a result. Give the config.json of the run; greenwave serve shows it.',
    );
  }
  if (UTDF_SECTION.test(first) || UTDF_TITLE.test(first) || /^RECORDNAME,/m.test(text.slice(0, 2000))) {
    return kind('a UTDF file of Synchro (CSV)', `UTDF is not read. ${WRITE_SCENARIO}`);
  }
  if (OURS.test(first)) return kind('a table that Greenwave wrote (CSV)', RESULTS);
  const columns = first.replaceAll('"', '').toLowerCase();
  const table = GMNS[columns.split(',')[0]!.trim()];
  if (table !== undefined && (columns.includes(',') ? GMNS_ONLY.test(columns) : /\.csv$/i.test(fileName))) {
    return kind(`a table of a GMNS network (${table})`, `GMNS is not read. ${WRITE_SCENARIO}`);
  }
  return isTable(first, text, fileName)
    ? kind('a table of values (CSV)', `Tables are not read. ${WRITE_SCENARIO}`)
    : null;
}

/** By name, or where two rows have equally many separators and no row looks like `key: value`. */
function isTable(first: string, text: string, fileName: string): boolean {
  if (/\.(?:csv|tsv)$/i.test(fileName)) return true;
  if (/^[[{#"'-]|:(?:\s|$)/.test(first)) return false;
  const second = text.split('\n', 3)[1]?.trim() ?? '';
  return ['\t', ';', ','].some((separator) => {
    const count = first.split(separator).length;
    return count > 3 && second.split(separator).length === count;
  });
}

function kind(what: string, advice: string): FileKind {
  return { id: null, what, advice };
}
