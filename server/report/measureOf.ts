import { inSentence } from './figures.ts';
import type { Measure } from './measureList.ts';

/** @throws {Error} if there is none */
export function measureOf(measures: readonly Measure[], id: string): Measure {
  const measure = measures.find((one) => one.id === id);
  if (measure === undefined) {
    throw new Error(`"${id}" is not a measure. Measures: ${measures.map((one) => one.id).join(', ')}.`);
  }
  return measure;
}

/** What a measure is called inside a sentence: `control delay`, `CO2 by HBEFA3`. */
export function measureName({ label, group }: Measure): string {
  return inSentence(group === 'emissions' ? label.replace(', ', ' by ') : label);
}
