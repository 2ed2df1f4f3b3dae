import { jsonKind } from './json.ts';
import { tableKind } from './tables.ts';
import { xmlKind } from './xml.ts';

/** What a command may ask for. */
export type WantedKind = 'scenario' | 'config' | 'roadnet' | 'flow' | 'policy' | 'log' | 'checkpoint';

/** What a file turned out to be. */
export interface FileKind {
  /** One of those that are read here, or `null` for all others. */
  readonly id: WantedKind | null;
  /** With its article: `a SUMO network (.net.xml)`. */
  readonly what: string;
  /** What to do with such a file, in full sentences. */
  readonly advice: string;
}

/** So many characters from the beginning of a file tell what it is. */
export const HEAD_CHARACTERS = 65_536;

/**
 * What a text is, by its first characters; `null` where they do not show it. The name decides only where the content
 * leaves it open: files are renamed.
 *
 * @param head  the text, or at least its first `HEAD_CHARACTERS`
 */
export function kindOfText(head: string, fileName: string): FileKind | null {
  const text = head.slice(0, HEAD_CHARACTERS).trimStart();
  if (text.startsWith('<')) return xmlKind(text, fileName);
  if (/^[{[]/.test(text)) return jsonKind(text) ?? tableKind(text, fileName);
  if (/\.(?:md|markdown|rst)$/i.test(fileName)) return DOCUMENT;
  return tableKind(text, fileName) ?? (isScenarioText(text) ? SCENARIO : null);
}

export const SCENARIO: FileKind = {
  id: 'scenario',
  what: 'a scenario',
  advice: 'Give it as the FILE of a command, for example greenwave run FILE.',
};

const DOCUMENT: FileKind = {
  id: null,
  what: 'a document for people',
  advice: 'Give a scenario (YAML or JSON).',
};

const SCENARIO_KEYS =
  /^(?:isolated|corridor|grid|intersections|roads|signals|demand|randomTrips|durationS):/m;

function isScenarioText(text: string): boolean {
  return SCENARIO_KEYS.test(text);
}

/** What is needed, in words, by what a command asked for. */
export const WANTED_WORDS: Readonly<Record<WantedKind, string>> = {
  scenario: 'a scenario (YAML or JSON) or a CityFlow configuration',
  config: 'a CityFlow configuration',
  roadnet: 'a CityFlow roadnet',
  flow: 'a CityFlow flow file',
  policy: 'a policy (policy.json)',
  log: 'the log of a session',
  checkpoint: 'the checkpoint of a training',
};

/** Whether a file of this kind can be read where that one is wanted. */
export function fits(found: FileKind | null, wanted: WantedKind): boolean {
  return found === null || found.id === wanted || (wanted === 'scenario' && found.id === 'config');
}
