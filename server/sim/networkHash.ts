import type { Network, Preparation } from './network.ts';
import { inOneShape } from './networkShape.ts';

export const AS_COMPILED: Preparation = {
  signals: 'phases and plan of the file',
  protocol: 'protocol "scenario", a decision in every step',
  detectors: 'detectors as in the file',
};

/** The tables of a network before they have hashes. */
export type Tables = Omit<Network, 'hash' | 'streetsHash' | 'preparation'>;

/** Tables that controllers, protocols and working detectors replace; all others are of the streets and the demand. */
const REPLACED = [
  ...['phaseCount', 'phases', 'phaseMovements', 'phaseShown', 'phaseShownStart', 'minGreen', 'maxGreen'],
  ...['yellowChange', 'redClearance', 'split', 'offset', 'changePhase', 'ringPhases', 'ringIntersection'],
  ...[
    'ringPartner',
    'phaseGroup',
    'phaseCrosswalks',
    'walk',
    'pedestrianClearance',
    'detectors',
    'reference',
  ],
] as const satisfies readonly (keyof Tables)[];

/** A network of tables as `compile` makes them. */
export function hashedNetwork(tables: Tables): Network {
  const replaced: readonly string[] = REPLACED;
  const streets = Object.entries(tables).filter(([key]) => !replaced.includes(key));
  const streetsHash = hashOf(Object.fromEntries(streets), START);
  return withHash({ ...tables, hash: 0, streetsHash, preparation: AS_COMPILED }, []);
}

/**
 * The network with other tables, and with the hash of what it holds then: the only way to make a network of another one.
 *
 * @param done   what was done, in words
 * @param rules  what a protocol decides that is not in the tables
 */
export function prepared(
  network: Network,
  tables: Partial<Pick<Network, (typeof REPLACED)[number]>>,
  done: Partial<Preparation>,
  rules: readonly (number | Int32Array)[] = [],
): Network {
  return withHash({ ...network, ...tables, preparation: { ...network.preparation, ...done } }, rules);
}

/**
 * Why a run cannot go on from a snapshot of a network with the hashes given: `null` if it can.
 *
 * @param from  of the network on which the snapshot was taken
 */
export function difference(
  network: Network,
  from: Pick<Network, 'hash' | 'streetsHash' | 'preparation'>,
): string | null {
  if (from.streetsHash !== network.streetsHash) return 'The snapshot was taken on another network.';
  if (from.hash === network.hash) return null;
  const keys = (Object.keys(AS_COMPILED) as (keyof Preparation)[]).filter(
    (key) => from.preparation[key] !== network.preparation[key],
  );
  if (keys.length === 0) {
    return `The snapshot was taken with the same network and protocol, but other settings of its controller: minimum greens, splits or offsets differ (${network.preparation.signals}).`;
  }
  const told = ({ preparation }: Pick<Network, 'preparation'>) =>
    keys.map((key) => preparation[key]).join('; ');
  return `The snapshot was taken with ${told(from)}. This run has ${told(network)}. Go on with what it was taken with.`;
}

function withHash(network: Network, rules: readonly (number | Int32Array)[]): Network {
  const tables = REPLACED.map((key) => network[key]);
  return inOneShape({ ...network, hash: hashOf([tables, rules], network.streetsHash) });
}

const START = 0x811c9dc5;

/** FNV-1a over the words of every table, in the order of their names. */
function hashOf(value: unknown, hash: number): number {
  if (typeof value === 'number') return hashOf(Float64Array.of(value), hash);
  if (ArrayBuffer.isView(value)) return hashOfWords(value, hash);
  if (typeof value === 'string') {
    let h = hash;
    for (let k = 0; k < value.length; k++) h = Math.imul(h ^ value.charCodeAt(k), 0x01000193);
    return h >>> 0;
  }
  if (Array.isArray(value)) return value.reduce((h: number, part) => hashOf(part, h), hash);
  if (typeof value === 'object' && value !== null) {
    const table = value as Readonly<Record<string, unknown>>;
    return Object.keys(table)
      .sort()
      .reduce((h, key) => hashOf(table[key], h), hash);
  }
  return hash;
}

/** Four bytes at a time where they lie so: a city has millions. The bits that a product moves out at the top are brought back. */
function hashOfWords(view: ArrayBufferView, hash: number): number {
  const { byteLength } = view;
  const isAligned = (view.byteOffset & 3) === 0;
  const { buffer, byteOffset } = isAligned ? view : bytesOf(view).slice();
  const words = new Uint32Array(buffer, byteOffset, byteLength >> 2);
  const bytes = new Uint8Array(buffer, byteOffset + words.byteLength, byteLength & 3);
  let h = hash ^ byteLength;
  for (let k = 0; k < words.length; k++) {
    h = Math.imul(h ^ words[k], 0x01000193);
    h ^= h >>> 15;
  }
  for (let k = 0; k < bytes.length; k++) h = Math.imul(h ^ bytes[k], 0x01000193);
  return h >>> 0;
}

function bytesOf({ buffer, byteOffset, byteLength }: ArrayBufferView): Uint8Array {
  return new Uint8Array(buffer, byteOffset, byteLength);
}
