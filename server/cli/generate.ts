import { visible } from '../protocol/visibleText.ts';
import { generateGrid } from '../scenario/generate.ts';
import { parseScenario } from '../scenario/parse.ts';
import { formatProblems } from '../scenario/problem.ts';
import { Mistake } from '../study/mistake.ts';
import { writeText } from './outFile.ts';
import { print } from './terminal.ts';

export interface GridFlags {
  readonly rows: number;
  readonly columns: number;
  readonly vehicles: number;
  readonly durationS: number;
  readonly seed: number;
  readonly ends: 'boundary' | 'anywhere';
  readonly out: string;
}

/** `greenwave generate grid`: writes a scenario of random trips on a grid. */
export async function generate({ out, ...request }: GridFlags): Promise<void> {
  const scenario = generateGrid(request);
  const json = /\.json$/i.test(out);
  const text = json
    ? `${JSON.stringify(scenario, null, 2)}\n`
    : (await import('yaml')).stringify(scenario, { lineWidth: 100 });
  const parsed = parseScenario(text, out);
  if (!parsed.ok) throw new Mistake(formatProblems(`The grid asked for`, parsed.problems));
  writeText(out, text);
  print(`${visible(out)}: ${scenario.name}, ${request.vehicles} trips. Run it: greenwave run ${out}\n`);
}
