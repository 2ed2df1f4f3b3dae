import { isIP } from 'node:net';
import { quoted } from '../scenario/problem.ts';
import { Mistake } from '../study/mistake.ts';

const TOKEN_MIN = 8;
const TOKEN_MAX = 200;

/** @throws {Mistake} for what cannot be the name or address of a machine */
export function hostFlag(text: string): string {
  const name = text.replace(/^\[(.*)\]$/, '$1').toLowerCase();
  if (isIP(name) > 0 || /^[a-z0-9]([a-z0-9.-]{0,252}[a-z0-9])?$/.test(name)) return name;
  throw new Mistake(
    `--host: ${quoted(text)} is not the name or address of a machine.`,
    'Use 0.0.0.0 for all addresses.',
  );
}

/** @throws {Mistake} for a token that is easily guessed, or does not fit into a header */
export function tokenFlag(text: string): string {
  if (/^[\x21-\x7e]+$/.test(text) && text.length >= TOKEN_MIN && text.length <= TOKEN_MAX) return text;
  throw new Mistake(
    `The token has ${text.length} characters; from ${TOKEN_MIN} to ${TOKEN_MAX} letters, digits and signs are needed, without spaces.`,
    'Let chance choose it: openssl rand -hex 16',
  );
}

/**
 * One more `--origin URL`.
 *
 * @throws {Mistake} for what is not the address of a site
 */
export function addOrigin(text: string, before: readonly URL[] = []): URL[] {
  const url = URL.canParse(text) ? new URL(text) : null;
  if (url !== null && /^https?:$/.test(url.protocol) && `${url.origin}/` === url.href)
    return [...before, url];
  throw new Mistake(
    `--origin: ${quoted(text)} is not the address of a site.`,
    'Write it as the browser shows it, without a path: https://traffic.example',
  );
}
