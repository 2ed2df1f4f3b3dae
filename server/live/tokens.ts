import type { Logger } from 'pino';
import type { Role } from '../protocol/events.ts';
import type { Access } from './access.ts';
import { neighbourhoodOf } from './addresses.ts';
import type { Rates } from './rates.ts';
import { Refused } from './refused.ts';

/** Looks at tokens, and counts the wrong ones by address: an address that goes on guessing is not answered any more. */
export class Tokens {
  readonly #access: Access;
  readonly #rates: Rates;
  readonly #log: Logger;

  constructor(access: Access, rates: Rates, log: Logger) {
    this.#access = access;
    this.#rates = rates;
    this.#log = log;
  }

  /**
   * What a client at `address` may do with the token `given`, if it gave one.
   *
   * @throws {Refused} for a wrong token, and for any token after too many wrong ones
   */
  async roleOf(given: unknown, address: string): Promise<Role> {
    const isGiven = given !== undefined && given !== null && given !== '';
    const neighbourhood = neighbourhoodOf(address);
    if (isGiven && (await this.#rates.isSpent('token', neighbourhood))) {
      throw new Refused('busy', 'Too many wrong tokens came from your address. Try again in a minute.');
    }
    const role = this.#access.roleOf(given);
    if (role !== null) return role;
    await this.#rates.take('token', neighbourhood);
    this.#log.warn({ address }, 'a wrong token');
    throw new Refused('role', 'This token is not the right one. Leave it out to watch.');
  }
}

/** The token in an `Authorization` header; `undefined`: there is none. */
export function bearerOf(authorization: string | undefined): string | undefined {
  return /^Bearer +(\S+)$/i.exec(authorization ?? '')?.[1];
}
