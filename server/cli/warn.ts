/** Warnings go to stderr, so that stdout holds results alone. */
export function warn(warnings: readonly string[]): void {
  for (const warning of warnings) process.stderr.write(`Warning: ${warning}\n`);
}
