import { NEVER, type Network, NONE, SHOWN } from './network.ts';
import { COUNT, RECORD, type Traffic, wakeHead } from './traffic.ts';

/** The part of a phase that a signal is in. */
export const INTERVAL = { green: 0, yellowChange: 1, redClearance: 2 } as const;

/** Signals, one row per intersection. Phases are indices into the network's table of phases. */
export interface Signals {
  readonly phase: Int32Array; //    the phase shown, or being ended
  readonly next: Int32Array; //     the phase that follows the change under way; NONE during green
  readonly wanted: Int32Array; //   the last request; NONE: none yet
  readonly interval: Uint8Array; // INTERVAL value
  readonly elapsed: Int32Array; //  steps for which the interval has been shown
  readonly shown: Uint8Array; //    by element: what the signal shows a connector, SHOWN value
}

export function createSignals(network: Network): Signals {
  const { intersectionCount, elementCount, phases, connectors, signalised } = network;
  const signals: Signals = {
    phase: new Int32Array(intersectionCount).fill(NONE),
    next: new Int32Array(intersectionCount).fill(NONE),
    wanted: new Int32Array(intersectionCount).fill(NONE),
    interval: new Uint8Array(intersectionCount),
    elapsed: new Int32Array(intersectionCount),
    shown: new Uint8Array(elementCount),
  };
  for (let i = 0; i < intersectionCount; i++) {
    if (signalised[i] === 1) {
      signals.phase[i] = phases.items[phases.starts[i]];
      showPhase(network, signals, i, signals.phase[i]);
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
 * Starts a run in another phase than the first, with no change interval before it.
 * Only before the first step.
 */
export function startPhase(network: Network, signals: Signals, i: number, phase: number): void {
  signals.phase[i] = phase;
  showPhase(network, signals, i, phase);
}

/**
 * Advances every signal by one step: the interlock.
 *
 * A controller only ever *asks*, by writing `wanted`. The request is honoured no sooner than minimum
 * green, and always through yellow change and red clearance; once a change has begun it is carried
 * through. When maximum green has passed and somebody waits at a red approach, the signal moves on to
 * the next phase in order even if the controller would rather stay. So no controller, however badly
 * trained, can show two conflicting greens.
 */
export function stepSignals(network: Network, signals: Signals, traffic: Traffic): void {
  const { signalised, minGreen, maxGreen, yellowChange, redClearance } = network;
  const { phase, next, wanted, interval, elapsed } = signals;
  for (let i = 0; i < signalised.length; i++) {
    if (signalised[i] === 0) continue;
    const p = phase[i];
    if (interval[i] === INTERVAL.green) {
      if (wanted[i] !== NONE && wanted[i] !== p) {
        if (elapsed[i] >= minGreen[p]) beginChange(network, signals, traffic, i, wanted[i]);
      } else if (
        maxGreen[p] !== NEVER &&
        elapsed[i] >= maxGreen[p] &&
        someoneWaits(network, signals, traffic, i)
      ) {
        beginChange(network, signals, traffic, i, phaseAfter(network, i, p));
      }
    }
    if (interval[i] === INTERVAL.yellowChange && elapsed[i] >= yellowChange[p]) {
      beginInterval(network, signals, traffic, i, INTERVAL.redClearance);
    }
    if (interval[i] === INTERVAL.redClearance && elapsed[i] >= redClearance[p]) {
      phase[i] = next[i];
      next[i] = NONE;
      beginInterval(network, signals, traffic, i, INTERVAL.green);
    }
    elapsed[i]++;
  }
}

/** The phase that follows `p` in the order of the intersection's phases. */
export function phaseAfter(network: Network, i: number, p: number): number {
  const { starts, items } = network.phases;
  return p === items[starts[i + 1] - 1] ? items[starts[i]] : p + 1;
}

function beginChange(network: Network, signals: Signals, traffic: Traffic, i: number, phase: number): void {
  signals.next[i] = phase;
  beginInterval(network, signals, traffic, i, INTERVAL.yellowChange);
}

function beginInterval(
  network: Network,
  signals: Signals,
  traffic: Traffic,
  i: number,
  interval: number,
): void {
  signals.interval[i] = interval;
  signals.elapsed[i] = 0;
  if (interval === INTERVAL.green) showPhase(network, signals, i, signals.phase[i]);
  else showChange(network, signals, i, interval);
  const { starts, items } = network.approachLanes;
  for (let k = starts[i]; k < starts[i + 1]; k++) wakeHead(traffic, items[k]);
}

function showPhase(network: Network, signals: Signals, i: number, p: number): void {
  const { connectors, phaseShown, phaseShownStart } = network;
  const first = connectors.starts[i];
  for (let k = first; k < connectors.starts[i + 1]; k++) {
    signals.shown[connectors.items[k]] = phaseShown[phaseShownStart[p] + k - first];
  }
}

/**
 * What is shown between two phases: what has right of way in both keeps it (the lesser of the two, so
 * a left turn about to be protected still yields to the stream being stopped), what loses it shows
 * yellow, then red. Networks that name a change phase show that phase instead.
 */
function showChange(network: Network, signals: Signals, i: number, interval: number): void {
  const { connectors, phaseShown, phaseShownStart, changePhase } = network;
  if (changePhase[i] !== NONE) {
    showPhase(network, signals, i, changePhase[i]);
    return;
  }
  const ending = phaseShownStart[signals.phase[i]];
  const coming = phaseShownStart[signals.next[i]];
  const first = connectors.starts[i];
  for (let k = first; k < connectors.starts[i + 1]; k++) {
    const before = phaseShown[ending + k - first];
    const after = phaseShown[coming + k - first];
    let shown: number = before < after ? before : after;
    if (before !== SHOWN.red && after === SHOWN.red && interval === INTERVAL.yellowChange)
      shown = SHOWN.yellow;
    signals.shown[connectors.items[k]] = shown;
  }
}

/** Whether any vehicle is on an approach lane none of whose connectors may go. */
function someoneWaits(network: Network, signals: Signals, traffic: Traffic, i: number): boolean {
  const { approachLanes, laneConnectors } = network;
  for (let k = approachLanes.starts[i]; k < approachLanes.starts[i + 1]; k++) {
    const lane = approachLanes.items[k];
    if (traffic.record[lane * RECORD + COUNT] === 0) continue;
    let open = false;
    for (let c = laneConnectors.starts[lane]; c < laneConnectors.starts[lane + 1]; c++) {
      if (signals.shown[laneConnectors.items[c]] !== SHOWN.red) open = true;
    }
    if (!open) return true;
  }
  return false;
}
