import { ANSWER } from './answer.ts';
import { limitAtJunction } from './crossing.ts';
import { followIntelligently, limitToSafeSpeed, ROUNDING, stopAtDeadEnd } from './following.ts';
import { limitAtIncident } from './incident.ts';
import { limitToSpeedsAhead } from './limits.ts';
import { lookAhead } from './lookAhead.ts';
import { noteHalt } from './measures.ts';
import { DEAD_END, NONE, SHOWN } from './network.ts';
import type { Simulation } from './simulation.ts';
import {
  ASLEEP,
  COUNT,
  ENTERED,
  FRONT,
  HALTING_SPEED,
  HEAD,
  NEXT,
  RECORD,
  RECORD_TAIL,
  SLOT_IDENTITY,
  SLOT_STATE,
  TYPE,
  VEHICLE,
} from './traffic.ts';

/**
 * Decides for every vehicle that is awake its speed and position at the end of the step, all from the
 * state at its beginning, and notes in `departures` who drives off its element.
 *
 * Walks the elements in memory order and each from front to back, so that a leader's state is at hand
 * when its follower asks. Reads the old half of every slot, writes only the fresh half.
 */
export function drive(sim: Simulation): void {
  const { network, traffic, vehicles, drivers, departures, signals, closures, longLane, answer } = sim;
  const {
    elementLength,
    elementSpeedLimit,
    elementRoad,
    connectorTurns,
    limitsAhead,
    types,
    stepS: dt,
  } = network;
  const { slotState, slotIdentity, record, tail, awake, halted } = traffic;
  const old = (sim.step & 1) << 1;
  const fresh = old ^ 2;
  const { length: lengthOf, usualDeceleration, maxDeceleration } = types;
  const { evenBraking } = drivers;
  const halfStep = 0.5 * dt;
  let departed = 0;

  // The parameters of the type at hand: neighbours are mostly of one type.
  let current = NONE;
  let maxSpeed = 0;
  let gain = 0; //     m/s   gained in a step at maximum acceleration
  let usualGain = 0; // m/s  at usual acceleration, with which a driver checks whether it can still stop
  let loss = 0; //     m/s   lost in a step at maximum deceleration
  let minGap = 0;
  let brakingFactor = 0;
  let emergencyFactor = 0;
  let headway = 0;
  let interaction = 0;
  let range = 0;
  let turnSpeed = 0;
  let yieldDistance = 0;
  let sight = 0; //   m     to the end of the element, beyond which there cannot be a leader that matters
  let clear = 0; //   m     to the end of the element, beyond which nothing there matters
  let eager = false; //   as quick to accelerate as it can
  let even = false;

  for (let w = 0; w < awake.length; w++) {
    let bits = awake[w];
    while (bits !== 0) {
      const e = (w << 5) + 31 - Math.clz32(bits & -bits);
      bits &= bits - 1;
      const r = e * RECORD;
      const count = record[r + COUNT];
      const head = record[r + HEAD];
      const length = elementLength[e];
      const speedLimit = elementSpeedLimit[e];
      const isLane = elementRoad[e] !== NONE;
      const isLong = isLane && length > longLane;
      const watched = closures !== null && closures.watched[e] === 1;
      let front = record[r + FRONT];
      let asleep = record[r + ASLEEP];
      let frontMoved = false;
      let leaderX = 0;
      let leaderV = 0;
      let leaderType = 0;
      let leaderStands = false;
      let leaderAwake = false;
      let leaderLeaves = false;
      let newX = 0;
      let newV = 0;
      let position = 0;
      // The record does not know who entered in this step until the step is over, so it stays awake.
      const lastEntrant = record[r + ENTERED] === sim.step ? count - 1 : NONE;

      while (position < count) {
        if (position === front && asleep !== 0) {
          position += asleep;
          const sleeper = head + position - 1;
          leaderX = slotState[sleeper * SLOT_STATE + old];
          leaderV = 0;
          leaderType = slotIdentity[sleeper * SLOT_IDENTITY + TYPE];
          leaderStands = true;
          leaderAwake = false;
          leaderLeaves = false;
          if (position === count) break;
        }
        const slot = head + position;
        const s = slot * SLOT_STATE;
        const x = slotState[s + old];
        const v = slotState[s + old + 1];
        const type = slotIdentity[slot * SLOT_IDENTITY + TYPE];
        if (type !== current) {
          current = type;
          maxSpeed = types.maxSpeed[type];
          gain = types.maxAcceleration[type] * dt;
          usualGain = types.usualAcceleration[type] * dt;
          loss = maxDeceleration[type] * dt;
          minGap = types.minGap[type];
          brakingFactor = drivers.brakingFactor[type];
          emergencyFactor = drivers.emergencyFactor[type];
          headway = types.headway[type] + halfStep;
          interaction = drivers.interaction[type];
          range = drivers.lookAhead[type];
          turnSpeed = types.turnSpeed[type];
          yieldDistance = types.yieldDistance[type];
          eager = types.usualAcceleration[type] >= types.maxAcceleration[type];
          sight = drivers.sight[type];
          clear = drivers.clear[type];
          even = evenBraking[type] === 1;
        }
        const next = slotIdentity[slot * SLOT_IDENTITY + NEXT];
        const rest = length - x;

        let speed = v + gain;
        if (maxSpeed < speed) speed = maxSpeed;
        if (speedLimit < speed) speed = speedLimit;

        let gap = Infinity;
        if (position !== 0) gap = leaderX - lengthOf[leaderType] - x;
        if (isLane && rest > clear && gap >= interaction && !watched) {
          // Nobody near and no intersection: most vehicles, most of the time.
          if (speed < v - loss) speed = v - loss; // off a connector, where no limit holds
          newX = ((v + speed) * dt) / 2 + x;
          newV = speed;
          slotState[s + fresh] = newX;
          slotState[s + fresh + 1] = newV;
          if (v < HALTING_SPEED && newV >= HALTING_SPEED) {
            halted[e]--;
            if (sim.measures !== null) {
              noteHalt(sim, e, slotIdentity[slot * SLOT_IDENTITY + VEHICLE], next, newV < HALTING_SPEED);
            }
          }
          if (asleep !== 0 && position === front - 1) frontMoved = true;
          leaderX = x;
          leaderV = v;
          leaderType = type;
          leaderStands = false;
          leaderAwake = true;
          leaderLeaves = false;
          position++;
          continue;
        }
        if (position === 0 && next >= 0 && rest < sight && lookAhead(sim, e, slot)) {
          gap = answer[ANSWER.gap];
          leaderV = answer[ANSWER.leaderSpeed];
          leaderType = sim.leaderType;
        }
        if (gap < interaction) {
          // The speed at which the headway to the leader will be kept, if the leader's speed moves half
          // way toward one's own when that is higher. (CityFlow's safe-distance speed.)
          const faster = v > leaderV ? v - leaderV : 0;
          const steady = (gap + (leaderV + faster / 2) * dt - (v * dt) / 2) / headway;
          if (steady < speed) speed = steady;
          // The safe speed is a root w of a·w² + b·w + c = 0, and dear. It can only matter where braking
          // from `speed` needs more room than there is, give or take rounding; with unlike decelerations
          // it is looked into every time.
          const leaderUsual = usualDeceleration[leaderType];
          const spare = gap - minGap;
          const room = spare - (v * dt) / 2 + (0.5 * leaderV * leaderV) / leaderUsual - ROUNDING;
          let unsafe = (brakingFactor * speed + halfStep) * speed > room;
          if (2 * leaderV - leaderUsual * dt + (2 * spare) / dt < speed) unsafe = true;
          if (!even || evenBraking[leaderType] === 0) {
            const leaderMaximum = maxDeceleration[leaderType];
            const bare = gap - (v * dt) / 2 + (0.5 * leaderV * leaderV) / leaderMaximum - ROUNDING;
            if ((emergencyFactor * speed + halfStep) * speed > bare) unsafe = true;
            if (2 * leaderV - leaderMaximum * dt + (2 * gap) / dt < speed) unsafe = true;
          }
          if (unsafe) {
            answer[ANSWER.speed] = v;
            answer[ANSWER.leaderSpeed] = leaderV;
            answer[ANSWER.gap] = gap;
            answer[ANSWER.limit] = speed;
            limitToSafeSpeed(sim, type, leaderType);
            speed = answer[ANSWER.limit];
          }
        } else if (interaction < 0) {
          answer[ANSWER.speed] = v;
          answer[ANSWER.desired] = speedLimit < maxSpeed ? speedLimit : maxSpeed;
          answer[ANSWER.leaderSpeed] = gap < Infinity ? leaderV : 0;
          answer[ANSWER.gap] = gap;
          answer[ANSWER.limit] = speed;
          followIntelligently(sim, type);
          speed = answer[ANSWER.limit];
        }
        const following = speed;
        if (watched) {
          answer[ANSWER.speed] = v;
          answer[ANSWER.limit] = speed;
          limitAtIncident(sim, closures, e, slot);
          speed = answer[ANSWER.limit];
        }
        if (limitsAhead !== null && rest <= range && next >= 0 && limitsAhead[isLane ? next : e] === 1) {
          const vehicle = slotIdentity[slot * SLOT_IDENTITY + VEHICLE];
          answer[ANSWER.speed] = v;
          answer[ANSWER.gap] = rest;
          answer[ANSWER.limit] = speed;
          limitToSpeedsAhead(sim, next, type, vehicles.route[vehicle], vehicles.routePosition[vehicle]);
          speed = answer[ANSWER.limit];
        }

        // On a long lane nobody but the first can be another's foe, now or, if the first stays, in the
        // next step; and who stands behind one that stands needs no other reason to stand.
        let signalHolds = false;
        let near = !isLane || (next >= 0 && rest <= range);
        if (near && isLane && eager) {
          const faster = v + usualGain;
          const braking = ((v + faster) * dt) / 2 + faster * faster * brakingFactor + ROUNDING;
          if (position === 0) near = braking > rest || signals.shown[next] >= SHOWN.permitted;
          else if (isLong && !leaderLeaves && (v === 0 ? speed <= 0 : braking < rest - yieldDistance)) {
            near = connectorTurns[next] === 1 && speed > turnSpeed;
          }
        }
        if (near || next === DEAD_END) {
          answer[ANSWER.speed] = v;
          answer[ANSWER.gap] = rest;
          answer[ANSWER.limit] = speed;
          if (near) signalHolds = limitAtJunction(sim, e, slot);
          else stopAtDeadEnd(sim, type);
          speed = answer[ANSWER.limit];
        }

        if (speed < v - loss) speed = v - loss;
        if (speed < 0) {
          newV = 0;
          newX = (0.5 * v * v) / maxDeceleration[type] + x;
        } else {
          newV = speed;
          newX = ((v + speed) * dt) / 2 + x;
        }
        slotState[s + fresh] = newX;
        slotState[s + fresh + 1] = newV;

        if (newX > length) {
          departures[departed++] = e;
          departures[departed++] = slot;
        }
        if (v < HALTING_SPEED !== newV < HALTING_SPEED) {
          if (isLane) halted[e] += newV < HALTING_SPEED ? 1 : -1;
          if (sim.measures !== null)
            noteHalt(sim, e, slotIdentity[slot * SLOT_IDENTITY + VEHICLE], next, newV < HALTING_SPEED);
        }

        const stands = v === 0 && newV === 0;
        if (asleep !== 0 && position === front - 1) frontMoved = !stands;
        if (stands && isLane && position !== lastEntrant) {
          // The second stays awake with the first: it may be the first in the next step.
          const maySleep = position > 1 || (asleep !== 0 && front === 0);
          const holds = position === 0 ? signalHolds : maySleep && leaderStands && following <= 0 && isLong;
          if (holds) {
            if (asleep === 0) {
              front = position;
              asleep = 1;
            } else if (position === front + asleep) {
              asleep++;
            }
          }
        }
        leaderX = x;
        leaderV = v;
        leaderType = type;
        leaderStands = stands;
        leaderAwake = true;
        leaderLeaves = newX > length;
        position++;
      }

      if (leaderAwake) {
        tail[e * RECORD_TAIL + fresh] = newX;
        tail[e * RECORD_TAIL + fresh + 1] = newV;
      }
      if (frontMoved) {
        front++;
        asleep--;
        if (asleep === 0) front = 0;
      }
      record[r + FRONT] = front;
      record[r + ASLEEP] = asleep;
      if (asleep === count && front === 0) awake[w] &= ~(1 << (e & 31));
    }
  }
  sim.departed = departed;
}
