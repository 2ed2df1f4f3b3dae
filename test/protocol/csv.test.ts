import fc from 'fast-check';
import { expect, test } from 'vitest';
import { csvLine } from '../../server/protocol/csv.ts';

/** Cells as a reader of CSV takes them from one row, by RFC 4180. */
function cellsOf(row: string): string[] {
  const cells = row.slice(0, -1).match(/("(?:[^"]|"")*"|[^,"]*)(?:,|$)/g)!;
  return cells
    .slice(0, row.slice(0, -1).endsWith(',') ? undefined : -1)
    .map((cell) => cell.replace(/,$/, ''))
    .map((cell) => (cell.startsWith('"') ? cell.slice(1, -1).replaceAll('""', '"') : cell));
}

/** How the README says that the text is had back. */
function textOf(cell: string): string {
  return cell
    .replace(/^'/, '')
    .replace(/\\u([\da-f]{4})/g, (_, code: string) => String.fromCharCode(Number.parseInt(code, 16)));
}

const hostile = fc.oneof(
  fc.string({ unit: 'binary' }),
  fc.string({ unit: fc.constantFrom(...'=@+-\t\r\n\'", \\u001bx\u001b\u009b\u202e\u2028\u007f\u0000＝') }),
);

test('any text in a row of CSV is one line, no formula, and can be had back', () => {
  fc.assert(
    fc.property(hostile, hostile, fc.integer(), (first, second, number) => {
      const row = csvLine(first, number, second);
      expect(row.endsWith('\n')).toBe(true);
      expect(row.slice(0, -1)).not.toMatch(/[\p{Cc}\u202a-\u202e\u2066-\u2069\u2028\u2029]/u);
      const cells = cellsOf(row);
      expect(cells).toHaveLength(3);
      expect(cells[0]).not.toMatch(/^\s*[=@+\-\t\r＝＋－＠]/);
      expect(cells[2]).not.toMatch(/^\s*[=@+\-\t\r＝＋－＠]/);
      expect(cells.map((cell, k) => (k === 1 ? cell : textOf(cell)))).toEqual([
        first,
        String(number),
        second,
      ]);
    }),
    { numRuns: 2000 },
  );
});

test('numbers and ordinary names are written as they are', () => {
  expect(csvLine('road_1_0', -12.5, 0, 'a b', 'ö', '')).toBe('road_1_0,-12.5,0,a b,ö,\n');
  expect(csvLine('=1+1', '-5', '@x', "'q", 'a"b', 'C:\\users')).toBe(`'=1+1,'-5,'@x,''q,"a""b",C:\\users\n`);
});
