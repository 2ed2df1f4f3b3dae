const TEXT_MAX = 60;

/** A value that a program gave, in a few words for a message; never throws. */
export function described(value: unknown): string {
  switch (typeof value) {
    case 'string':
      return JSON.stringify(value.length <= TEXT_MAX ? value : `${value.slice(0, TEXT_MAX - 1)}…`);
    case 'number':
      return Object.is(value, -0) ? '-0' : String(value);
    case 'bigint':
      return `${String(value).slice(0, TEXT_MAX)}n`;
    case 'function':
      return 'a function';
    case 'symbol':
      return 'a symbol';
    case 'object':
      if (value === null) return 'null';
      if (isPromise(value)) return 'a Promise (answers are not awaited)';
      return Array.isArray(value) || ArrayBuffer.isView(value) ? 'a list' : 'an object';
    default:
      return String(value);
  }
}

/** An error that a program threw, by its name and message; never throws. */
export function describedError(error: unknown): string {
  if (!(error instanceof Error)) return `threw ${described(error)}`;
  const name = error.name === '' ? 'Error' : error.name;
  return error.message === '' ? name : `${name}: ${error.message}`;
}

function isPromise(value: object): boolean {
  try {
    return typeof (value as { readonly then?: unknown }).then === 'function';
  } catch {
    return false;
  }
}
