import { isWithin, SEED } from '../server/protocol/bounds.ts';
import type { Command } from '../server/protocol/events.ts';
import { type Setup, SIDES_MAX, SPEEDS } from '../server/protocol/session.ts';
import { send } from './connection.ts';
import { clock } from './format.ts';
import { controllerWord, letterOf } from './sides.ts';
import * as state from './state.ts';

/** What a viewer can do to the run, for buttons and keys alike. Each says why when it cannot be done. */

const MINUTE_S = 60;
/** Why there is no other seed. */
export const NO_SEED = 'Every trip of this file has its time, so that another seed would be the same run.';
const DEMAND = { least: 0.5, most: 2 } as const;

function mayNot(): boolean {
  if (state.mayControl.value) return false;
  state.tell(
    state.link.value.kind === 'live'
      ? 'You can look but not change anything here: the server lets you view only.'
      : state.NO_CONNECTION,
    true,
  );
  return true;
}

/** Shows what the server is doing until it is done. */
async function during(words: string, work: () => Promise<boolean>): Promise<boolean> {
  if (mayNot()) return false;
  state.pending.value = words;
  try {
    return await work();
  } finally {
    if (state.pending.value === words) state.pending.value = null;
  }
}

export function playOrPause(): void {
  if (mayNot()) return;
  const status = state.status.value;
  if (status?.ended && !status.running) void during('Starting again', restartAndPlay);
  else void send({ kind: state.isRunning.value ? 'pause' : 'play' });
}

async function restartAndPlay(): Promise<boolean> {
  return (await send({ kind: 'restart' })) && (await send({ kind: 'play' }));
}

export function stepOn(): void {
  if (!mayNot()) void headFor(goal() + 1, { kind: 'step', steps: 1 });
}

export async function stepBack(): Promise<void> {
  if (mayNot()) return;
  if (state.isRunning.value) await send({ kind: 'pause' });
  if (goal() > 0) seek(goal() - 1);
}

/** Where it was asked to go last, until the server has answered: by then it has told where it goes. */
let aim: number | null = null;
let asked = 0;

async function headFor(step: number, command: Command): Promise<boolean> {
  const mine = ++asked;
  aim = step;
  try {
    return await send(command);
  } finally {
    if (asked === mine) aim = null;
  }
}

export function seek(step: number): void {
  const to = Math.max(0, Math.min(state.lastStep.value, Math.round(step)));
  void during(`Going to ${clock(to * state.stepS.value)}`, () => headFor(to, { kind: 'seek', step: to }));
}

/** Where it is going to, or is: pressing five times goes five times as far. */
function goal(): number {
  return aim ?? state.status.value?.seekingStep ?? state.step.value;
}

export function seekMinutes(minutes: number): void {
  seek(goal() + (minutes * MINUTE_S) / state.stepS.value);
}

export function restart(): void {
  void during('Starting again', () => send({ kind: 'restart' }));
}

export function setSpeed(speed: number | null): void {
  if (!mayNot()) void send({ kind: 'speed', speed });
}

/** To the next faster or slower speed; the fastest is `max`. */
export function changeSpeed(direction: 1 | -1): void {
  const all: readonly (number | null)[] = [...SPEEDS, null];
  const now = all.indexOf(state.status.value?.speed ?? null);
  const next = all[Math.max(0, Math.min(all.length - 1, now + direction))];
  if (next !== undefined) setSpeed(next);
}

async function change(part: Partial<Setup>, words: string): Promise<boolean> {
  const setup = state.session.value?.setup;
  if (setup === undefined) return false;
  return during(words, () => send({ kind: 'setup', setup: { ...setup, ...part } }));
}

/** Another scenario is seen from its beginning, and what was done to the road is undone. */
export function setScenario(scenario: string): void {
  const setup = state.session.value?.setup;
  const name = state.welcome.value?.catalogue.find(({ id }) => id === scenario)?.name ?? scenario;
  if (setup === undefined || setup.scenario === scenario) return;
  void during(`Opening ${name}`, () => send({ kind: 'setup', setup: { ...setup, scenario } }));
}

/** Resolves when the run is of this seed, or it has been told why it is not. */
export async function setSeed(seed: number): Promise<void> {
  if (Number.isInteger(seed) && isWithin(seed, SEED)) {
    await change({ seed }, `Drawing the arrivals of seed ${seed}`);
  } else {
    state.tell(`A seed is a whole number from ${SEED.least} to ${SEED.most}.`, true);
  }
}

export function newSeed(): void {
  const { value: session } = state.session;
  if (session === null) return;
  const { seed } = session.setup;
  if (session.seedMatters) void setSeed(seed < SEED.most ? seed + 1 : 0);
  else state.tell(NO_SEED);
}

export function setDemand(demandScale: number): void {
  const scale = Math.max(DEMAND.least, Math.min(DEMAND.most, Math.round(demandScale * 100) / 100));
  if (scale !== state.session.value?.setup.demandScale)
    void change({ demandScale: scale }, `Demand ×${scale}`);
}

export function setController(side: number, name: string): void {
  const controllers = state.controllers.value.map((old, k) => (k === side ? name : old));
  void change({ controllers }, `Running ${letterOf(side)} under ${controllerWord(name)}`);
}

/** A controller that no side has yet. */
export function addSide(): void {
  const { value: controllers } = state.controllers;
  if (controllers.length >= SIDES_MAX) return;
  const names = state.welcome.value?.controllers.map(({ name }) => name) ?? [];
  const name = names.find((one) => !controllers.includes(one)) ?? names[0];
  if (name === undefined) return;
  const words = `Running ${letterOf(controllers.length)} under ${controllerWord(name)}`;
  void change({ controllers: [...controllers, name] }, words);
}

export function removeSide(side: number): void {
  const controllers = state.controllers.value.filter((_, k) => k !== side);
  if (controllers.length === 0) return;
  void change({ controllers }, `Taking ${letterOf(side)} away`);
  state.side.value = Math.min(state.side.value, controllers.length - 1);
}

export function swapSides(): void {
  state.isSwapped.value = !state.isSwapped.value;
}

export function isClosed(lane: number): boolean {
  return state.road.value.closed.includes(lane);
}

export function hasIncident(lane: number): boolean {
  return state.road.value.incidents.some((incident) => incident.lane === lane);
}

function laneName(lane: number): string {
  return state.map.value?.lanes.name[lane] ?? '';
}

export function closeOrOpen(lane: number): void {
  const name = laneName(lane);
  const kind = isClosed(lane) ? 'open-lane' : 'close-lane';
  void during(`${kind === 'open-lane' ? 'Opening' : 'Closing'} lane ${name}`, () =>
    send({ kind, lane: name }),
  );
}

export function dropIncident(lane: number, positionM: number): void {
  const name = laneName(lane);
  void during(`An incident on lane ${name}`, () => send({ kind: 'incident', lane: name, positionM }));
}

export function clearIncident(lane: number): void {
  const name = laneName(lane);
  void during(`Clearing lane ${name}`, () => send({ kind: 'clear-incident', lane: name }));
}

/** On the chosen lane, or on the one that is clicked next. */
export function incidentHere(): void {
  const { value: chosen } = state.lane;
  if (chosen === null) state.tool.value = state.tool.value === 'incident' ? null : 'incident';
  else if (hasIncident(chosen.lane)) clearIncident(chosen.lane);
  else dropIncident(chosen.lane, chosen.positionM);
}

export function closureHere(): void {
  const { value: chosen } = state.lane;
  if (chosen === null) state.tool.value = state.tool.value === 'closure' ? null : 'closure';
  else closeOrOpen(chosen.lane);
}

/** Whom to compare with unless the viewer says otherwise: another side's controller, if it can be asked. */
export function usualRival(): string | null {
  const { value: rivals } = state.rivals;
  return rivals.find((name) => state.controllers.value.includes(name)) ?? rivals[0] ?? null;
}

export function nextDisagreement(rival: string | null = usualRival()): void {
  const { value: intersection } = state.intersection;
  if (intersection === null || rival === null) {
    state.tell('Choose a signal first whose controller can be compared: the panel Why says with whom.');
    return;
  }
  const side = state.side.value;
  void during(
    `Running on to where ${letterOf(side)} and ${controllerWord(rival)} would choose differently`,
    () => send({ kind: 'next-disagreement', side, intersection, rival }),
  );
}
