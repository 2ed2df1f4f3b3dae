/**
 * Hands on what comes in any order, in the order of its numbers, which begin at 0. What came too early is
 * kept until its turn.
 */
export class InOrder<Item> {
  readonly #early = new Map<number, Item | null>();
  readonly #hand: (item: Item) => Promise<void>;
  #next = 0;
  #handing: Promise<void> = Promise.resolve();

  /** @param hand  called for one item at a time */
  constructor(hand: (item: Item) => Promise<void>) {
    this.#hand = hand;
  }

  /**
   * Takes an item, or `null` for a number that nothing will come for. Settles when all that could be handed
   * on has been, so that whoever waits is slowed down to the pace of the taker.
   */
  take(number: number, item: Item | null): Promise<void> {
    this.#early.set(number, item);
    while (this.#early.has(this.#next)) {
      const due = this.#early.get(this.#next);
      this.#early.delete(this.#next++);
      if (due) this.#handing = this.#handing.then(() => this.#hand(due));
    }
    return this.#handing;
  }

  /** Hands on what is left, skipping the numbers that never came. */
  end(): Promise<void> {
    const left = [...this.#early].sort(([a], [b]) => a - b);
    this.#early.clear();
    for (const [, item] of left) if (item) this.#handing = this.#handing.then(() => this.#hand(item));
    return this.#handing;
  }
}
