const COLUMNS = { Float64Array, Float32Array, Int32Array, Uint32Array, Uint8Array };
type ColumnName = keyof typeof COLUMNS;

const LITTLE_ENDIAN = new Uint8Array(Uint16Array.of(1).buffer)[0] === 1;

/**
 * JSON in which a typed array is `{"Float64Array": "…"}`: its bytes in base64, the lowest of each number first.
 * Every number in one comes back with the bits it had, also −0 and what is no number.
 *
 * @param value  plain objects and arrays, texts, numbers and typed arrays
 */
export function encoded(value: unknown): string {
  return JSON.stringify(value, (_, part: unknown) => {
    for (const [name, Column] of Object.entries(COLUMNS)) {
      if (part instanceof Column) return { [name]: bytesOf(part).toString('base64') };
    }
    return part;
  });
}

/** @throws {SyntaxError} when the text is not what `encoded` writes */
export function decoded(text: string): unknown {
  return JSON.parse(text, (_, part: unknown) => {
    if (typeof part !== 'object' || part === null) return part;
    const [[name, bytes] = ['', null], ...others] = Object.entries(part);
    if (others.length > 0 || !(name in COLUMNS) || typeof bytes !== 'string') return part;
    const column = columnOf(name as ColumnName, Buffer.from(bytes, 'base64'));
    if (column === null) throw new SyntaxError(`A ${name} ends in the middle of a number.`);
    return column;
  });
}

function columnOf(name: ColumnName, bytes: Buffer) {
  const Column = COLUMNS[name];
  if (bytes.length % Column.BYTES_PER_ELEMENT !== 0) return null;
  const column = new Column(bytes.length / Column.BYTES_PER_ELEMENT);
  new Uint8Array(column.buffer).set(littleEndian(bytes, Column.BYTES_PER_ELEMENT));
  return column;
}

function bytesOf(column: ArrayBufferView & { readonly BYTES_PER_ELEMENT: number }): Buffer {
  const bytes = Buffer.from(column.buffer, column.byteOffset, column.byteLength);
  return littleEndian(bytes, column.BYTES_PER_ELEMENT);
}

/** From this machine's order of bytes, or to it. */
function littleEndian(bytes: Buffer, width: number): Buffer {
  if (LITTLE_ENDIAN || width === 1) return bytes;
  const turned = Buffer.from(bytes);
  for (let k = 0; k < turned.length; k += width) turned.subarray(k, k + width).reverse();
  return turned;
}
