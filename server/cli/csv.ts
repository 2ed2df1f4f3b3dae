/** One line of CSV (RFC 4180, but with a bare line feed). */
export function line(...cells: readonly (string | number)[]): string {
  return `${cells.map(quotedIfNeeded).join(',')}\n`;
}

function quotedIfNeeded(cell: string | number): string | number {
  return typeof cell === 'string' && /[",\r\n]/.test(cell) ? `"${cell.replaceAll('"', '""')}"` : cell;
}
