import type { Layout } from './layout.ts';
import { amount, asProblem, type Finding, Findings, type Path, type Problem } from './problem.ts';
import { readText } from './readText.ts';
import { type OriginalIndices, pathInFile, takeOut } from './repair.ts';
import { layOutWith } from './scenarioLayout.ts';
import { type Scenario, scenarioSchema } from './schema.ts';
import { signalFields } from './schemaSignals.ts';
import { tellIssues } from './shape.ts';

/** A scenario that makes sense, with its layout; or everything that is wrong with it. */
export type ParsedScenario =
  | {
      readonly ok: true;
      readonly scenario: Scenario;
      readonly layout: Layout;
      readonly warnings: readonly Problem[];
    }
  | { readonly ok: false; readonly problems: readonly Problem[] };

const PROBLEMS_MAX = 1000;
const REPAIRS_MAX = 12;

/**
 * Reads a scenario from YAML or JSON text. Never throws.
 *
 * `fileName` tells JSON from YAML by its ending; it is not opened.
 */
export function parseScenario(text: string, fileName: string): ParsedScenario {
  const reading = readText(text, fileName);
  if (reading.value === null) return failed(reading.problems);
  const { root } = reading.value;
  const checked = scenarioSchema.safeParse(root);
  const findings = new Findings();
  if (checked.success) {
    const layout = layOutWith(checked.data, findings);
    const problems = [...reading.problems, ...findings.problems.map(asProblem)];
    if (layout === null || problems.length > 0) return failed(problems);
    return { ok: true, scenario: checked.data, layout, warnings: distinct(findings.warnings.map(asProblem)) };
  }
  tellIssues(checked.error.issues, scenarioSchema, root, findings);
  const shapeFindings = [...findings.problems];
  const senseFindings = sense(root, checked.error.issues, shapeFindings);
  return failed([...reading.problems, ...[...shapeFindings, ...senseFindings].map(asProblem)]);
}

type Issues = Parameters<typeof takeOut>[1];

/**
 * What the rest of a file says wrongly, when some of it has the wrong shape: the misshapen parts are
 * taken out, and what is said about their owners is left unsaid, for it may follow from that.
 */
function sense(root: unknown, firstIssues: Issues, shapeFindings: readonly Finding[]): Finding[] {
  if (
    root === null ||
    typeof root !== 'object' ||
    shapeFindings.some(({ path }) => damagesNetwork(path, root))
  )
    return [];
  const originalIndices: OriginalIndices = new WeakMap();
  const rest = root as { name?: unknown };
  let issues = firstIssues;
  for (let k = 0; k < REPAIRS_MAX; k++) {
    takeOut(rest, issues, originalIndices);
    if (typeof rest.name !== 'string' || rest.name === '') rest.name = 'scenario';
    const checked = scenarioSchema.safeParse(rest);
    if (checked.success) {
      const findings = new Findings();
      layOutWith(checked.data, findings);
      const inFile = findings.problems.map((finding) => ({
        ...finding,
        path: pathInFile(rest, finding.path, originalIndices),
      }));
      const told = placesAbove(shapeFindings);
      return inFile.filter(({ path, certain }) => certain || !told.has(JSON.stringify(path)));
    }
    issues = checked.error.issues;
  }
  return [];
}

const NETWORK_KEYS = new Set<string | number | undefined>([
  'isolated',
  'corridor',
  'grid',
  'intersections',
  'roads',
]);
const SCENARIO_KEYS = new Set(Object.keys(scenarioSchema.shape));

/** Whether a misshapen part leaves the network unknown; then nothing true can be said about names in it. */
function damagesNetwork(path: Path, root: object): boolean {
  const [first, , third] = path;
  if (first === undefined) return true;
  if (!SCENARIO_KEYS.has(String(first))) {
    // A misspelled key may be the network itself.
    const has = (key: string) => Object.hasOwn(root, key);
    return !(has('isolated') || has('corridor') || has('grid') || (has('intersections') && has('roads')));
  }
  if (first === 'intersections' && typeof third === 'string') return !Object.hasOwn(signalFields, third);
  return NETWORK_KEYS.has(first);
}

/** All places at which, or below which, something was said. */
function placesAbove(findings: readonly Finding[]): Set<string> {
  const places = new Set<string>();
  for (const { path } of findings) {
    for (let k = 1; k <= path.length; k++) places.add(JSON.stringify(path.slice(0, k)));
  }
  return places;
}

function failed(found: readonly Problem[]): ParsedScenario {
  const problems = distinct(found);
  if (problems.length <= PROBLEMS_MAX) return { ok: false, problems };
  const more = {
    place: '',
    message: `${amount(problems.length - PROBLEMS_MAX)} more problems are not listed.`,
  };
  return { ok: false, problems: [...problems.slice(0, PROBLEMS_MAX), more] };
}

/** What is said of all signals is found wrong at each of them, but told once. */
function distinct(problems: readonly Problem[]): Problem[] {
  const seen = new Set<string>();
  return problems.filter(({ place, message, advice }) => {
    const text = JSON.stringify([place, message, advice]);
    return !seen.has(text) && seen.add(text) !== undefined;
  });
}
