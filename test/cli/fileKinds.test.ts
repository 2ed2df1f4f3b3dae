import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { gzipSync } from 'node:zlib';
import { describe, expect, test } from 'vitest';
import { fileText } from '../../server/files/fileText.ts';
import { loadLayout } from '../../server/files/load.ts';
import { loadPolicy } from '../../server/files/policies.ts';
import type { WantedKind } from '../../server/formats/kinds/kind.ts';
import { emptyFolder, greenwave, ready } from './greenwave.ts';

/** A file of another kind or encoding is named as what it is, with what to do, wherever a file is read. */

const folder = emptyFolder();
const SCENARIO = readFileSync(ready('isolated'), 'utf8');

function place(name: string, content: string | Uint8Array): string {
  const path = join(folder, name);
  writeFileSync(path, content);
  return path;
}

function told(name: string, content: string | Uint8Array, wanted: WantedKind = 'scenario'): string {
  const path = place(name, content);
  try {
    return `read: ${fileText(path, 1_000_000, wanted).length}`;
  } catch (error) {
    return (error as Error).message.replaceAll(`${folder}/`, '').replaceAll('\n  ', ' ');
  }
}

const XML = '<?xml version="1.0" encoding="UTF-8"?>\n<!-- made by <net> hand -->\n';
const REPLAY_LINE =
  '-150 -2 0 flow_0_0 0 5 2,;road_0_1_0 r g i,road_1_0_1 g g g,\n-140 -2 0 flow_0_0 0 5 2,;road_0_1_0 r g i,\n';

test.each([
  ['a.net.xml', `${XML}<net version="1.20">`, 'a SUMO network (.net.xml)'],
  ['renamed.yaml', `${XML}<net version="1.20">`, 'a SUMO network (.net.xml)'],
  ['latin.net.xml', Buffer.from(`${XML}<net a="Würzburg">`, 'latin1'), 'a SUMO network (.net.xml)'],
  ['a.rou.xml', '<routes>\n<vType id="car"/>', 'a SUMO route file (.rou.xml)'],
  ['a.add.xml', '<additional>', 'a SUMO additional file (.add.xml)'],
  ['a.sumocfg', '<sumoConfiguration>', 'a SUMO configuration (.sumocfg)'],
  ['b.sumocfg', `${XML}<configuration>`, 'a SUMO configuration (.sumocfg)'],
  ['tripinfo.xml', '<tripinfos>', 'a result file of SUMO (<tripinfos>)'],
  [
    'a.net.xml.gz',
    gzipSync(`${XML}<net>${'<edge/>'.repeat(9000)}`),
    'a SUMO network (.net.xml), compressed with gzip',
  ],
  ['a.osm', `${XML}<osm version="0.6">`, 'an OpenStreetMap extract (.osm)'],
  ['a.osm.gz', gzipSync('<osm version="0.6">'), 'an OpenStreetMap extract (.osm), compressed with gzip'],
  ['a.pbf', Buffer.from('\0\0\0\x0d\x0a\x09OSMHeader\x18', 'latin1'), 'an OpenStreetMap extract (.osm.pbf)'],
  [
    'overpass.json',
    '{"version": 0.6, "generator": "Overpass", "osm3s": {}, "elements": [',
    'an OpenStreetMap extract (Overpass JSON)',
  ],
  ['a.geojson', '{"type": "FeatureCollection", "features": [', 'a map (GeoJSON)'],
  ['link.csv', 'link_id,name,from_node_id,to_node_id\n1,a,2,3\n', 'a table of a GMNS network (link.csv)'],
  ['node.csv', '"node_id","name","x_coord","y_coord"\r\n1,,2,3\r\n', 'a table of a GMNS network (node.csv)'],
  ['signals.csv', '[Network]\nNetwork Settings\nRECORDNAME,DATA\n', 'a UTDF file of Synchro (CSV)'],
  ['lanes.csv', '[Lanes]\r\nLane Group Data\r\n', 'a UTDF file of Synchro (CSV)'],
  ['counts.csv', 'time,a,b,c\n1,2,3,4\n', 'a table of values (CSV)'],
  ['counts', 'time;a;b;c\n1;2;3;4\n', 'a table of values (CSV)'],
  [
    'replay.txt',
    REPLAY_LINE,
    'a CityFlow replay (replayLogFile): positions of vehicles that CityFlow has written',
  ],
  [
    'replay-begins-empty.txt',
    ';road_0_1_0 r g i,\n',
    'a CityFlow replay (replayLogFile): positions of vehicles that CityFlow has written',
  ],
  ['replay.json', '{"static": {"nodes": [], "edges": []}}', 'the map of a CityFlow replay (roadnetLogFile)'],
  ['roadnet.json', '{"intersections": [{"id": "a"}], "roads": []}', 'a CityFlow roadnet'],
  ['flow.json', '[{"vehicle": {"length": 5}, "route": ["a", "b"], "interval": 5}]', 'a CityFlow flow file'],
  ['flow-cut.json', '[{"vehicle": {"length": 5}, "route": ["a", "b"], ', 'a CityFlow flow file'],
  ['policy.json', '{\n  "format": "greenwave-policy",\n  "version": 1', 'a policy'],
  [
    'log.jsonl',
    '{"kind":"run","version":1,"greenwave":"0.1.0"}\n{"kind":"command"}\n',
    'the log of a session',
  ],
  [
    'comparison.json',
    '{"greenwave": "0.1.0", "partial": false, "verdict": "x"}',
    'a comparison that Greenwave wrote (comparison.json)',
  ],
  [
    'summary.json',
    '{"scenario": "x", "fingerprint": "0x1", "vehicles": {}}',
    'the summary of a run that Greenwave wrote (summary.json)',
  ],
  ['checkpoint.jsonl', '{"format":"greenwave-checkpoint","version":1}\n{}', 'the checkpoint of a training'],
  ['page.html', '<!DOCTYPE html>\n<html>', 'a web page (HTML)'],
  ['a.gz', gzipSync(SCENARIO), 'a scenario, compressed with gzip'],
  ['a.zip', Buffer.from('PK\x03\x04\x14\0', 'latin1'), 'a zip archive'],
  ['a.pdf', '%PDF-1.7\n', 'a PDF document'],
  ['a.png', Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a]), 'a picture (PNG)'],
])('%s is named as what it is, and not read as a scenario', (name, content, what) => {
  expect(told(name, content)).toMatch(
    new RegExp(
      `^${name.replaceAll('.', '\\.')} is ${what.replaceAll(/[().+*]/g, '\\$&')}, not a scenario .*\\. [A-Z].*\\.$`,
    ),
  );
});

describe('encodings', () => {
  const umlaut = 'name: Würzburg 北京\nisolated: {}\n';
  const utf16 = (littleEndian: boolean) => {
    const bytes = Buffer.from(umlaut, 'utf16le');
    return littleEndian ? bytes : bytes.swap16();
  };

  test('UTF-8 and UTF-16 with a byte order mark are read, and the mark is no part of the text', () => {
    const read = (bytes: Uint8Array) => fileText(place('bom.yaml', bytes), 1000, 'scenario');
    expect(read(Buffer.from(umlaut))).toBe(umlaut);
    expect(read(Buffer.concat([Buffer.from([0xef, 0xbb, 0xbf]), Buffer.from(umlaut)]))).toBe(umlaut);
    expect(read(Buffer.concat([Buffer.from([0xff, 0xfe]), utf16(true)]))).toBe(umlaut);
    expect(read(Buffer.concat([Buffer.from([0xfe, 0xff]), utf16(false)]))).toBe(umlaut);
  });

  test('a byte that is no UTF-8 is refused with its place and a remedy, and never replaced', () => {
    const gbk = Buffer.concat([
      Buffer.from('name: '),
      Buffer.from([0xb1, 0xb1, 0xbe, 0xa9]),
      Buffer.from('\nisolated: {}\n'),
    ]);
    expect(told('gbk.yaml', gbk)).toBe(
      'gbk.yaml is not written in UTF-8: byte 7 (line 1, byte 7 of it) is 0xB1. It looks like GBK. Save it as UTF-8: iconv -f GBK -t UTF-8 FILE > NEWFILE.',
    );
    expect(told('latin.yaml', Buffer.from('isolated: {}\nname: Würzburg\n', 'latin1'))).toBe(
      'latin.yaml is not written in UTF-8: byte 21 (line 2, byte 8 of it) is 0xFC. It looks like WINDOWS-1252. Save it as UTF-8: iconv -f WINDOWS-1252 -t UTF-8 FILE > NEWFILE.',
    );
    expect(told('cut.yaml', Buffer.from('name: 北').subarray(0, 8))).toContain(
      'byte 7 (line 1, byte 7 of it) is 0xE5',
    );
    expect(told('wide.yaml', utf16(true))).toBe(
      'wide.yaml looks like UTF-16LE without a byte order mark; UTF-8 is needed. Save it as UTF-8: iconv -f UTF-16LE -t UTF-8 FILE > NEWFILE.',
    );
    expect(told('wide.yaml', utf16(false))).toContain('looks like UTF-16BE without a byte order mark');
    expect(told('lone.yaml', Buffer.from([0xff, 0xfe, 0x00, 0xd8, 0x20, 0x00]))).toContain('is damaged');
    expect(told('zero.yaml', 'name: a\0b\n')).toContain('is binary: byte 8 is zero');
  });

  test('an empty file, and one of white space alone, is told as empty', () => {
    for (const content of ['', ' \n\t\n', '\uFEFF']) {
      expect(told('empty.yaml', content)).toBe(
        'empty.yaml is empty; a scenario (YAML or JSON) or a CityFlow configuration is needed.',
      );
    }
  });
});

describe('wherever a file is read', () => {
  const sumo = `${XML}<net>`;
  const refusal = (...args: string[]) => {
    const { code, stdout, stderr } = greenwave(args, folder);
    expect([code, stdout]).toEqual([2, '']);
    return stderr;
  };
  place('sumo.net.xml', sumo);
  place('mine.yaml', SCENARIO);
  place('gbk.json', Buffer.from([0x7b, 0x22, 0xb1, 0xb1, 0x22, 0x7d]));

  test.each([
    [['validate', 'sumo.net.xml']],
    [['run', 'sumo.net.xml']],
    [['compare', 'sumo.net.xml', '--out', 'none']],
    [['serve', 'sumo.net.xml', '--port', '0']],
    [['optimize', 'sumo.net.xml', '--controller', 'webster', '--out', 'none.yaml']],
    [['export', 'cityflow', 'sumo.net.xml', '--out', 'none']],
    [['run', 'mine.yaml', '--controller', 'learned', '--policy', 'sumo.net.xml']],
    [['run', 'mine.yaml', '--interventions', 'sumo.net.xml']],
    [['replay', 'sumo.net.xml']],
  ])('%j names the file as a SUMO network', (args) => {
    expect(refusal(...args)).toContain('sumo.net.xml is a SUMO network (.net.xml), not ');
  });

  test('a scenario given as policy or log, and a policy given as scenario, are told apart', async () => {
    const scenario = ready('isolated');
    expect(() => loadPolicy(scenario)).toThrow(
      /isolated\.yaml is a scenario, not a policy \(policy\.json\)\.\n/,
    );
    expect(refusal('replay', 'mine.yaml')).toContain('mine.yaml is a scenario, not the log of a session.');
    const policy = place('own.json', '{"format": "greenwave-policy"}');
    await expect(loadLayout(policy)).rejects.toThrow(
      /is a policy, not a scenario.*\n {2}Give it with --policy FILE/,
    );
    expect(refusal('run', 'mine.yaml', '--controller', 'learned', '--policy', 'gbk.json')).toContain(
      'byte 3 (line 1, byte 3 of it) is 0xB1',
    );
  });

  test('the files that a CityFlow configuration names are looked at in the same way', () => {
    const config = {
      interval: 1,
      seed: 0,
      dir: `${folder}/`,
      roadnetFile: 'sumo.net.xml',
      flowFile: 'gbk.json',
    };
    place('config.json', JSON.stringify(config));
    expect(refusal('validate', 'config.json').replaceAll(`${folder}/`, '')).toMatchInlineSnapshot(`
      "config.json has 2 problems:
        roadnetFile: sumo.net.xml is a SUMO network (.net.xml), not a CityFlow roadnet.
          SUMO's files are not read. CityFlow's converter (tools/converter/converter.py) makes a roadnet.json of a .net.xml; give the config.json that names it. Or write the network as a scenario: see scenarios/README.md.
        flowFile: gbk.json is not written in UTF-8: byte 3 (line 1, byte 3 of it) is 0xB1.
          It looks like GBK. Save it as UTF-8: iconv -f GBK -t UTF-8 FILE > NEWFILE.
      "
    `);
  });

  test('a roadnet and a flow file in each other’s place are told as such', () => {
    place('net2.json', '{"intersections": [], "roads": []}');
    const config = {
      interval: 1,
      dir: `${folder}/`,
      roadnetFile: 'swapped-flow.json',
      flowFile: 'net2.json',
    };
    place('swapped-flow.json', '[]');
    place('swapped.json', JSON.stringify(config));
    const told = refusal('validate', 'swapped.json');
    expect(told).toContain('swapped-flow.json is a CityFlow flow file, not a CityFlow roadnet.');
    expect(told).toContain('Exchange the names under "roadnetFile" and "flowFile".');
  });

  test('a configuration with a trailing comma is told by line and column', () => {
    place('comma.json', '{\n  "roadnetFile": "r.json",\n  "flowFile": "f.json",\n}\n');
    expect(refusal('run', 'comma.json')).toContain(
      'comma.json line 3, column 23: a comma stands before the closing "}".',
    );
    place('comma2.json', '{\n  "name": "x",\n  "grid": {"rows": 2,},\n}\n');
    expect(refusal('run', 'comma2.json')).toContain(
      'line 3, column 21: a comma stands before the closing "}".',
    );
  });

  test('a folder is told with what is in it', () => {
    const inside = (name: string, ...files: string[]) => {
      mkdirSync(join(folder, name));
      for (const file of files) place(join(name, file), '');
      return refusal('validate', name);
    };
    expect(inside('cf', 'config.json', 'roadnet.json')).toContain('Give cf/config.json.');
    expect(inside('gmns', 'node.csv', 'link.csv')).toContain('It holds a GMNS network');
    expect(inside('sumo', 'a.sumocfg')).toContain('It holds a SUMO network');
    expect(inside('mine', 'b.yaml', 'a.yaml')).toContain('In it: "a.yaml", "b.yaml".');
    expect(inside('nothing')).toBe('nothing is a folder; a file is needed.\n');
  });
});

const REFERENCE = fileURLToPath(new URL('../../../shared/reference', import.meta.url));

test.skipIf(!existsSync(REFERENCE))(
  'every file of the reference samples of SUMO, OSM, GMNS and UTDF is named',
  () => {
    const files = readdirSync(REFERENCE, { recursive: true, encoding: 'utf8' }).filter((name) =>
      /\.(xml|xml\.gz|sumocfg|osm\.gz|pbf)$|gmns\/.*csv(\.gz)?$|utdf\/.*(az|signals)\.csv(\.gz)?$/.test(name),
    );
    expect(files.length).toBeGreaterThan(150);
    for (const name of files) {
      let message = '';
      try {
        fileText(join(REFERENCE, name), 64_000_000, 'scenario');
      } catch (error) {
        message = (error as Error).message;
      }
      expect([name, message]).toEqual([
        name,
        expect.stringMatching(/ is an? (?:SUMO|result file of SUMO|OpenStreetMap|table|UTDF|file of SUMO)/),
      ]);
    }
  },
);
