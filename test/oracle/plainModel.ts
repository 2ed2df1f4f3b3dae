import type { Layout } from '../../server/scenario/layout.ts';
import {
  admits,
  chooseAnew,
  gapToIncident,
  laneToArriveAt,
  mayEnter,
  queueElsewhere,
} from './plainClosures.ts';
import { blockersRunInCircle, mayPass, notifyCrosses } from './plainCrossing.ts';
import { PlainDraws } from './plainDraws.ts';
import {
  brakingDistance,
  deadEndSpeed,
  followingSpeed,
  greater,
  lesser,
  sight,
  stoppingSpeed,
} from './plainDriving.ts';
import {
  nextElement,
  type PlainConnector,
  type PlainElement,
  type PlainLane,
  type PlainNetwork,
  type PlainVehicle,
  plainNetwork,
} from './plainNetwork.ts';
import {
  type Display,
  type DisplayOf,
  type GapDecision,
  gapDecision,
  leavesNoRoom,
  limitAhead,
  speedToReach,
  yieldsBySignal,
} from './plainRules.ts';

interface FlowClock {
  clock: number;
  accumulated: number;
  count: number;
}

interface Decision {
  readonly vehicle: PlainVehicle;
  readonly v: number;
  readonly x: number;
  readonly element: PlainElement | null;
  readonly routeIndex: number;
  readonly blocker: PlainVehicle | null;
}

/**
 * The reference model, slow and plain: what the fast engine is checked against.
 *
 * One method a section of the reference, in its order; lane change is off; only the layout's flows
 * send vehicles. On CityFlow's files chance is its own (`plainDraws.ts`); elsewhere the first lane that qualifies is
 * taken, and of two equal vehicles the one created first goes first. Closures are not in the reference; see `plainClosures.ts`.
 */
export class PlainModel {
  readonly layout: Layout;
  readonly network: PlainNetwork;
  /** Every vehicle ever created, in order of creation. */
  readonly vehicles: PlainVehicle[] = [];
  readonly #dt: number;
  readonly #draws: PlainDraws | null;
  readonly #clocks: FlowClock[];
  /** Per intersection what its movements are shown. */
  readonly #displays: Display[][];
  readonly #rules: Layout['drivers'];
  /** Per lane the connectors that lead into it. */
  readonly #sources = new Map<PlainLane, PlainConnector[]>();
  #running: PlainVehicle[] = [];
  #steps = 0;
  /** The sum of all steps so far, each added to the last, as CityFlow's flows count. */
  #clock = 0;
  #finishedCount = 0;
  #finishedTime = 0;

  /** @param seed  of CityFlow's draws, on its files */
  constructor(layout: Layout, seed = layout.reference?.seed ?? 0) {
    this.layout = layout;
    this.#draws = layout.reference ? new PlainDraws(seed, layout.reference.undrivable) : null;
    this.network = plainNetwork(layout);
    this.#dt = layout.stepS;
    this.#clocks = layout.flows.map(({ intervalS }) => ({ clock: 0, accumulated: intervalS, count: 0 }));
    this.#rules = layout.drivers;
    this.#displays = layout.intersections.map(({ movements }) =>
      movements.map((): Display => ({ shown: 'permitted', granted: 'permitted' })),
    );
    for (const connector of this.network.connectors.flat()) {
      this.#sources.set(connector.end, [...(this.#sources.get(connector.end) ?? []), connector]);
    }
    for (const [i, { signal }] of layout.intersections.entries()) if (signal) this.setPhase(i, 0);
  }

  get time(): number {
    return this.#steps * this.#dt;
  }

  get steps(): number {
    return this.#steps;
  }

  /** Vehicles on the network, in order of creation. */
  get running(): readonly PlainVehicle[] {
    return this.#running;
  }

  get finishedCount(): number {
    return this.#finishedCount;
  }

  get waitingCount(): number {
    return this.network.lanes.flat().reduce((sum, { waiting }) => sum + waiting.length, 0);
  }

  /** Shows a phase from the next step on. */
  setPhase(intersection: number, phase: number): void {
    const displays = this.#displays[intersection];
    for (const display of displays) display.shown = 'red';
    for (const { movement, permitted } of this.layout.intersections[intersection].signal!.phases[phase]
      .greens) {
      const shown = permitted ? 'permitted' : 'protected';
      Object.assign(displays[movement], { shown, granted: shown });
    }
  }

  /** Closes or opens a lane, from the next step on. */
  setClosed(lane: PlainLane, closed: boolean): void {
    if (lane.closed === closed) return;
    lane.closed = closed;
    queueElsewhere(this.network.lanes[lane.road]);
    const { from } = this.layout.roads[lane.road];
    const approaches = this.network.lanes.filter((_, r) => this.layout.roads[r].to === from).flat();
    for (const approach of approaches) for (const vehicle of approach.vehicles) chooseAnew(vehicle, approach);
    this.#lookAheadEverywhere();
  }

  /** Blocks a lane at a spot, m from its upstream end, or clears it (`null`), from the next step on. */
  setIncident(lane: PlainLane, position: number | null): void {
    lane.incident = position === null ? null : Math.max(1, Math.min(position, lane.length - 1));
  }

  step(): void {
    const entering = this.#spawn();
    this.#assignLanes(entering);
    this.#admit();
    this.#notify();
    this.#commit(this.#running.map((vehicle) => this.#decide(vehicle)));
    this.#lookAheadEverywhere();
    this.#steps++;
  }

  /** CityFlow's: every vehicle ever created, from its creation to its finish or to now. */
  averageTravelTime(): number {
    if (this.vehicles.length === 0) return 0;
    let sum = this.#finishedTime;
    for (const { finish, spawn } of this.vehicles) if (finish === null) sum += this.time - spawn;
    return sum / this.vehicles.length;
  }

  #spawn(): PlainVehicle[] {
    const spawned: PlainVehicle[] = [];
    for (const [f, flow] of this.layout.flows.entries()) {
      const state = this.#clocks[f];
      this.#draws?.passOver(f, this.#clock, this.vehicles);
      if (flow.endS !== -1 && state.clock > flow.endS) continue;
      if (state.clock >= flow.startS) {
        for (; state.accumulated >= flow.intervalS; state.accumulated -= flow.intervalS) {
          const serial = this.vehicles.length;
          const vehicle: PlainVehicle = {
            ...{ priority: this.#draws?.priority(this.vehicles) ?? -serial, exact: this.#draws !== null },
            ...{
              id: `${flow.id}_${state.count++}`,
              serial,
              route: flow.route,
              routeIndex: 0,
            },
            ...{
              type: this.layout.vehicleTypes[flow.vehicleType],
              element: null,
              way: null,
              previous: null,
              x: 0,
              v: 0,
            },
            ...{ leader: null, gap: 0, blocker: null, enteredConnector: Infinity },
            ...{ spawn: this.time, laneEntry: null, finish: null },
          };
          this.vehicles.push(vehicle);
          spawned.push(vehicle);
        }
        state.accumulated += this.#dt;
      }
      state.clock += this.#dt;
    }
    this.#draws?.passOver(this.layout.flows.length, this.#clock, this.vehicles);
    this.#clock += this.#dt;
    return spawned;
  }

  #assignLanes(spawned: readonly PlainVehicle[]): void {
    if (this.#draws !== null) {
      this.#draws.assignLanes(spawned, this.network.lanes);
      return;
    }
    for (const vehicle of spawned) {
      const [first, second] = vehicle.route;
      laneToArriveAt(this.network.lanes[first], second).waiting.push(vehicle);
    }
  }

  #admit(): void {
    for (const roadLanes of this.network.lanes) {
      for (const lane of roadLanes) {
        const entrant = lane.waiting[0];
        if (!entrant || !admits(lane, entrant)) continue;
        const last = lane.vehicles.at(-1) ?? null;
        if (last && !(last.x > last.type.length + entrant.type.minGap)) continue;
        lane.waiting.shift();
        lane.vehicles.push(entrant);
        entrant.element = lane;
        entrant.way = nextElement(entrant.route, lane, 0);
        entrant.laneEntry = this.time;
        this.#running.push(entrant);
        this.#findLeader(entrant, last);
      }
    }
    this.#running.sort((a, b) => a.serial - b.serial);
  }

  #notify(): void {
    for (const connectors of this.network.connectors) {
      for (const connector of connectors) {
        const goes = (first: PlainVehicle) =>
          this.#isOpen(connector) && !this.#standsBlocked(first, connector);
        notifyCrosses(connector, goes, (vehicle) => this.#next(vehicle));
      }
    }
  }

  #decide(vehicle: PlainVehicle): Decision {
    const { type, v } = vehicle;
    const dt = this.#dt;
    const from = vehicle.element!;
    let target = lesser(type.maxSpeed, v + type.maxAcceleration * dt);
    if (from.kind === 'lane') target = lesser(target, from.speedLimit);
    else if (this.#rules?.slowsAhead) target = lesser(target, from.start.speedLimit);
    target = lesser(target, followingSpeed(vehicle, vehicle.leader, vehicle.gap, dt));
    const incidentGap = gapToIncident(vehicle, this.#next(vehicle), dt);
    if (incidentGap !== null)
      target = lesser(target, followingSpeed(vehicle, { type, v: 0 }, incidentGap, dt));
    if (this.#rules?.slowsAhead) target = limitAhead(vehicle, this.#next(vehicle), target, dt);
    const { limit, blocker } = this.#intersectionLimit(vehicle);
    target = lesser(target, limit);
    if (vehicle.exact) target = lesser(target, 100);
    const atDeadEnd = vehicle.routeIndex < vehicle.route.length - 1 && this.#next(vehicle) === null;
    if (atDeadEnd) target = lesser(target, deadEndSpeed(type, v, from.length - vehicle.x, dt));
    target = greater(target, v - type.maxDeceleration * dt);
    let x = vehicle.x + (target < 0 ? (0.5 * v * v) / type.maxDeceleration : ((v + target) * dt) / 2);
    let element: PlainElement | null = from;
    let routeIndex = vehicle.routeIndex;
    while (element && x > element.length) {
      x -= element.length;
      const next: PlainElement | null =
        element === from ? this.#next(vehicle) : nextElement(vehicle.route, element, routeIndex);
      if (element.kind === 'connector') routeIndex++;
      element = next;
    }
    return { vehicle, v: Math.max(target, 0), x, element, routeIndex, blocker };
  }

  /** Section 4. Infinite where no intersection matters. */
  #intersectionLimit(vehicle: PlainVehicle): { limit: number; blocker: PlainVehicle | null } {
    const { type, v, x } = vehicle;
    const dt = this.#dt;
    const on = vehicle.element!;
    const rest = on.length - x;
    let limit = Infinity;
    let connector: PlainConnector;
    if (on.kind === 'lane') {
      const next = this.#next(vehicle);
      if (next?.kind !== 'connector' || !(rest <= sight(type, dt))) return { limit, blocker: null };
      connector = next;
      const turns = connector.turn !== 'thru';
      if (turns && this.#rules?.slowsAhead)
        limit = speedToReach(vehicle, this.#turnSpeed(vehicle, connector), rest, dt);
      const blocked = !this.#isOpen(connector) || this.#isExitFull(connector, vehicle);
      if (blocked && !(brakingDistance(type, v) > rest)) {
        return { limit: lesser(limit, stoppingSpeed(type, v, rest, dt)), blocker: null };
      }
      if (turns && !this.#rules?.slowsAhead) limit = lesser(limit, type.turnSpeed);
    } else connector = on;
    const along = on.kind === 'lane' ? -rest : x;
    const bySignal = this.#bySignal(connector);
    const gap = bySignal ? this.#gap(vehicle, connector, along, bySignal) : null;
    for (const cross of connector.crosses) {
      if (cross.distance < along) continue;
      const distance = cross.distance - along;
      const settled =
        gap?.kind === 'accepted' &&
        cross.other.notifiedDistance > 0 &&
        yieldsBySignal(bySignal!(connector), bySignal!(cross.foeConnector));
      const passes = settled || mayPass(vehicle, connector, cross, distance, dt, bySignal);
      const waits = gap?.kind === 'waits' && gap.cross === cross;
      if (passes && !waits) continue;
      limit = lesser(limit, stoppingSpeed(type, v, distance - type.yieldDistance, dt));
      return { limit, blocker: passes && gap?.kind === 'waits' ? gap.foe : cross.other.notified };
    }
    return { limit, blocker: null };
  }

  /** What signals show, at intersections where that decides who goes first. */
  #bySignal(connector: PlainConnector): DisplayOf | null {
    if (this.#rules?.rightOfWay !== 'signals') return null;
    if (this.layout.intersections[connector.intersection].signal === null) return null;
    return (other) => this.#display(other);
  }

  #gap(vehicle: PlainVehicle, connector: PlainConnector, along: number, displayOf: DisplayOf): GapDecision {
    return gapDecision(vehicle, connector, along, {
      ...{ dt: this.#dt, displayOf, runsInCircle: blockersRunInCircle },
      isExitFull: (other, foe) => this.#isExitFull(other, foe),
    });
  }

  #turnSpeed({ type }: PlainVehicle, connector: PlainConnector): number {
    const bySignal = this.#bySignal(connector);
    const facesProtected =
      bySignal?.(connector).shown === 'permitted' &&
      connector.crosses.some(({ foeConnector }) => bySignal(foeConnector).shown === 'protected');
    return facesProtected ? (type.permittedTurnSpeed ?? type.turnSpeed) : type.turnSpeed;
  }

  #isExitFull(connector: PlainConnector, vehicle: PlainVehicle): boolean {
    const { end } = connector;
    const { length } = vehicle.type;
    if (!mayEnter(end, length)) return true;
    if (!this.#rules?.keepsClear) return !canEnter(end, length);
    return leavesNoRoom(end, vehicle, this.#sources.get(end)!, (other) => this.#display(other));
  }

  #standsBlocked(first: PlainVehicle, connector: PlainConnector): boolean {
    return this.#rules?.keepsClear === true && first.v < 0.1 && this.#isExitFull(connector, first);
  }

  #display({ intersection, movement }: PlainConnector): Display {
    return this.#displays[intersection][movement];
  }

  #commit(decisions: readonly Decision[]): void {
    const movers = decisions.filter(({ vehicle, element }) => vehicle.element !== element);
    for (const { vehicle, element } of movers) {
      const on = vehicle.element!;
      on.vehicles = on.vehicles.filter((other) => other !== vehicle);
      if (element !== null) continue;
      vehicle.finish = this.time;
      this.#finishedCount++;
      this.#finishedTime += this.time - vehicle.spawn;
    }
    movers.sort((a, b) => b.x - a.x || a.vehicle.serial - b.vehicle.serial);
    for (const { vehicle, element } of movers) {
      if (element === null) continue;
      element.vehicles.push(vehicle);
      vehicle.enteredConnector = element.kind === 'connector' ? this.#steps : Infinity;
    }
    for (const { vehicle, v, x, element, routeIndex, blocker } of decisions) {
      if (vehicle.element !== element) {
        vehicle.previous = vehicle.element;
        vehicle.way = element?.kind === 'lane' ? nextElement(vehicle.route, element, routeIndex) : null;
      }
      Object.assign(vehicle, { v, x, element, routeIndex });
      vehicle.blocker = blocker?.finish === null ? blocker : null;
    }
    this.#running = this.#running.filter(({ finish }) => finish === null);
  }

  #lookAheadEverywhere(): void {
    for (const roadLanes of this.network.lanes) for (const lane of roadLanes) this.#lookAhead(lane);
    for (const connectors of this.network.connectors)
      for (const connector of connectors) this.#lookAhead(connector);
  }

  #lookAhead(element: PlainElement): void {
    let ahead: PlainVehicle | null = null;
    for (const vehicle of element.vehicles) {
      this.#findLeader(vehicle, ahead);
      ahead = vehicle;
    }
  }

  #findLeader(vehicle: PlainVehicle, ahead: PlainVehicle | null): void {
    vehicle.leader = ahead;
    if (ahead) {
      vehicle.gap = ahead.x - ahead.type.length - vehicle.x;
      return;
    }
    let element: PlainElement = vehicle.element!;
    let routeIndex = vehicle.routeIndex;
    let distance = element.length - vehicle.x;
    do {
      const next: PlainElement | null =
        element === vehicle.element ? this.#next(vehicle) : nextElement(vehicle.route, element, routeIndex);
      if (next === null) return;
      if (element.kind === 'connector') routeIndex++;
      const candidates = next.kind === 'connector' ? next.start.connectors : [next];
      for (const candidate of candidates) {
        const last = candidate.vehicles.at(-1);
        if (!last) continue;
        const gap = distance + last.x - last.type.length;
        if (vehicle.leader !== null && !(gap < vehicle.gap)) continue;
        vehicle.leader = last;
        vehicle.gap = gap;
      }
      if (vehicle.leader) return;
      distance += next.length;
      element = next;
    } while (!(distance > sight(vehicle.type, this.#dt)));
  }

  #next(vehicle: PlainVehicle): PlainElement | null {
    const { element, way, route, routeIndex } = vehicle;
    return element!.kind === 'lane' ? way : nextElement(route, element!, routeIndex);
  }

  #isOpen(connector: PlainConnector): boolean {
    return this.#display(connector).shown !== 'red';
  }
}

/** Whether the last vehicle of a lane leaves room for one more, or is under way. */
function canEnter(lane: PlainLane, length: number): boolean {
  const last = lane.vehicles.at(-1);
  return !last || last.x > last.type.length + length || last.v >= 2;
}
