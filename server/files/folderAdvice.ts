import { opendirSync } from 'node:fs';
import { join } from 'node:path';
import type { WantedKind } from '../formats/kinds/kind.ts';
import { visible } from '../protocol/visibleText.ts';
import { list } from '../scenario/problem.ts';

/** So many entries of a folder are looked at: it may hold millions. */
const ENTRIES_MAX = 1000;

/** What to give in place of a folder, by what lies in it. */
export function folderAdvice(path: string, wanted: WantedKind): string[] {
  const names = entriesOf(path);
  const has = (name: string) => names.includes(name);
  if (wanted === 'policy' && has('policy.json')) return [`Give ${visible(join(path, 'policy.json'))}.`];
  if (has('config.json')) return [`Give ${visible(join(path, 'config.json'))}.`];
  if (/^node\.csv(\.gz)?$/m.test(names.join('\n'))) {
    return ['It holds a GMNS network, which is not read. Write it as a scenario: see scenarios/README.md.'];
  }
  if (names.some((name) => /\.(?:sumocfg|net\.xml|net\.xml\.gz)$/i.test(name))) {
    return [
      "It holds a SUMO network, which is not read. CityFlow's converter (tools/converter/converter.py) makes a roadnet.json of a .net.xml.",
    ];
  }
  if (has('comparison.json') || has('summary.json')) {
    return ['It holds results that Greenwave wrote. Give the scenario that was run.'];
  }
  if (has('policy.json'))
    return [`It holds a training. Give ${visible(join(path, 'policy.json'))} with --policy.`];
  const likely = names.filter((name) => /\.(?:ya?ml|json)$/i.test(name)).sort();
  return likely.length === 0 ? [] : [`In it: ${list(likely, 5)}.`];
}

function entriesOf(path: string): string[] {
  const names: string[] = [];
  const folder = opendirSync(path);
  try {
    for (
      let entry = folder.readSync();
      entry !== null && names.length < ENTRIES_MAX;
      entry = folder.readSync()
    ) {
      names.push(entry.name);
    }
  } finally {
    folder.closeSync();
  }
  return names;
}
