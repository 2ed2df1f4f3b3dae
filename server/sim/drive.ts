import { headwaySpeed, idmAcceleration, safeSpeed } from './carFollowing.ts';
import { limitAtJunction } from './crossing.ts';
import { lookAhead } from './lookAhead.ts';
import { noteHalt } from './measures.ts';
import { DEAD_END, MODEL, NONE, SHOWN } from './network.ts';
import { ANSWER, HALTING_SPEED, type Simulation } from './simulation.ts';
import {
  ASLEEP,
  COUNT,
  ENTERED,
  FRONT,
  HEAD,
  NEXT,
  RECORD,
  RECORD_TAIL,
  SLOT_IDENTITY,
  SLOT_STATE,
  TYPE,
  VEHICLE,
} from './traffic.ts';

/** Wider than the rounding errors in a comparison of distances (m). */
const ROUNDING = 1e-6;

/**
 * Decides for every vehicle that is awake its speed and position at the end of the step, all from the
 * state at its beginning, and notes in `departures` who drives off its element.
 *
 * Walks the elements in memory order and each from front to back, so that a leader's state is at hand
 * when its follower asks. Reads the old half of every slot, writes only the fresh half.
 */
export function drive(sim: Simulation): void {
  const { network, traffic, drivers, departures, signals, longLane, answer } = sim;
  const { elementLength, elementSpeedLimit, elementRoad, connectorTurns, types, stepS: dt } = network;
  const { slotState, slotIdentity, record, tail, awake, halted } = traffic;
  const old = (sim.step & 1) << 1;
  const fresh = old ^ 2;
  const { length: lengthOf, usualDeceleration, maxDeceleration } = types;
  const { evenBraking, longestVehicle } = drivers;
  const halfStep = 0.5 * dt;
  let departed = 0;

  // The parameters of the type at hand: neighbours are mostly of one type.
  let current = NONE;
  let maxSpeed = 0;
  let gain = 0; //     m/s   gained in a step at maximum acceleration
  let loss = 0; //     m/s   lost in a step at maximum deceleration
  let minGap = 0;
  let usual = 0;
  let halfInverseUsual = 0;
  let halfInverseMaximum = 0;
  let headway = 0;
  let interaction = 0;
  let range = 0;
  let turnSpeed = 0;
  let yieldDistance = 0;
  let clear = 0; //        m      to the end of the element, beyond which nothing there matters
  let intelligent = false;
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
      let front = record[r + FRONT];
      let asleep = record[r + ASLEEP];
      let frontMoved = false;
      let leaderX = 0;
      let leaderV = 0;
      let leaderType = 0;
      let leaderStands = false;
      let leaderAwake = false;
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
          loss = maxDeceleration[type] * dt;
          minGap = types.minGap[type];
          usual = usualDeceleration[type];
          halfInverseUsual = 0.5 / usual;
          halfInverseMaximum = 0.5 / maxDeceleration[type];
          headway = types.headway[type];
          interaction = drivers.interaction[type];
          range = drivers.lookAhead[type];
          turnSpeed = types.turnSpeed[type];
          yieldDistance = types.yieldDistance[type];
          eager = types.usualAcceleration[type] >= types.maxAcceleration[type];
          intelligent = types.model[type] === MODEL.idm;
          clear = intelligent ? Infinity : Math.max(range, interaction + longestVehicle);
          even = evenBraking[type] === 1;
        }
        const next = slotIdentity[slot * SLOT_IDENTITY + NEXT];
        const rest = length - x;

        let speed = v + gain;
        if (maxSpeed < speed) speed = maxSpeed;
        if (speedLimit < speed) speed = speedLimit;

        let gap = Infinity;
        if (position !== 0) gap = leaderX - lengthOf[leaderType] - x;
        if (isLane && gap >= interaction && rest > clear) {
          // Nobody near and no intersection: most vehicles, most of the time.
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
          position++;
          continue;
        }
        if (position === 0 && next >= 0 && rest - longestVehicle < interaction && lookAhead(sim, e, slot)) {
          gap = answer[ANSWER.leaderGap];
          leaderV = answer[ANSWER.leaderSpeed];
          leaderType = sim.leaderType;
        }
        if (gap < interaction) {
          if (intelligent) {
            const desired = speedLimit < maxSpeed ? speedLimit : maxSpeed;
            const { usualAcceleration } = types;
            const a = idmAcceleration(
              v,
              desired,
              gap,
              v - leaderV,
              usualAcceleration[type],
              usual,
              headway,
              minGap,
            );
            if (v + a * dt < speed) speed = v + a * dt;
          } else {
            const steady = headwaySpeed(v, leaderV, gap, headway, dt);
            if (steady < speed) speed = steady;
            // The roots of the safe speeds are the dear part. A root w of a·w² + b·w + c = 0 can only
            // matter where braking from `speed` needs more room than there is, give or take rounding;
            // with usual braking first, since its margin makes it the smaller one but for rare leaders.
            const leaderUsual = usualDeceleration[leaderType];
            const usualRoom = gap - minGap - (v * dt) / 2 + (0.5 * leaderV * leaderV) / leaderUsual;
            const closing = 2 * leaderV - leaderUsual * dt + (2 * (gap - minGap)) / dt;
            if (closing < speed || (halfInverseUsual * speed + halfStep) * speed > usualRoom - ROUNDING) {
              const safe = safeSpeed(v, usual, leaderV, leaderUsual, gap, minGap, dt);
              if (safe < speed) speed = safe;
            }
            if (!even || evenBraking[leaderType] === 0) {
              // With even braking on both sides the one above is the smaller in any case.
              const leaderMaximum = maxDeceleration[leaderType];
              const room = gap - (v * dt) / 2 + (0.5 * leaderV * leaderV) / leaderMaximum;
              const bareClosing = 2 * leaderV - leaderMaximum * dt + (2 * gap) / dt;
              if (bareClosing < speed || (halfInverseMaximum * speed + halfStep) * speed > room - ROUNDING) {
                const bare = safeSpeed(v, maxDeceleration[type], leaderV, leaderMaximum, gap, 0, dt);
                if (bare < speed) speed = bare;
              }
            }
          }
        } else if (intelligent) {
          const desired = speedLimit < maxSpeed ? speedLimit : maxSpeed;
          const a = idmAcceleration(
            v,
            desired,
            Infinity,
            0,
            types.usualAcceleration[type],
            usual,
            headway,
            minGap,
          );
          if (v + a * dt < speed) speed = v + a * dt;
        }
        const following = speed;

        // On a long lane nobody but the first can be another's foe, and who stands behind one that
        // stands needs no other reason to stand.
        let signalHolds = false;
        if (isLane) {
          let near = next >= 0 && rest <= range;
          if (next === DEAD_END) {
            // As if somebody stood at the end of the lane: it waits there for ever. (CityFlow's rule.)
            const stop = safeSpeed(v, maxDeceleration[type], 0, 1, rest, minGap, dt);
            if (stop < speed) speed = stop;
          }
          if (near && eager) {
            const faster = v + gain;
            const braking = ((v + faster) * dt) / 2 + faster * faster * halfInverseUsual + ROUNDING;
            if (position === 0) near = braking > rest || signals.shown[next] >= SHOWN.permitted;
            else if (isLong && (v === 0 ? speed <= 0 : braking < rest - yieldDistance)) {
              near = connectorTurns[next] === 1 && speed > turnSpeed;
            }
          }
          if (near) {
            limitAtJunction(sim, e, slot);
            const junction = answer[ANSWER.limit];
            if (junction < speed) speed = junction;
            signalHolds = v === 0 && junction <= 0 && signals.shown[next] < SHOWN.permitted;
          }
        } else {
          limitAtJunction(sim, e, slot);
          if (answer[ANSWER.limit] < speed) speed = answer[ANSWER.limit];
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
          const holds = position === 0 ? signalHolds : leaderStands && following <= 0 && isLong;
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
