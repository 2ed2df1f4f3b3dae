import { BY_SIGNAL, NEVER, type Network, NONE, SHOWN } from './network.ts';
import { beginWalk, type Pedestrians, someoneAtKerb } from './pedestrians.ts';
import { COUNT, RECORD, type Traffic, wakeHead } from './traffic.ts';

/** The part of a phase that a ring is in. */
export const INTERVAL = { green: 0, yellowChange: 1, redClearance: 2 } as const;

/**
 * Signals, one row per ring: a sequence of phases of which one is shown at a time. Most intersections have
 * one ring, and its row is the intersection's index; the second rings follow after these. Phases are
 * indices into the network's table of phases.
 */
export interface Signals {
  readonly phase: Int32Array; //     the phase shown, or being ended
  readonly next: Int32Array; //      the phase that follows the change under way; NONE during green
  readonly wanted: Int32Array; //    the last request; NONE: none yet
  readonly interval: Uint8Array; //  INTERVAL value
  readonly elapsed: Int32Array; //   steps for which the interval has been shown
  readonly walkGreen: Int32Array; // steps of this green that walk and pedestrian clearance need; 0: nobody walks
  readonly shown: Uint8Array; //     by element: what the signal shows a connector, SHOWN value
  readonly granted: Uint8Array; //   by element: the green that a connector had last, SHOWN.permitted or SHOWN.protected
  readonly faces: Uint8Array; //     by element: 1 for a connector, not at red, that conflicts with one it yields to by what both are shown
}

export function createSignals(network: Network): Signals {
  const { intersectionCount, elementCount, ringPhases, connectors, signalised } = network;
  const ringCount = ringPhases.starts.length - 1;
  const signals: Signals = {
    phase: new Int32Array(ringCount).fill(NONE),
    next: new Int32Array(ringCount).fill(NONE),
    wanted: new Int32Array(ringCount).fill(NONE),
    interval: new Uint8Array(ringCount),
    elapsed: new Int32Array(ringCount),
    walkGreen: new Int32Array(ringCount),
    shown: new Uint8Array(elementCount),
    granted: new Uint8Array(elementCount).fill(SHOWN.permitted),
    faces: new Uint8Array(elementCount),
  };
  for (let r = 0; r < ringCount; r++) {
    if (signalised[network.ringIntersection[r]] === 1) {
      signals.phase[r] = ringPhases.items[ringPhases.starts[r]];
    }
  }
  for (let i = 0; i < intersectionCount; i++) {
    if (signalised[i] === 1) {
      showIntersection(network, signals, i);
    } else {
      // Without a signal everyone may go, and yields by right of way.
      for (let k = connectors.starts[i]; k < connectors.starts[i + 1]; k++) {
        signals.shown[connectors.items[k]] = SHOWN.permitted;
      }
    }
  }
  return signals;
}

/**
 * Starts a run in another phase than the first, with no change interval before it. Only before the first
 * step; the rings of an intersection must be put into the same barrier group.
 */
export function startPhase(network: Network, signals: Signals, ring: number, phase: number): void {
  signals.phase[ring] = phase;
  showIntersection(network, signals, network.ringIntersection[ring]);
}

/**
 * Advances every signal by one step: the interlock.
 *
 * A controller only ever *asks*, by writing `wanted`. The request is honoured no sooner than minimum
 * green and what people on the crosswalks need, and always through yellow change and red clearance; once a
 * change has begun it is carried through. When maximum green has passed and somebody waits at a red
 * approach, the signal moves on to the next phase in order even if the controller would rather stay. Two
 * rings change independently within a barrier group and cross the barrier together. So no controller,
 * however badly trained, can show two conflicting greens.
 */
export function stepSignals(
  network: Network,
  signals: Signals,
  traffic: Traffic,
  pedestrians: Pedestrians | null = null,
  step = 0,
): void {
  const { signalised, ringPartner, yellowChange, redClearance } = network;
  const { phase, next, interval, elapsed } = signals;
  for (let r = 0; r < signalised.length; r++) {
    if (signalised[r] === 0) continue;
    if (pedestrians !== null) walk(network, signals, traffic, pedestrians, r, step);
    if (ringPartner[r] !== NONE) {
      if (pedestrians !== null) walk(network, signals, traffic, pedestrians, ringPartner[r], step);
      stepPair(network, signals, traffic, pedestrians, step, r, ringPartner[r]);
      continue;
    }
    const p = phase[r];
    if (interval[r] === INTERVAL.green) {
      const target = dueTarget(network, signals, traffic, pedestrians, r);
      if (target !== NONE) beginChange(network, signals, traffic, r, target);
    }
    if (interval[r] === INTERVAL.yellowChange && elapsed[r] >= yellowChange[p]) {
      beginInterval(network, signals, traffic, r, INTERVAL.redClearance);
    }
    if (interval[r] === INTERVAL.redClearance && elapsed[r] >= redClearance[p]) {
      phase[r] = next[r];
      next[r] = NONE;
      beginGreen(network, signals, traffic, pedestrians, step, r);
    }
    elapsed[r]++;
  }
}

/**
 * Two rings of one intersection, a and b. A request for a phase beyond the barrier is honoured only with
 * one of the other ring for the same group, and the greens beyond the barrier begin together, when both
 * have cleared.
 */
function stepPair(
  network: Network,
  signals: Signals,
  traffic: Traffic,
  pedestrians: Pedestrians | null,
  step: number,
  a: number,
  b: number,
): void {
  const { phaseGroup, yellowChange, redClearance } = network;
  const { phase, next, interval, elapsed } = signals;
  const wantedA =
    interval[a] === INTERVAL.green ? dueTarget(network, signals, traffic, pedestrians, a) : NONE;
  const wantedB =
    interval[b] === INTERVAL.green ? dueTarget(network, signals, traffic, pedestrians, b) : NONE;
  const group = phaseGroup[phase[a]];
  if (wantedA !== NONE && phaseGroup[wantedA] === group) beginChange(network, signals, traffic, a, wantedA);
  if (wantedB !== NONE && phaseGroup[wantedB] === group) beginChange(network, signals, traffic, b, wantedB);
  if (wantedA !== NONE && wantedB !== NONE) {
    const target = phaseGroup[wantedA];
    if (target !== group && target === phaseGroup[wantedB]) {
      beginChange(network, signals, traffic, a, wantedA);
      beginChange(network, signals, traffic, b, wantedB);
    }
  }
  for (let r = a; ; r = b) {
    if (interval[r] === INTERVAL.yellowChange && elapsed[r] >= yellowChange[phase[r]]) {
      beginInterval(network, signals, traffic, r, INTERVAL.redClearance);
    }
    if (r === b) break;
  }
  let clearA = interval[a] === INTERVAL.redClearance && elapsed[a] >= redClearance[phase[a]];
  let clearB = interval[b] === INTERVAL.redClearance && elapsed[b] >= redClearance[phase[b]];
  const crossing = next[a] !== NONE && phaseGroup[next[a]] !== group;
  if (crossing && !(clearA && clearB)) {
    clearA = false;
    clearB = false;
  }
  if (clearA) {
    phase[a] = next[a];
    next[a] = NONE;
  }
  if (clearB) {
    phase[b] = next[b];
    next[b] = NONE;
  }
  if (clearA) beginGreen(network, signals, traffic, pedestrians, step, a);
  if (clearB) beginGreen(network, signals, traffic, pedestrians, step, b);
  elapsed[a]++;
  elapsed[b]++;
}

/** The phase that ring `r`, which shows green, may now be changed to; NONE: it stays. */
function dueTarget(
  network: Network,
  signals: Signals,
  traffic: Traffic,
  pedestrians: Pedestrians | null,
  r: number,
): number {
  const { minGreen, maxGreen, ringIntersection } = network;
  const { wanted, elapsed, walkGreen } = signals;
  const p = signals.phase[r];
  if (elapsed[r] < walkGreen[r]) return NONE;
  if (wanted[r] !== NONE && wanted[r] !== p) return elapsed[r] >= minGreen[p] ? wanted[r] : NONE;
  if (maxGreen[p] === NEVER || elapsed[r] < maxGreen[p]) return NONE;
  const waits = someoneWaits(network, signals, traffic, pedestrians, ringIntersection[r], p);
  return waits ? phaseAfter(network, r, p) : NONE;
}

/** The phase that follows `p` in the order of its ring. */
export function phaseAfter(network: Network, ring: number, p: number): number {
  const { starts, items } = network.ringPhases;
  let k = starts[ring];
  while (items[k] !== p) k++;
  return k + 1 === starts[ring + 1] ? items[starts[ring]] : items[k + 1];
}

function beginChange(network: Network, signals: Signals, traffic: Traffic, r: number, phase: number): void {
  signals.next[r] = phase;
  beginInterval(network, signals, traffic, r, INTERVAL.yellowChange);
}

function beginGreen(
  network: Network,
  signals: Signals,
  traffic: Traffic,
  pedestrians: Pedestrians | null,
  step: number,
  r: number,
): void {
  beginInterval(network, signals, traffic, r, INTERVAL.green);
  signals.walkGreen[r] = pedestrians === null ? 0 : beginWalk(network, pedestrians, signals.phase[r], step);
}

function beginInterval(
  network: Network,
  signals: Signals,
  traffic: Traffic,
  r: number,
  interval: number,
): void {
  const i = network.ringIntersection[r];
  signals.interval[r] = interval;
  signals.elapsed[r] = 0;
  showIntersection(network, signals, i);
  const { starts, items } = network.approachLanes;
  for (let k = starts[i]; k < starts[i + 1]; k++) wakeHead(traffic, items[k]);
}

/**
 * Walk at the very start of a run, and again in a green that goes on because nobody else wants one: who
 * comes to the kerb then does not have to wait for the next cycle.
 */
function walk(
  network: Network,
  signals: Signals,
  traffic: Traffic,
  pedestrians: Pedestrians,
  r: number,
  step: number,
): void {
  const { phase, wanted, interval, elapsed, walkGreen } = signals;
  if (interval[r] !== INTERVAL.green) return;
  const p = phase[r];
  if (elapsed[r] === 0) {
    walkGreen[r] = beginWalk(network, pedestrians, p, step);
    return;
  }
  const rests = elapsed[r] >= walkGreen[r] && (wanted[r] === p || wanted[r] === NONE);
  if (!rests || !someoneAtKerb(network, pedestrians, p)) return;
  if (someoneWaits(network, signals, traffic, pedestrians, network.ringIntersection[r], p)) return;
  walkGreen[r] = elapsed[r] + beginWalk(network, pedestrians, p, step);
}

/** Shows what the rings of an intersection give, the most of it where both give something. */
function showIntersection(network: Network, signals: Signals, i: number): void {
  const { connectors, ringPartner } = network;
  const first = connectors.starts[i];
  const partner = ringPartner[i];
  for (let k = first; k < connectors.starts[i + 1]; k++) {
    let shown = shownByRing(network, signals, i, i, k - first);
    if (partner !== NONE) {
      const other = shownByRing(network, signals, i, partner, k - first);
      if (other > shown) shown = other;
    }
    signals.shown[connectors.items[k]] = shown;
    if (shown >= SHOWN.permitted) signals.granted[connectors.items[k]] = shown;
  }
  for (let k = first; k < connectors.starts[i + 1]; k++) {
    signals.faces[connectors.items[k]] = facesProtected(network, signals, connectors.items[k]);
  }
}

/** 1 when a connector has a conflict point with another that it yields to by what both are shown. */
function facesProtected({ crosses }: Network, signals: Signals, connector: number): number {
  if (signals.shown[connector] === SHOWN.red || signals.granted[connector] === SHOWN.protected) return 0;
  for (let k = crosses.starts[connector]; k < crosses.starts[connector + 1]; k++) {
    if (crosses.rule[k] < BY_SIGNAL) return 0; // the same at all of them
    if (yieldsBySignal(signals, connector, crosses.foe[k])) return 1;
  }
  return 0;
}

/**
 * Whether what the signal shows makes connector `mine` yield to connector `theirs`: a permitted movement yields to a
 * protected one, also while one or both are being stopped. Between two alike the turns decide, and where vehicles of one
 * still clear the intersection at red while the other has green.
 */
export function yieldsBySignal({ shown, granted }: Signals, mine: number, theirs: number): boolean {
  if (granted[mine] >= granted[theirs]) return false;
  return (shown[mine] === SHOWN.red) === (shown[theirs] === SHOWN.red);
}

/**
 * What ring `r` shows the connector of rank `k`. Between two phases, what has right of way in both keeps it
 * (the lesser of the two, so a left turn about to be protected still yields to the stream being stopped),
 * what loses it shows yellow, then red. Networks that name a change phase show that phase instead.
 */
function shownByRing(network: Network, signals: Signals, i: number, r: number, k: number): number {
  const { phaseShown, phaseShownStart, changePhase } = network;
  const p = signals.phase[r];
  if (signals.interval[r] === INTERVAL.green) return phaseShown[phaseShownStart[p] + k];
  if (changePhase[i] !== NONE) return phaseShown[phaseShownStart[changePhase[i]] + k];
  const before = phaseShown[phaseShownStart[p] + k];
  const after = phaseShown[phaseShownStart[signals.next[r]] + k];
  if (before !== SHOWN.red && after === SHOWN.red && signals.interval[r] === INTERVAL.yellowChange) {
    return SHOWN.yellow;
  }
  return before < after ? before : after;
}

/** Whether any vehicle is on an approach lane none of whose connectors may go, or anyone at a kerb that `p` does not serve. */
function someoneWaits(
  network: Network,
  signals: Signals,
  traffic: Traffic,
  pedestrians: Pedestrians | null,
  i: number,
  p: number,
): boolean {
  const { approachLanes, laneConnectors, phases } = network;
  for (let k = approachLanes.starts[i]; k < approachLanes.starts[i + 1]; k++) {
    const lane = approachLanes.items[k];
    if (traffic.record[lane * RECORD + COUNT] === 0) continue;
    let open = false;
    for (let c = laneConnectors.starts[lane]; c < laneConnectors.starts[lane + 1]; c++) {
      if (signals.shown[laneConnectors.items[c]] !== SHOWN.red) open = true;
    }
    if (!open) return true;
  }
  if (pedestrians === null) return false;
  for (let k = phases.starts[i]; k < phases.starts[i + 1]; k++) {
    if (phases.items[k] !== p && someoneAtKerb(network, pedestrians, phases.items[k])) return true;
  }
  return false;
}
