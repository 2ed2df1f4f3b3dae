import { type FileKind, SCENARIO, type WantedKind } from './kind.ts';

/** The keys of a JSON text's outermost object, or of the first object of a list, each with how its value begins. */
interface TopKeys {
  readonly isList: boolean;
  readonly keys: ReadonlyMap<string, string>;
}

const CONFIG_FIRST = 'Give the configuration that names it, most often called config.json.';
const PART_ADVICE = `It is one of CityFlow's files, but not the one that names the others. ${CONFIG_FIRST}`;
const RESULT_ADVICE = 'It holds results, which are not read. Give the scenario that was run.';

/** What a JSON text is, by the keys at its top; `null` where they do not show it. The text may break off. */
export function jsonKind(text: string): FileKind | null {
  const { isList, keys } = topKeysOf(text);
  const has = (...names: string[]) => names.every((name) => keys.has(name));
  const value = (name: string) => keys.get(name) ?? '';
  if (isList) {
    if (keys.size === 0 && /^\[\s*\]/.test(text)) return kind('flow', 'a CityFlow flow file', PART_ADVICE);
    if (has('route') || has('vehicle', 'interval')) return kind('flow', 'a CityFlow flow file', PART_ADVICE);
    return keys.size === 0 ? null : kind(null, 'a list (JSON)', 'A scenario is an object with keys.');
  }
  if (has('roadnetFile') || has('flowFile')) {
    return kind(
      'config',
      'a CityFlow configuration',
      'Give it as the FILE of a command, for example greenwave run FILE.',
    );
  }
  if (value('intersections').startsWith('[')) return kind('roadnet', 'a CityFlow roadnet', PART_ADVICE);
  if (value('static').startsWith('{')) {
    return kind(
      null,
      'the map of a CityFlow replay (roadnetLogFile)',
      'It is a result. Give the config.json of the run.',
    );
  }
  const format = value('format');
  if (format.startsWith('"greenwave-policy"')) {
    return kind('policy', 'a policy', 'Give it with --policy FILE, beside --controller learned.');
  }
  if (format.startsWith('"greenwave-checkpoint"')) {
    return kind(
      'checkpoint',
      'the checkpoint of a training',
      'Go on with it by greenwave train --resume FOLDER.',
    );
  }
  if (value('kind').startsWith('"run"') && has('version')) {
    return kind(
      'log',
      'the log of a session',
      'Run it again with greenwave replay FILE, or give it with --interventions FILE.',
    );
  }
  if (has('greenwave', 'verdict') || has('greenwave', 'comparison')) {
    return kind(
      null,
      'a comparison that Greenwave wrote (comparison.json)',
      `${RESULT_ADVICE} Open report.html beside it.`,
    );
  }
  if (has('fingerprint', 'vehicles')) {
    return kind(null, 'the summary of a run that Greenwave wrote (summary.json)', RESULT_ADVICE);
  }
  if (/^"(?:FeatureCollection|Feature|Topology)"/.test(value('type'))) {
    return kind(
      null,
      'a map (GeoJSON)',
      'GeoJSON is not read. Write the network as a scenario: see scenarios/README.md.',
    );
  }
  if (has('elements') && (has('osm3s') || has('generator'))) {
    return kind(
      null,
      'an OpenStreetMap extract (Overpass JSON)',
      'It is not read. Write the network as a scenario: see scenarios/README.md.',
    );
  }
  if (has('$schema', 'properties')) {
    return kind(null, 'a JSON schema', 'It describes files. Give a file that follows it.');
  }
  const own = [
    'isolated',
    'corridor',
    'grid',
    'intersections',
    'roads',
    'demand',
    'randomTrips',
    'durationS',
  ];
  return own.some((name) => keys.has(name)) ? SCENARIO : null;
}

function kind(id: WantedKind | null, what: string, advice: string): FileKind {
  return { id, what, advice };
}

/** So much of a value shows how it begins. */
const VALUE_SHOWN = 40;

/** Reads no further than it must: a roadnet may have hundreds of megabytes. */
function topKeysOf(text: string): TopKeys {
  const keys = new Map<string, string>();
  const isList = text.startsWith('[');
  const wanted = isList ? 2 : 1;
  let depth = 0;
  const token = /"((?:[^"\\]|\\.){0,200})"|[{}[\]]/g;
  for (let match = token.exec(text); match !== null; match = token.exec(text)) {
    const [part, inQuotes] = match;
    if (part === '{' || part === '[') depth++;
    else if (part === '}' || part === ']') {
      depth--;
      if (depth < wanted && isList && keys.size > 0) break;
      if (depth === 0) break;
    } else if (depth === wanted && inQuotes !== undefined) {
      const after = /^\s*:\s*/.exec(text.slice(token.lastIndex, token.lastIndex + 200));
      if (after === null) continue;
      const at = token.lastIndex + after[0].length;
      keys.set(inQuotes, text.slice(at, at + VALUE_SHOWN));
      // A text is no key of its own.
      if (text[at] !== '"') token.lastIndex = at;
    }
  }
  return { isList, keys };
}
