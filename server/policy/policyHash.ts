import { sha256 } from '@noble/hashes/sha2.js';
import { bytesToHex, utf8ToBytes } from '@noble/hashes/utils.js';
import { FORMAT, type PolicyContent, VERSION } from './policySchema.ts';

/** SHA-256 over what a policy is, however its file is laid out, in hexadecimal digits. */
export function policyHash(content: PolicyContent): string {
  return bytesToHex(sha256(utf8ToBytes(canonical({ ...content, format: FORMAT, version: VERSION }))));
}

/** JSON without spaces, keys in order. Numbers are written in the shortest form that reads back the same. */
function canonical(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(canonical).join(',')}]`;
  if (value === null || typeof value !== 'object') return JSON.stringify(value);
  const entries = Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1));
  return `{${entries.map(([key, own]) => `${JSON.stringify(key)}:${canonical(own)}`).join(',')}}`;
}
