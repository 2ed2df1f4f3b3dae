import { isIP } from 'node:net';

const OWN_NAMES = ['localhost', '127.0.0.1', '[::1]'];
const ANY_ADDRESS = ['0.0.0.0', '::'];

/** Whether only programs on this machine can reach a server that listens there. */
export function isLoopback(host: string): boolean {
  const name = bare(host);
  return name === 'localhost' || name === '::1' || (isIP(name) === 4 && name.startsWith('127.'));
}

/** Whether others than this machine's own users can reach the server, themselves or by way of a proxy. */
export function isExposed(host: string, origins: readonly URL[]): boolean {
  return !isLoopback(host) || origins.some(({ hostname }) => !isLoopback(hostname));
}

/**
 * Under which names the server may be asked, and from which pages.
 *
 * A page of a foreign site may send requests here, and since browsers let any page open a WebSocket, each is looked at.
 * A foreign site may also give its own name this machine's address once its page is loaded (DNS rebinding): then page and
 * request agree, but the name is not one of ours.
 */
export class Hosts {
  readonly #names: ReadonlySet<string>;
  readonly #origins: ReadonlySet<string>;
  readonly #addresses: boolean;

  /**
   * @param host     where the server listens
   * @param others   names of this machine
   * @param origins  of pages that come through a proxy
   */
  constructor(host: string, others: readonly string[], origins: readonly URL[]) {
    this.#names = new Set(
      [...OWN_NAMES, host, ...others].map((name) => (isIP(name) === 6 ? `[${name}]` : name).toLowerCase()),
    );
    this.#origins = new Set(origins.map(({ origin }) => origin));
    // An address in digits belongs to no site, so it cannot have been rebound.
    this.#addresses = ANY_ADDRESS.includes(bare(host));
  }

  /** Whether a request for `host`, as the header of this name has it, is for this server. */
  knows(host: string | undefined): boolean {
    const name = nameIn(host);
    if (name === null) return false;
    if (this.#names.has(name) || (this.#addresses && isIP(bare(name)) > 0)) return true;
    return this.#proxied(host!);
  }

  /** Whether a page of `origin` may talk to the server under the name of `host`. */
  allows(origin: string, host: string | undefined): boolean {
    if (!this.knows(host)) return false;
    return this.#origins.has(origin) || (origin === `http://${host}` && !this.#proxied(host!));
  }

  #proxied(host: string): boolean {
    return this.#origins.has(`http://${host}`) || this.#origins.has(`https://${host}`);
  }
}

/** The name in `name`, `name:80` or `[::1]:80`, in small letters. */
function nameIn(host: string | undefined): string | null {
  const [, name = null] = /^(\[[0-9a-f:.]+\]|[a-z0-9._-]+)(?::\d{1,5})?$/i.exec(host ?? '') ?? [];
  return name === null ? null : name.toLowerCase();
}

function bare(name: string): string {
  return name.replace(/^\[|\]$/g, '');
}
