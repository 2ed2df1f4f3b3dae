import { visible } from '../protocol/visibleText.ts';
import { tell } from './terminal.ts';
/** Warnings go to stderr, so that stdout holds results alone. */
export function warn(warnings: readonly string[]): void {
  for (const warning of warnings) tell(`Warning: ${visible(warning)}\n`);
}
