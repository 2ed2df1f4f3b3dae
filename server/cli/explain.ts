import { CONTROLLERS } from '../control/registry.ts';
import { loadLayout } from '../files/load.ts';
import { type Decision, decisionAt, type Held } from '../policy/explain.ts';
import { type Explanation, explanationOf, type PlaceNames } from '../policy/explanation.ts';
import { type OtherChoice, otherChoices } from '../policy/otherChoices.ts';
import { movementWords } from '../scenario/movementWords.ts';
import { list, quoted, suggestion } from '../scenario/problem.ts';
import { LEARNED } from '../study/controllerNames.ts';
import { tidy, unknownName } from '../study/flagValue.ts';
import { Mistake } from '../study/mistake.ts';
import { operationOf, ruledFor, type Study } from '../study/study.ts';
import { type StudyFlags, studyOf } from './commandStudy.ts';
import { explanationTable } from './explainTable.ts';
import { policiesOf, withPolicy } from './policies.ts';
import type { PolicyText } from './policyFlag.ts';
import { type SetText, settingsByController } from './setFlag.ts';
import { print, printJson } from './terminal.ts';
import { warn } from './warn.ts';

export interface ExplainFlags extends Omit<StudyFlags, 'policy' | 'controller' | 'settings'> {
  readonly policy?: readonly PolicyText[];
  readonly intersection: string;
  readonly timeS: number;
  /** The name of a phase to try instead, or `all`. */
  readonly counterfactual?: string;
  readonly set?: readonly SetText[];
  readonly json?: boolean;
}

/** `greenwave explain FILE`: takes one decision of a trained policy apart. */
export async function explain(file: string, flags: ExplainFlags): Promise<void> {
  const { policy: given = [], intersection: id, timeS, counterfactual, json, set = [], ...others } = flags;
  const policies = policiesOf(given, [LEARNED]);
  const settings = settingsByController(set, CONTROLLERS, CONTROLLERS);
  const study = studyOf(await loadLayout(file), {
    ...others,
    controller: LEARNED,
    ...withPolicy(policies, LEARNED),
  });
  warn(study.warnings);
  const intersection = intersectionOf(study, id);
  if (timeS >= study.durationS) {
    throw new Mistake(
      `--time-s: ${timeS} s is not before the end of the run, ${study.durationS} s.`,
      'Use less, or a longer --duration-s.',
    );
  }
  const operation = operationOf(study, { measures: true });
  if (!operation.seats.some(({ view }) => view.intersection === intersection)) {
    throw new Mistake(
      `--intersection: ${quoted(id)} has a single phase, so that there is nothing to decide.`,
    );
  }
  const ruled = ruledFor(study);
  const factory = () => study.controller.factory(study.protocol, study.settings);
  const decision = decisionAt(operation, ruled, factory, intersection, timeS, study.durationS);
  if (!('chosen' in decision)) throw undecided(id, timeS, study.durationS, decision.held);
  const names = placeNamesOf(study, id);
  const explanation = explanationOf(
    policies.get(LEARNED)!,
    decision,
    othersAt(study, decision, settings),
    insteadOf(counterfactual, decision, names),
    names,
  );
  if (json) printJson(explanationRecord(study, explanation));
  else print(explanationTable(explanation));
}

function explanationRecord({ compiled, protocol, seed }: Study, explanation: Explanation) {
  return { scenario: compiled.layout.name, protocol: protocol.name, seed, ...explanation };
}

/** @throws {Mistake} for a name that no signal has */
function intersectionOf({ compiled, network }: Study, id: string): number {
  const { intersection: names } = compiled.names;
  const i = names.indexOf(id);
  if (i >= 0 && network.signalised[i] === 1) return i;
  const signals = names.filter((_, k) => network.signalised[k] === 1);
  if (i >= 0) {
    throw new Mistake(`--intersection: ${quoted(id)} has no signal.`, `With signals: ${list(signals)}.`);
  }
  throw new Mistake(`Unknown intersection ${quoted(id)}.`, suggestion(id, signals));
}

function undecided(id: string, fromS: number, endS: number, held: readonly Held[]): Mistake {
  const rules = held.map(
    ({ rule, fromS: from, untilS }) => `${rule} from ${tidy(from)} to ${tidy(untilS)} s`,
  );
  return new Mistake(
    `--time-s: from ${fromS} s to the end of the run, ${endS} s, nothing can be decided at ${id}${rules.length === 0 ? '' : `: ${rules.join(', ')}`}.`,
    'Use less, or a longer --duration-s.',
  );
}

function placeNamesOf({ compiled, phaseNames }: Study, intersection: string): PlaceNames {
  return { intersection, movements: movementWords(compiled.layout), phases: phaseNames };
}

/** What other controllers would choose, with the scenario's settings for them and those of the command line. */
function othersAt(
  study: Study,
  { moment, seat, sim }: Decision,
  settings: ReturnType<typeof settingsByController>,
): OtherChoice[] {
  return otherChoices({ sim, ring: moment.ring, phases: seat.phases, study, settings });
}

/** @throws {Mistake} for a phase that cannot be chosen here */
function insteadOf(text: string | undefined, { seat }: Decision, { phases }: PlaceNames): number[] {
  if (text === undefined) return [];
  const names = [...seat.phases].map((p) => phases[p]!);
  if (text === 'all') return [...names.keys()];
  const phase = names.indexOf(text);
  if (phase < 0) throw unknownName('phase', text, [...names, 'all']);
  return [phase];
}
