/** The first place at which a text stops being JSON: what was found there, and what to do. */
export interface JsonFault {
  readonly offset: number;
  readonly line: number;
  /** Counted in characters from 1. */
  readonly column: number;
  readonly message: string;
  readonly advice: string;
}

/**
 * Finds why `JSON.parse` refuses a text, or `null` where it does not. `JSON.parse` tells the place of only some faults,
 * in the words of its engine; here every fault has a line and a column. Takes time in proportion to the text.
 */
export function jsonFault(text: string): JsonFault | null {
  const scan = new Scan(text);
  const found = scan.fault();
  if (found === null) return null;
  return { ...placeIn(text, found.offset), ...found };
}

/** Line and column of an offset, each from 1. */
export function placeIn(text: string, offset: number): { readonly line: number; readonly column: number } {
  let line = 1;
  let start = 0;
  for (let k = text.indexOf('\n'); k >= 0 && k < offset; k = text.indexOf('\n', k + 1)) {
    line++;
    start = k + 1;
  }
  return { line, column: offset - start + 1 };
}

/** `line 3, column 17`. */
export function placeText(text: string, offset: number): string {
  const { line, column } = placeIn(text, offset);
  return `line ${line}, column ${column}`;
}

type Found = Pick<JsonFault, 'offset' | 'message' | 'advice'>;

const NUMBER = /-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?/y;
/** JSON's own white space: others, as a no-break space, are a fault. */
const SPACE = /[ \t\r\n]*/y;
/** Characters that stand for themselves in a string. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: JSON forbids just these in a string
const PLAIN = /[^"\\\u0000-\u001f]*/y;
const ESCAPE = /\\(?:["\\/bfnrt]|u[0-9a-fA-F]{4})/y;
const WORD = /[\p{L}\p{N}_$.+-]+/uy;

class Scan {
  readonly #text: string;
  #at = 0;

  constructor(text: string) {
    this.#text = text;
  }

  /** Reads value after value with a stack of its own: nesting of any depth must not end in a stack overflow. */
  fault(): Found | null {
    const open: ('{' | '[')[] = [];
    let expects: 'value' | 'first' | 'key' | 'next' = 'value';
    for (;;) {
      this.#pass(SPACE);
      const char = this.#text[this.#at];
      const inside = open.at(-1);
      if (expects === 'next') {
        if (inside === undefined) return char === undefined ? null : this.#extra();
        if (char === ',') {
          const comma = this.#at++;
          this.#pass(SPACE);
          if (this.#text[this.#at] === closing(inside)) return trailingComma(comma, inside);
          expects = inside === '{' ? 'key' : 'value';
          continue;
        }
        if (char !== closing(inside)) return this.#noComma(inside);
        open.pop();
        this.#at++;
        continue;
      }
      if (expects === 'first' && char === closing(inside)) {
        open.pop();
        this.#at++;
        expects = 'next';
        continue;
      }
      if (inside === '{') {
        const fault = this.#key();
        if (fault !== null) return fault;
        this.#pass(SPACE);
      }
      const start = this.#text[this.#at];
      if (start === '{' || start === '[') {
        open.push(start);
        this.#at++;
        expects = 'first';
        continue;
      }
      const fault = inside === undefined ? this.#root() : this.#value();
      if (fault !== null) return fault;
      expects = 'next';
    }
  }

  /** A key and its colon. */
  #key(): Found | null {
    const at = this.#at;
    if (this.#text[at] !== '"') {
      const other = this.#notJson();
      if (other !== null) return other;
      const word = this.#wordAt(at);
      return word === ''
        ? this.#unexpected('a key in double quotes', 'Put keys in double quotes.')
        : this.#found(at, `the key ${word} is without double quotes.`, `Write "${word}".`);
    }
    const fault = this.#string();
    if (fault !== null) return fault;
    this.#pass(SPACE);
    if (this.#text[this.#at] === ':') {
      this.#at++;
      return null;
    }
    return this.#unexpected('":" after the key', 'Write a colon between a key and its value.');
  }

  /** The value that is the whole file: a word there is the beginning of another kind of text. */
  #root(): Found | null {
    const at = this.#at;
    const fault = this.#value();
    const word = this.#wordAt(at);
    if (fault === null || fault.offset !== at || word === '') return fault;
    return this.#found(at, `this is not JSON: the text begins with ${cut(word)}.`, 'Give a JSON file.');
  }

  #value(): Found | null {
    const at = this.#at;
    const char = this.#text[at];
    if (char === '"') return this.#string();
    for (const word of ['true', 'false', 'null']) {
      if (this.#text.startsWith(word, at) && this.#wordAt(at) === word) {
        this.#at += word.length;
        return null;
      }
    }
    const word = this.#wordAt(at);
    if (this.#pass(NUMBER) === word && word !== '') return null;
    this.#at = at;
    const other = this.#notJson();
    if (other !== null) return other;
    if (/^[+-]?(nan|inf|infinity)$/i.test(word)) {
      return this.#found(at, `${word} is not a number in JSON.`, 'Write a finite number.');
    }
    if (/^(True|False|None|undefined)$/.test(word)) {
      return this.#found(at, `${word} is not a value in JSON.`, 'Use true, false or null.');
    }
    if (/^[+-]?[\d.]/.test(word)) {
      return this.#found(
        at,
        `${cut(word)} is not a number as JSON writes it.`,
        'Write it as 12, -0.5 or 1e3.',
      );
    }
    if (word !== '') {
      return this.#found(at, `the text ${cut(word)} is without double quotes.`, `Write "${cut(word)}".`);
    }
    return this.#unexpected('a value', 'Write a value here, or take the comma or colon before it away.');
  }

  #string(): Found | null {
    const start = this.#at++;
    do this.#pass(PLAIN);
    while (this.#pass(ESCAPE) !== '');
    const char = this.#text[this.#at];
    if (char === '"') {
      this.#at++;
      return null;
    }
    if (char === undefined) {
      return this.#found(
        start,
        'the file ends in the middle of the text in quotes that begins here.',
        CUT_OFF,
      );
    }
    if (char === '\\') {
      return this.#found(
        this.#at,
        'a backslash begins no escape that JSON knows.',
        'Write \\\\ for a backslash.',
      );
    }
    if (char === '\n' || char === '\r') {
      return this.#found(
        start,
        'the text in quotes that begins here does not end on its line.',
        'Close the quotes.',
      );
    }
    const code = char.charCodeAt(0).toString(16).padStart(4, '0');
    return this.#found(
      this.#at,
      `a control character (U+${code}) stands in a text.`,
      `Write \\u${code}, or delete it.`,
    );
  }

  /** What other languages allow and JSON does not. */
  #notJson(): Found | null {
    const char = this.#text[this.#at];
    if (char === undefined) return this.#end();
    if (char === '#' || this.#text.startsWith('//', this.#at) || this.#text.startsWith('/*', this.#at)) {
      return this.#found(this.#at, 'a comment begins here, and JSON has none.', 'Delete the comment.');
    }
    if (char === "'" || char === '“' || char === '”' || char === '‘' || char === '’') {
      return this.#found(
        this.#at,
        `found ${char}, expected double quotes.`,
        'Use straight double quotes: ".',
      );
    }
    return null;
  }

  #noComma(inside: '{' | '['): Found {
    const other = this.#notJson();
    if (other !== null) return other;
    const wanted = `"," or "${closing(inside)}"`;
    return this.#unexpected(wanted, 'Put a comma between entries, or close the bracket.');
  }

  #extra(): Found {
    return (
      this.#notJson() ??
      this.#found(
        this.#at,
        `found ${this.#shown()} after the end of the JSON value.`,
        'Delete what follows the last bracket.',
      )
    );
  }

  #unexpected(wanted: string, advice: string): Found {
    if (this.#at >= this.#text.length) return this.#end();
    return this.#found(this.#at, `found ${this.#shown()}, expected ${wanted}.`, advice);
  }

  #end(): Found {
    return this.#found(this.#text.length, 'the file ends in the middle.', CUT_OFF);
  }

  #found(offset: number, message: string, advice: string): Found {
    return { offset, message, advice };
  }

  #shown(): string {
    const word = this.#wordAt(this.#at);
    if (this.#text[this.#at] === '"') return 'a double quote';
    const char = String.fromCodePoint(this.#text.codePointAt(this.#at) ?? 0);
    if (word !== '') return cut(word);
    if (/[\p{C}\p{Z}]/u.test(char)) {
      return `the character U+${char.codePointAt(0)!.toString(16).toUpperCase().padStart(4, '0')}`;
    }
    return `"${char}"`;
  }

  #wordAt(offset: number): string {
    WORD.lastIndex = offset;
    return WORD.exec(this.#text)?.[0] ?? '';
  }

  #pass(pattern: RegExp): string {
    pattern.lastIndex = this.#at;
    const passed = pattern.exec(this.#text)?.[0] ?? '';
    this.#at += passed.length;
    return passed;
  }
}

const CUT_OFF = 'Check that the file is whole: download or save it again.';

function closing(bracket: '{' | '[' | undefined): string {
  return bracket === '{' ? '}' : ']';
}

function trailingComma(offset: number, inside: '{' | '['): Found {
  return {
    offset,
    message: `a comma stands before the closing "${closing(inside)}".`,
    advice: 'Delete the comma: JSON has none after the last entry.',
  };
}

function cut(word: string): string {
  return word.length <= 40 ? word : `${word.slice(0, 37)}…`;
}
