import { RateLimiterMemory } from 'rate-limiter-flexible';
import type { Limits, RateKind } from './limits.ts';

/** Counts what happens by viewer or address, and says when it is too often. */
export class Rates {
  readonly #limiters: ReadonlyMap<string, RateLimiterMemory>;

  constructor({ rates }: Pick<Limits, 'rates'>) {
    this.#limiters = new Map(
      Object.entries(rates).map(([kind, { times, seconds }]) => [
        kind,
        new RateLimiterMemory({ keyPrefix: kind, points: times, duration: seconds }),
      ]),
    );
  }

  /** Whether it has happened as often as it may. Asking is not counted. */
  async isSpent(kind: RateKind, who: string): Promise<boolean> {
    const limiter = this.#limiters.get(kind)!;
    const counted = await limiter.get(who);
    return counted !== null && counted.consumedPoints >= limiter.points;
  }

  /** Whether it may happen once more. */
  async take(kind: RateKind, who: string): Promise<boolean> {
    try {
      await this.#limiters.get(kind)!.consume(who);
      return true;
    } catch (spent) {
      if (spent instanceof Error) throw spent;
      return false;
    }
  }
}
