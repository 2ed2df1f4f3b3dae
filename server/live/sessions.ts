import { randomBytes } from 'node:crypto';
import type { JoinRequest, Opening, Role } from '../protocol/events.ts';
import type { CatalogueEntry, ControllerInfo, Setup } from '../protocol/session.ts';
import { Refused } from './refused.ts';
import { Session, type Surroundings } from './session.ts';

/** What can be opened. */
export interface Offer {
  readonly catalogue: readonly CatalogueEntry[];
  readonly controllers: readonly ControllerInfo[];
  /** What opens when nothing is asked for. */
  readonly opening: Opening;
}

/** All sessions, and who gets into which. */
export class Sessions {
  readonly #offer: Offer;
  readonly #around: Surroundings;
  readonly #sessions = new Map<string, Session>();
  /** By session: whether it can be joined. */
  readonly #opened = new WeakMap<Session, Promise<void>>();
  /** The one that everybody sees who asks for none. */
  #main: Session | null = null;

  constructor(offer: Offer, around: Surroundings) {
    this.#offer = offer;
    this.#around = around;
  }

  /** On the networks of all of them. */
  get vehicles(): number {
    return [...this.#sessions.values()].reduce((sum, { vehicles }) => sum + vehicles, 0);
  }

  get count(): number {
    return this.#sessions.size;
  }

  /**
   * The session that a viewer is to see: the one that it names; else who may control gets the moment that it asks for in
   * a session of its own, and everybody else sees the main one.
   *
   * @throws {Refused}
   */
  async forViewer(role: Role, { session: id, opening }: JoinRequest): Promise<Session> {
    const named = id === undefined ? null : this.find(id);
    if (id !== undefined && named === null && (opening === undefined || role !== 'control')) {
      throw new Refused('unknown', 'This session is over. Open the page without it.');
    }
    const own = named === null && role === 'control' && opening !== undefined;
    const session = named ?? (own ? this.#open(opening) : this.#mainSession());
    await this.#opened.get(session);
    return session;
  }

  find(id: string): Session | null {
    return this.#sessions.get(id) ?? null;
  }

  /** @throws {Refused} for a scenario or controller that is not offered */
  check({ scenario, controllers }: Setup): CatalogueEntry {
    const { catalogue, controllers: known } = this.#offer;
    const entry = catalogue.find(({ id }) => id === scenario);
    if (entry === undefined) {
      const ids = catalogue.map(({ id }) => id).join(', ');
      throw new Refused('unknown', `There is no scenario "${scenario}" here. Scenarios: ${ids}.`);
    }
    for (const name of controllers) {
      if (known.some((one) => one.name === name)) continue;
      const names = known.map((one) => one.name).join(', ');
      throw new Refused('unknown', `There is no controller "${name}" here. Controllers: ${names}.`);
    }
    return entry;
  }

  /** Ends all of them. */
  end(message: string, comesBack: boolean): void {
    for (const session of [...this.#sessions.values()]) session.end(message, comesBack);
  }

  #mainSession(): Session {
    this.#main ??= this.#open(this.#offer.opening);
    return this.#main;
  }

  #open({ setup, interventions, timeS, running, speed }: Opening): Session {
    const { name, durationS } = this.check(setup);
    if (timeS > durationS) {
      throw new Refused('unknown', `${name} lasts ${durationS} s; there is no moment at ${timeS} s.`);
    }
    this.#makeRoom();
    const session = new Session(randomBytes(9).toString('base64url'), this.#around, () =>
      this.#forget(session),
    );
    this.#sessions.set(session.id, session);
    const vehiclesMax = this.#around.limits.vehiclesPerSession;
    const opened = session.run({ setup, interventions, timeS, running, speed, vehiclesMax });
    this.#opened.set(session, opened);
    opened.catch((cause: Error) => session.end(cause.message, false));
    return session;
  }

  #forget(session: Session): void {
    this.#sessions.delete(session.id);
    if (this.#main === session) this.#main = null;
  }

  /** @throws {Refused} when all have viewers */
  #makeRoom(): void {
    const { sessions: most } = this.#around.limits;
    if (this.#sessions.size < most) return;
    const idle = [...this.#sessions.values()]
      .filter(({ idleSinceMs }) => idleSinceMs !== null)
      .sort((a, b) => a.idleSinceMs! - b.idleSinceMs!);
    if (idle.length === 0) {
      throw new Refused(
        'busy',
        `All ${most} sessions are being watched. Join one of them by its address, or try again later.`,
      );
    }
    idle[0]!.end('It was closed to make room for another.', false);
  }
}
