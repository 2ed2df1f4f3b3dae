import { readdirSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const FOLDER = new URL('../../../scenarios/', import.meta.url);

/** The path of a scenario that comes with the package. */
export function shippedScenario(name: string): string {
  return fileURLToPath(new URL(`${name}.yaml`, FOLDER));
}

/** The paths of all of them, in the order of their names. */
export function shippedScenarios(): string[] {
  const names = readdirSync(FOLDER).filter((name) => name.endsWith('.yaml'));
  return names.sort().map((name) => fileURLToPath(new URL(name, FOLDER)));
}
