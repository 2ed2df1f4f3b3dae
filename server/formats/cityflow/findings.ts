import { amount, type Problem, suggestion } from '../../scenario/problem.ts';

/** More than this many problems say nothing more. */
const PROBLEMS_LISTED = 200;

/**
 * Collects what is wrong with a set of files, so that everything is told at once.
 *
 * Warnings of one kind are counted and told as one sentence, with the first place as the example: a
 * file of 6,000 trips that shares one habit should not print 6,000 lines.
 */
export class Findings {
  readonly #problems: Problem[] = [];
  readonly #warnings = new Map<string, { place: string; count: number }>();
  #problemCount = 0;
  // A file of a million misspelled names must not take a million times a million comparisons.
  #comparisonsLeft = 200_000;

  problem(place: string, message: string, advice = ''): void {
    this.#problemCount++;
    if (this.#problems.length >= PROBLEMS_LISTED) return;
    this.#problems.push(advice === '' ? { place, message } : { place, message, advice });
  }

  /** `text` is a full sentence that is true of every place it is reported for. */
  warn(place: string, text: string): void {
    const known = this.#warnings.get(text);
    if (known) known.count++;
    else this.#warnings.set(text, { place, count: 1 });
  }

  get any(): boolean {
    return this.#problemCount > 0;
  }

  get problems(): Problem[] {
    const unlisted = this.#problemCount - this.#problems.length;
    if (unlisted === 0) return this.#problems;
    const { place } = this.#problems.at(-1)!;
    return [...this.#problems, { place, message: `This is followed by ${amount(unlisted)} more problems.` }];
  }

  get warnings(): string[] {
    return [...this.#warnings].map(([text, { place, count }]) => {
      const others = count === 1 ? '' : ` (and ${amount(count - 1)} more like it)`;
      return `${place}${others}: ${text}`;
    });
  }

  /** Advice for a name that is not known; empty when there is none to give. */
  suggest(given: string, known: readonly string[]): string {
    this.#comparisonsLeft -= known.length;
    return this.#comparisonsLeft < 0 ? '' : suggestion(given, known);
  }
}
