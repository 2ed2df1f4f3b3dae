import { createHash, timingSafeEqual } from 'node:crypto';
import type { Role } from '../protocol/events.ts';

export interface AccessOptions {
  /** Who knows it may control. `null`: there is none. */
  readonly token: string | null;
  readonly viewOnly: boolean;
  /** Whether others than this machine's own users can reach the server. */
  readonly exposed: boolean;
}

/** Who may do what. */
export class Access {
  readonly #hash: Buffer | null;
  readonly #viewOnly: boolean;
  readonly #exposed: boolean;

  /** @throws {Error} rather than let everybody control what everybody can reach */
  constructor({ token, viewOnly, exposed }: AccessOptions) {
    if (isOpenToAll({ token, viewOnly, exposed })) throw new Error('Control would be open to everybody.');
    this.#hash = token === null ? null : hashOf(token);
    this.#viewOnly = viewOnly;
    this.#exposed = exposed;
  }

  /** What somebody may who shows `given` as the token; `null`: it is a wrong one. */
  roleOf(given: unknown): Role | null {
    const isGiven = given !== undefined && given !== null && given !== '';
    if (this.#hash === null) return this.#viewOnly || this.#exposed ? 'view' : 'control';
    if (isGiven && !this.isToken(given)) return null;
    return isGiven && !this.#viewOnly ? 'control' : 'view';
  }

  isToken(given: unknown): boolean {
    if (this.#hash === null || typeof given !== 'string') return false;
    return timingSafeEqual(this.#hash, hashOf(given));
  }

  /** Whether a program, which tells no origin, may connect: on this machine, or with the token. */
  admitsProgram(given: unknown): boolean {
    return !this.#exposed || this.isToken(given);
  }

  /** Whether the numbers about the server may be read with this token. */
  mayMeasure(given: unknown): boolean {
    return !this.#exposed || this.isToken(given);
  }
}

/** Whether anybody who reaches the server could control it, who ought not to. */
export function isOpenToAll({ token, viewOnly, exposed }: AccessOptions): boolean {
  return exposed && token === null && !viewOnly;
}

/** Of equal length for all tokens, so that comparing tells nothing of the token's own. */
function hashOf(token: string): Buffer {
  return createHash('sha256').update(token).digest();
}
