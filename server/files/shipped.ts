import { existsSync, readdirSync } from 'node:fs';
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

/** The path of the policy that comes with the package; `null` where it comes without. */
export function shippedPolicy(): string | null {
  const path = fileURLToPath(new URL('policies/universal.json', FOLDER));
  return existsSync(path) ? path : null;
}
