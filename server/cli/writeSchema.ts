import { readFileSync, writeFileSync } from 'node:fs';
import { scenarioJsonSchema } from '../scenario/schema.ts';

/** A step of the build: scenarios/schema.json, written when it differs from what is there. */
const path = new URL('../../../scenarios/schema.json', import.meta.url);
const text = `${JSON.stringify(scenarioJsonSchema(), null, 2)}\n`;
if (present() !== text) writeFileSync(path, text);

function present(): string | undefined {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return undefined; // not yet written
  }
}
