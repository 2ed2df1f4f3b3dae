/** The browser's storage, which may be switched off: then nothing is remembered, and nothing breaks. */

export function remembered(kind: 'local' | 'session', key: string): string | null {
  try {
    return storage(kind).getItem(key);
  } catch {
    return null;
  }
}

/** `null` forgets. */
export function remember(kind: 'local' | 'session', key: string, value: string | null): void {
  try {
    if (value === null) storage(kind).removeItem(key);
    else storage(kind).setItem(key, value);
  } catch {
    // Full or forbidden: the page works without.
  }
}

function storage(kind: 'local' | 'session'): Storage {
  return kind === 'local' ? localStorage : sessionStorage;
}
