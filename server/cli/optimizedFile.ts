import { type Document, isAlias, isMap, isSeq, type Node, parseDocument } from 'yaml';
import { cycleSteps, type Plan, phasesAt, plannedIntersections } from '../control/plan.ts';
import { compile } from '../scenario/compile.ts';
import type { Layout, Signal } from '../scenario/layout.ts';
import { parseScenario } from '../scenario/parse.ts';
import type { Network } from '../sim/network.ts';
import { tidy } from '../study/flagValue.ts';
import { Mistake } from '../study/mistake.ts';

/** Columns after which lines of a scenario are broken. */
const LINE_WIDTH = 110;

/**
 * The text of a scenario with another fixed plan: `splitS`, `cycleS` and `offsetS` of every signal. Everything
 * else, comments included, stays. What is said of all signals together, or derived, is written out where it is
 * needed.
 *
 * @param network  of the scenario as it is, to whose phases the plan belongs
 * @throws {Mistake} when the file is written in a way that cannot be changed like that
 */
export function withPlanText(
  text: string,
  layout: Layout,
  network: Network,
  plan: Plan,
  out: string,
): string {
  const document = documentOf(text);
  const shared = sharedPhases(document);
  for (const i of plannedIntersections(network)) {
    const { id, signal, movements } = layout.intersections[i]!;
    const place = ['intersections', id];
    own(document, ['intersections']);
    own(document, place);
    const mayShare = document.getIn([...place, 'signal']) !== 'auto';
    const given = document.getIn([...place, 'phases'], true);
    if (given !== undefined && given !== null) own(document, [...place, 'phases']);
    else {
      const names = movements.map((movement) => movement.id);
      const phases = (mayShare && shared?.clone()) || document.createNode(writtenPhases(signal!, names));
      document.setIn([...place, 'phases'], phases);
    }
    phasesAt(network, i).forEach((p, k) => {
      own(document, [...place, 'phases', k]);
      document.setIn([...place, 'phases', k, 'splitS'], tidy(plan.split[p]! * network.stepS));
    });
    const cycle = cycleSteps(plan, phasesAt(network, i));
    document.setIn([...place, 'cycleS'], tidy(cycle * network.stepS));
    document.setIn([...place, 'offsetS'], tidy(plan.offset[i]! * network.stepS));
  }
  // A cycle asked of fixed time would stretch the plan again.
  if (document.hasIn(['controllers', 'fixed-time'])) document.deleteIn(['controllers', 'fixed-time']);
  const written = textOf(document, out);
  checkPlan(written, out, network, plan);
  return written;
}

/** The text of a scenario with settings of one controller; everything else, comments included, stays. */
export function withSettingsText(
  text: string,
  controller: string,
  settings: Readonly<Record<string, number | string>>,
  out: string,
): string {
  const document = documentOf(text);
  own(document, ['controllers']);
  own(document, ['controllers', controller]);
  for (const [key, value] of Object.entries(settings))
    document.setIn(['controllers', controller, key], value);
  return textOf(document, out);
}

/** A scenario whose lists are written [a, b] keeps them so; the writer of YAML knows [ a, b ] only. */
function withoutPadding(text: string): string {
  const tight = text
    .split('\n')
    .map((line) => (line.includes('#') ? line : line.replace(/\[ +/g, '[').replace(/ +\]/g, ']')))
    .join('\n');
  const value = (yaml: string) => JSON.stringify(parseDocument(yaml).toJS({ maxAliasCount: -1 }));
  return value(tight) === value(text) ? tight : text;
}

function documentOf(text: string): Document {
  const document = parseDocument(text.startsWith('\uFEFF') ? text.slice(1) : text);
  return document as unknown as Document;
}

function textOf(document: Document, out: string): string {
  return /\.json$/i.test(out)
    ? `${JSON.stringify(document.toJS({ maxAliasCount: -1 }), null, 2)}\n`
    : withoutPadding(document.toString({ lineWidth: LINE_WIDTH }));
}

/** Makes what lies at a place a node of its own: an alias becomes a copy, and nothing an empty map. */
function own(document: Document, path: readonly (string | number)[]): void {
  const node = document.getIn(path, true) as Node | undefined;
  if (isAlias(node)) document.setIn(path, copyOf(node.resolve(document)!));
  else if (!isMap(node) && !isSeq(node)) document.setIn(path, document.createNode({}));
  const there = document.getIn(path, true);
  if (isMap(there) && path.length > 1) there.flow = false;
}

/** Without its anchor, which would then be there twice. */
function copyOf(node: Node): Node {
  const copy = node.clone() as Node & { anchor?: string };
  delete copy.anchor;
  return copy;
}

/** The phases that hold for every signal that has none of its own. */
function sharedPhases(document: Document): Node | null {
  const phases = document.getIn(['signals', 'phases'], true) as Node | undefined;
  if (isAlias(phases)) return copyOf(phases.resolve(document)!);
  return isSeq(phases) ? copyOf(phases) : null;
}

/** Derived phases as an author would write them. */
function writtenPhases({ phases }: Signal, movementNames: readonly string[]) {
  return phases.map(({ id, greens }) => {
    const named = (permitted: boolean) =>
      greens.filter((green) => green.permitted === permitted).map((green) => movementNames[green.movement]!);
    return {
      id,
      ...(named(false).length > 0 ? { movements: named(false) } : {}),
      ...(named(true).length > 0 ? { permitted: named(true) } : {}),
    };
  });
}

/** Reads the text again: it must have exactly this plan. */
function checkPlan(text: string, out: string, network: Network, plan: Plan): void {
  const parsed = parseScenario(text, out);
  const again = parsed.ok ? compile(parsed.layout).network : null;
  const same =
    again !== null &&
    again.phaseCount === network.phaseCount &&
    again.phaseShown.every((shown, k) => shown === network.phaseShown[k]) &&
    again.split.every((steps, p) => steps === plan.split[p]) &&
    plannedIntersections(network).every((i) => again.offset[i] === plan.offset[i]);
  if (same) return;
  const reason = parsed.ok
    ? []
    : parsed.problems.slice(0, 3).map(({ place, message }) => `${place}: ${message}`);
  throw new Mistake(
    'The plan found cannot be written into a copy of this file.',
    ...reason,
    'Write the phases of each signal out under intersections, without anchors and merge keys.',
  );
}
