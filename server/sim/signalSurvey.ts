import { type Network, NONE, SHOWN } from './network.ts';
import { inDilemmaZone, inIndecisionZone } from './safety.ts';
import type { Simulation } from './simulation.ts';
import { COUNT, HEAD, NEXT, RECORD, SLOT_IDENTITY, SLOT_STATE, TYPE } from './traffic.ts';

/** How long each connector had right of way, and who was where when yellow came on. */
export interface SignalSurvey {
  readonly connectors: Int32Array; // of signalised intersections
  readonly shown: Uint8Array; //      by element: what was shown in the last step
  readonly green: Int32Array; //      by element: steps with right of way
  readonly changeS: Float64Array; //  by movement: yellow change and red clearance after it, s
  dilemma: number; //                 vehicles in the dilemma zone at the onset of yellow
  indecision: number; //              vehicles in the indecision zone at the onset of yellow
}

export function createSignalSurvey(network: Network): SignalSurvey {
  const { elementCount, connectors, signalised, intersectionCount } = network;
  const watched: number[] = [];
  for (let i = 0; i < intersectionCount; i++) {
    if (signalised[i] === 0) continue;
    for (let k = connectors.starts[i]; k < connectors.starts[i + 1]; k++) watched.push(connectors.items[k]);
  }
  return {
    connectors: Int32Array.from(watched),
    shown: new Uint8Array(elementCount),
    green: new Int32Array(elementCount),
    changeS: changeTimes(network),
    dilemma: 0,
    indecision: 0,
  };
}

/** The longest change among the phases in which a movement has right of way. */
function changeTimes({ movementCount, phaseCount, phaseMovements, ...network }: Network): Float64Array {
  const times = new Float64Array(movementCount);
  for (let p = 0; p < phaseCount; p++) {
    const change = (network.yellowChange[p] + network.redClearance[p]) * network.stepS;
    for (let k = phaseMovements.starts[p]; k < phaseMovements.starts[p + 1]; k++) {
      const m = phaseMovements.items[k];
      times[m] = Math.max(times[m], change);
    }
  }
  return times;
}

/**
 * The signals show what they show in this step; nobody has moved yet.
 *
 * @param counts  whether the warm-up is over
 */
export function noteShown(sim: Simulation, log: SignalSurvey, counts: boolean): void {
  const { connectors, green } = log;
  const { shown } = sim.signals;
  for (let k = 0; k < connectors.length; k++) {
    const c = connectors[k];
    const now = shown[c];
    if (now >= SHOWN.permitted) {
      if (counts) green[c]++;
    } else if (counts && now === SHOWN.yellow && log.shown[c] >= SHOWN.permitted) {
      noteYellow(sim, log, c);
    }
    log.shown[c] = now;
  }
}

/** Yellow comes on for a connector: looks at the vehicles that are about to drive onto it. */
function noteYellow({ network, traffic, step }: Simulation, log: SignalSurvey, connector: number): void {
  const { elementLength, connectorFrom, connectorMovement, types } = network;
  const { record, slotState, slotIdentity } = traffic;
  const lane = connectorFrom[connector];
  if (lane === NONE) return;
  const changeS = log.changeS[connectorMovement[connector]];
  const parity = (step & 1) << 1;
  const head = record[lane * RECORD + HEAD];
  const end = head + record[lane * RECORD + COUNT];
  for (let slot = head; slot < end; slot++) {
    if (slotIdentity[slot * SLOT_IDENTITY + NEXT] !== connector) continue;
    const v = slotState[slot * SLOT_STATE + parity + 1];
    const distance = elementLength[lane] - slotState[slot * SLOT_STATE + parity];
    const clearing = elementLength[connector] + types.length[slotIdentity[slot * SLOT_IDENTITY + TYPE]];
    if (inDilemmaZone(distance, v, clearing, changeS)) log.dilemma++;
    if (inIndecisionZone(distance, v)) log.indecision++;
  }
}
