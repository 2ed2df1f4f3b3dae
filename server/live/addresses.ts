import type { IncomingMessage } from 'node:http';
import { isIP } from 'node:net';

/** Says from where a request comes. */
export class Addresses {
  readonly #isBehindProxy: boolean;

  /** @param isBehindProxy  whether all requests come through a proxy that tells the address in X-Forwarded-For */
  constructor(isBehindProxy: boolean) {
    this.#isBehindProxy = isBehindProxy;
  }

  /** Of what a proxy tells only the last address is its own word: those before came with the request, whoever wrote them. */
  of({ headers, socket }: IncomingMessage): string {
    const { remoteAddress = '' } = socket;
    if (!this.#isBehindProxy) return remoteAddress;
    const told = String(headers['x-forwarded-for'] ?? '')
      .split(',')
      .at(-1)!
      .trim();
    return isIP(told) === 0 ? remoteAddress : told;
  }
}

/** What addresses are counted by: an IPv4 address, or the 64 bits of an IPv6 address that are not for its owner to choose. */
export function neighbourhoodOf(address: string): string {
  const [, v4 = null] = /^(?:::ffff:)?(\d+\.\d+\.\d+\.\d+)$/i.exec(address) ?? [];
  if (v4 !== null || !address.includes(':')) return v4 ?? address;
  const [head = '', tail] = address.split('::');
  const groups = head === '' ? [] : head.split(':');
  const after = tail === undefined || tail === '' ? [] : tail.split(':');
  const zeros = tail === undefined ? 0 : 8 - groups.length - after.length;
  return [...groups, ...Array<string>(Math.max(0, zeros)).fill('0'), ...after].slice(0, 4).join(':');
}
