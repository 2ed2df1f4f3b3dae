import { basename, dirname, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { CONTROLLERS } from '../control/registry.ts';
import { settingsOf } from '../control/settings.ts';
import { kindOfText } from '../formats/kinds/kind.ts';
import { type Compiled, compile } from '../scenario/compile.ts';
import { jsonFault } from '../scenario/jsonFault.ts';
import type { Layout } from '../scenario/layout.ts';
import { formatProblems, type Problem, quoted } from '../scenario/problem.ts';
import { Mistake } from '../study/mistake.ts';
import { layoutWarnings } from '../warnings/layoutWarnings.ts';
import { once } from '../warnings/startWarnings.ts';
import { findFiles, type NamedFiles } from './cityFlowFolder.ts';
import { fileText } from './fileText.ts';

/** Largest files that are read: what they turn into must fit the heap that Node has by default. */
const SCENARIO_BYTES_MAX = 64_000_000;
const CITYFLOW_BYTES_MAX = 300_000_000;

/** What a file holds. */
export interface Loaded {
  readonly layout: Layout;
  readonly format: 'scenario' | 'cityflow';
  /** CityFlow's `rlTrafficLight`: phases change only when a controller says so. False for our own files. */
  readonly controllersOnly: boolean;
  /** What the author says of it, if anything. */
  readonly description?: string;
  /** What the reader of the format found, then what `layoutWarnings` says: each in full sentences, each once. */
  readonly warnings: readonly string[];
}

/**
 * Reads a scenario file (YAML or JSON), or a CityFlow `config.json` with the files it names. Which of
 * them it is shows in the content, not in the name.
 *
 * @throws {Mistake} with every problem of the file
 */
export async function loadLayout(path: string): Promise<Loaded> {
  const text = fileText(path, SCENARIO_BYTES_MAX, 'scenario');
  if (kindOfText(text, path)?.id === 'config') return loadCityFlow(path, text);
  const { parseScenario } = await import('../scenario/parse.ts');
  const parsed = parseScenario(text, path);
  const problems = parsed.ok ? settingProblems(parsed.layout) : parsed.problems;
  if (!parsed.ok || problems.length > 0) throw new Mistake(formatProblems(path, problems));
  const { description } = parsed.scenario;
  return {
    layout: parsed.layout,
    format: 'scenario',
    controllersOnly: false,
    ...(description === undefined ? {} : { description }),
    warnings: once([...parsed.warnings.map(inOneLine), ...layoutWarnings(parsed.layout, { planRuns: true })]),
  };
}

/** A scenario ready to run, and what its file decides about runs. */
export type LoadedScenario = Compiled & Pick<Loaded, 'format' | 'controllersOnly'>;

/**
 * A scenario or CityFlow configuration, ready to run.
 *
 * @throws {Mistake} with every problem of the file
 */
export async function loadScenario(path: string | URL): Promise<LoadedScenario> {
  const { layout, format, controllersOnly } = await loadLayout(
    path instanceof URL ? fileURLToPath(path) : path,
  );
  return { ...compile(layout), format, controllersOnly };
}

/** What is wrong with the settings that a scenario gives to controllers. */
function settingProblems({ controllers = {} }: Layout): Problem[] {
  return Object.entries(controllers).flatMap(([name, given]): Problem[] => {
    const entry = CONTROLLERS.find((one) => one.name === name);
    if (entry === undefined) {
      const names = CONTROLLERS.map((one) => one.name).join(', ');
      return [
        {
          place: 'controllers',
          message: `${quoted(name)} is not a controller.`,
          advice: `Controllers: ${names}.`,
        },
      ];
    }
    return settingsOf(entry.settings, given).problems.map(({ key, message, advice }) => ({
      place: `controllers.${name}.${key}`,
      message,
      advice,
    }));
  });
}

function inOneLine({ place, message, advice }: Problem): string {
  return [place === '' ? message : `${place}: ${message}`, advice ?? ''].join(' ').trim();
}

function jsonValue(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

async function loadCityFlow(path: string, config: string): Promise<Loaded> {
  const [{ readCityFlow }, { readConfig }, { Findings }] = await Promise.all([
    import('../formats/cityflow/read.ts'),
    import('../formats/cityflow/config.ts'),
    import('../formats/cityflow/findings.ts'),
  ]);
  const name = basename(path);
  const value = jsonValue(config);
  const files = namedFiles(value);
  if (files === null) {
    // Without the names of the other files, only the configuration itself can be spoken of.
    const findings = new Findings();
    const fault = value === undefined ? jsonFault(config) : null;
    if (fault === null) readConfig(value, name, findings);
    else findings.problem(`${name} line ${fault.line}, column ${fault.column}`, fault.message, fault.advice);
    throw new Mistake(formatProblems(path, findings.problems));
  }
  const found = findFiles(path, files);
  const [roadnet, flow] = allTexts(path, { roadnetFile: found.roadnet, flowFile: found.flow });
  const names = { config: name, roadnet: files.roadnet, flow: files.flow };
  const reading = readCityFlow({ config, roadnet: roadnet!, flow: flow!, names });
  if (!reading.ok) throw new Mistake(formatProblems(path, reading.problems));
  const layout = { ...reading.layout, name: basename(dirname(resolve(path))) || reading.layout.name };
  return {
    layout,
    format: 'cityflow',
    controllersOnly: reading.settings.rlTrafficLight,
    warnings: once([
      ...(found.note === null ? [] : [found.note]),
      ...reading.warnings,
      ...layoutWarnings(layout, { planRuns: !reading.settings.rlTrafficLight }),
    ]),
  };
}

/** The texts of all the files that a configuration names, or all that keeps them from being read. */
function allTexts(path: string, named: Readonly<Record<'roadnetFile' | 'flowFile', string>>): string[] {
  const problems: Problem[] = [];
  const texts = (['roadnet', 'flow'] as const).map((kind) => {
    const place = `${kind}File` as const;
    try {
      return fileText(named[place], CITYFLOW_BYTES_MAX, kind);
    } catch (error) {
      if (!(error instanceof Mistake)) throw error;
      const [message = '', ...advice] = error.message.split(/\n\s*/);
      problems.push({ place, message, advice: advice.join(' ') });
      return '';
    }
  });
  if (problems.length > 0) throw new Mistake(formatProblems(path, problems));
  return texts;
}

function namedFiles(config: unknown): NamedFiles | null {
  const { dir = '', roadnetFile, flowFile } = (config ?? {}) as Record<string, unknown>;
  const named = [dir, roadnetFile, flowFile].every(
    (name) => typeof name === 'string' && !name.includes('\0'),
  );
  return named ? { dir: dir as string, roadnet: roadnetFile as string, flow: flowFile as string } : null;
}
