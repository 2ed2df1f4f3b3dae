import { randomBytes } from 'node:crypto';
import type { Joined, JoinRequest, Opening, Role } from '../protocol/events.ts';
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

/** A session for a viewer, and how it was come by. */
export type Found = { readonly session: Session } & Pick<Joined, 'isMain' | 'isAsAsked'>;

/** All sessions, and who gets into which. */
export class Sessions {
  readonly #offer: Offer;
  readonly #around: Surroundings;
  readonly #onEnd: (session: string) => void;
  readonly #sessions = new Map<string, Session>();
  /** By session: whether it can be joined. */
  readonly #opened = new WeakMap<Session, Promise<void>>();
  /** The one that everybody sees who asks for none. */
  #main: Session | null = null;
  /** Those in which somebody with control has been. */
  readonly #led = new WeakSet<Session>();

  /** @param onEnd  told of each session that is over */
  constructor(offer: Offer, around: Surroundings, onEnd: (session: string) => void) {
    this.#offer = offer;
    this.#around = around;
    this.#onEnd = onEnd;
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
   * a session of its own, or in the main one if it comes from there, and everybody else sees the main one.
   *
   * @throws {Refused}
   */
  async forViewer(role: Role, { session: id, wasMain = false, opening }: JoinRequest): Promise<Found> {
    const named = id === undefined ? null : this.find(id);
    if (id !== undefined && named === null && (opening === undefined || role !== 'control')) {
      throw new Refused('unknown', 'This session is over. Open the page without it.');
    }
    const mayOpen = named === null && role === 'control' && opening !== undefined;
    if (mayOpen && wasMain) return this.#broughtBack(opening);
    const session = named ?? (mayOpen ? this.#open(opening) : this.#mainSession());
    if (role === 'control') this.#led.add(session);
    await this.#opened.get(session);
    return { session, isMain: session === this.#main, isAsAsked: mayOpen };
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

  /**
   * The main session at a moment that it had before it ended. Others may have opened it anew meanwhile; where somebody with
   * control has been, it stays as it is.
   */
  async #broughtBack(opening: Opening): Promise<Found> {
    this.#checkMoment(opening);
    const before = this.#main;
    const session = before ?? this.#open(opening);
    this.#main = session;
    const isAsAsked = !this.#led.has(session);
    this.#led.add(session);
    if (before !== null && isAsAsked) {
      const brought = this.#opened.get(before)!.then(() => before.show(opening));
      // Who joins meanwhile waits for it; when it fails, the session goes on where it was.
      this.#opened.set(
        before,
        brought.catch(() => {}),
      );
      await brought;
    } else {
      await this.#opened.get(session);
    }
    return { session, isMain: true, isAsAsked };
  }

  #mainSession(): Session {
    this.#main ??= this.#open(this.#offer.opening);
    return this.#main;
  }

  /** @throws {Refused} */
  #open(opening: Opening): Session {
    this.#checkMoment(opening);
    this.#makeRoom();
    const session = new Session(randomBytes(9).toString('base64url'), this.#around, () =>
      this.#forget(session),
    );
    this.#sessions.set(session.id, session);
    const opened = session.show(opening);
    this.#opened.set(session, opened);
    opened.catch((cause: Error) => session.end(cause.message, false));
    return session;
  }

  /** @throws {Refused} for a moment that there is not */
  #checkMoment({ setup, timeS }: Opening): void {
    const { name, durationS } = this.check(setup);
    if (timeS > durationS) {
      throw new Refused('unknown', `${name} lasts ${durationS} s; there is no moment at ${timeS} s.`);
    }
  }

  #forget(session: Session): void {
    this.#sessions.delete(session.id);
    if (this.#main === session) this.#main = null;
    this.#onEnd(session.id);
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
