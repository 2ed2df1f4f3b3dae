import type { FileKind } from './kind.ts';

const SUMO_ADVICE =
  "SUMO's files are not read. CityFlow's converter (tools/converter/converter.py) makes a roadnet.json of a .net.xml; give the config.json that names it. Or write the network as a scenario: see scenarios/README.md.";
const OSM_ADVICE =
  "OpenStreetMap's files are not read. SUMO's netconvert makes a .net.xml of them, and CityFlow's converter (tools/converter/converter.py) a roadnet.json of that. Or write the network as a scenario: see scenarios/README.md.";
const OTHER_ADVICE =
  'XML is not read. Write the network as a scenario (YAML or JSON): see scenarios/README.md.';

/** By root element. */
const ROOTS: Readonly<Record<string, readonly [what: string, advice: string]>> = {
  net: ['a SUMO network (.net.xml)', SUMO_ADVICE],
  routes: ['a SUMO route file (.rou.xml)', SUMO_ADVICE],
  trips: ['a SUMO route file (.rou.xml)', SUMO_ADVICE],
  add: ['a SUMO additional file (.add.xml)', SUMO_ADVICE],
  additional: ['a SUMO additional file (.add.xml)', SUMO_ADVICE],
  configuration: ['a SUMO configuration (.sumocfg)', SUMO_ADVICE],
  nodes: ['a SUMO node file (.nod.xml)', SUMO_ADVICE],
  edges: ['a SUMO edge file (.edg.xml)', SUMO_ADVICE],
  connections: ['a SUMO connection file (.con.xml)', SUMO_ADVICE],
  tlLogics: ['a SUMO file of signal programs (.tll.xml)', SUMO_ADVICE],
  types: ['a SUMO file of edge types (.typ.xml)', SUMO_ADVICE],
  viewsettings: ["a file of SUMO's view settings", SUMO_ADVICE],
  osm: ['an OpenStreetMap extract (.osm)', OSM_ADVICE],
  osmChange: ['an OpenStreetMap change file (.osc)', OSM_ADVICE],
  html: ['a web page (HTML)', 'Download the file itself, not the page that shows it (on GitHub: Raw).'],
  OpenDRIVE: ['an OpenDRIVE network (.xodr)', OTHER_ADVICE],
  kml: ['a map of placemarks (.kml)', OTHER_ADVICE],
  gpx: ['a track (.gpx)', OTHER_ADVICE],
  svg: ['a picture (SVG)', OTHER_ADVICE],
};

const SUMO_RESULTS =
  /^(?:tripinfos|fcd-export|summary|tlsStates|statistics|lanechanges|meandata|detector|instantE1|e1|e2|e3|vehroutes|emission-export|queue-export|netstate|sumo-netstate|collisions|performance)$/;

/** What an XML text is, by its root element and what SUMO writes above it. */
export function xmlKind(text: string, fileName: string): FileKind {
  const plain = text.replace(/<!--[\s\S]*?(?:-->|$)/g, '').replace(/<\?[\s\S]*?\?>/g, '');
  const doctype = /^\s*<!doctype\s+([\w-]+)/i.exec(plain)?.[1];
  const root = /<([A-Za-z_][\w.-]*)/.exec(plain)?.[1] ?? '';
  if (/<meta name="generator" content="Greenwave/.test(text.slice(0, 1000))) {
    return kind(
      'a report that Greenwave wrote (HTML)',
      'Open it in a browser. To a command give the scenario that was run.',
    );
  }
  if (doctype?.toLowerCase() === 'html' || /^html$/i.test(root)) return kind(...ROOTS.html!);
  if (root === 'network') {
    const what = /matsim/i.test(plain.slice(0, 500)) ? 'a MATSim network' : 'a Vissim network (.inpx)';
    return kind(what, OTHER_ADVICE);
  }
  const known = Object.hasOwn(ROOTS, root) ? ROOTS[root] : undefined;
  if (known !== undefined) return kind(...known);
  if (/Configuration$/.test(root)) return kind(...ROOTS.configuration!);
  if (SUMO_RESULTS.test(root)) return kind(`a result file of SUMO (<${root}>)`, SUMO_ADVICE);
  if (/^(?:population|plans|facilities|households)$/.test(root)) return kind('a MATSim file', OTHER_ADVICE);
  const isSumo =
    /sumo/i.test(text.slice(0, 2000)) || /\.(?:sumocfg|(?:net|rou|add|trips|flows)\.xml)$/i.test(fileName);
  if (isSumo) return kind('a SUMO file', SUMO_ADVICE);
  return kind(root === '' ? 'XML' : `an XML file (<${root.slice(0, 40)}>)`, OTHER_ADVICE);
}

function kind(what: string, advice: string): FileKind {
  return { id: null, what, advice };
}
