import type { FileKind } from './kind.ts';

type Signature = readonly [bytes: readonly number[] | string, what: string, advice: string];

const UNPACK = 'Unpack it, and give the file in it.';
const PICTURE = 'A picture cannot be read. Write the network as a scenario: see scenarios/README.md.';
const WEIGHTS = 'Policies are policy.json files, as greenwave train writes them.';

/** By their first bytes. */
const SIGNATURES: readonly Signature[] = [
  [[0x1f, 0x8b], 'compressed with gzip', 'Unpack it first: gunzip FILE.'],
  ['PK\u0003\u0004', 'a zip archive', UNPACK],
  ['PK\u0005\u0006', 'an empty zip archive', UNPACK],
  ['BZh', 'compressed with bzip2', 'Unpack it first: bunzip2 FILE.'],
  [[0xfd, 0x37, 0x7a, 0x58, 0x5a], 'compressed with xz', 'Unpack it first: unxz FILE.'],
  [[0x28, 0xb5, 0x2f, 0xfd], 'compressed with zstd', 'Unpack it first: unzstd FILE.'],
  [[0x37, 0x7a, 0xbc, 0xaf], 'a 7z archive', UNPACK],
  ['Rar!', 'a RAR archive', UNPACK],
  [
    '%PDF',
    'a PDF document',
    'A document cannot be read. Write the network as a scenario: see scenarios/README.md.',
  ],
  [[0x89, 0x50, 0x4e, 0x47], 'a picture (PNG)', PICTURE],
  [[0xff, 0xd8, 0xff], 'a picture (JPEG)', PICTURE],
  ['GIF8', 'a picture (GIF)', PICTURE],
  [
    'SQLite format 3',
    'a database (SQLite, GeoPackage)',
    'Databases are not read. Write the network as a scenario: see scenarios/README.md.',
  ],
  [[0x89, 0x48, 0x44, 0x46], 'an HDF5 file (.h5)', WEIGHTS],
  ['\u0093NUMPY', 'an array of NumPy (.npy)', WEIGHTS],
  [
    'PAR1',
    'a Parquet table',
    'Tables are not read. Write the network as a scenario: see scenarios/README.md.',
  ],
  [[0x7f, 0x45, 0x4c, 0x46], 'a program', 'Give a scenario.'],
  [
    [0xd0, 0xcf, 0x11, 0xe0],
    'a document of Microsoft Office',
    'It cannot be read. Write the network as a scenario: see scenarios/README.md.',
  ],
];

const PBF_ADVICE =
  "OpenStreetMap's files are not read. osmium cat turns .pbf into .osm, SUMO's netconvert makes a .net.xml of that, and CityFlow's converter (tools/converter/converter.py) a roadnet.json. Or write the network as a scenario: see scenarios/README.md.";

/** What a file is whose bytes are no text; `null` where they do not show it. */
export function binaryKind(bytes: Uint8Array): FileKind | null {
  if (startsWith(bytes, 'OSMHeader', 6)) {
    return { id: null, what: 'an OpenStreetMap extract (.osm.pbf)', advice: PBF_ADVICE };
  }
  if (startsWith(bytes, 'PK\u0003\u0004', 0)) {
    const name = [...bytes.subarray(30, 60)].map((byte) => String.fromCharCode(byte)).join('');
    if (/^(?:\[Content_Types\]|xl\/|_rels)/.test(name)) {
      return { id: null, what: 'a workbook or document of Microsoft Office', advice: UNREADABLE_OFFICE };
    }
  }
  if (startsWith(bytes, 'ustar', 257)) return { id: null, what: 'a tar archive', advice: UNPACK };
  for (const [signature, what, advice] of SIGNATURES) {
    if (startsWith(bytes, signature, 0)) return { id: null, what, advice };
  }
  return null;
}

const UNREADABLE_OFFICE = 'It cannot be read. Write the network as a scenario: see scenarios/README.md.';

function startsWith(bytes: Uint8Array, signature: readonly number[] | string, offset: number): boolean {
  const wanted = typeof signature === 'string' ? [...signature].map((c) => c.charCodeAt(0)) : signature;
  return wanted.every((byte, k) => bytes[offset + k] === byte);
}
