/** Over how long the flow is averaged, s, and how much time without a vehicle is assumed before, s. */
const MEMORY_S = 300;
const PRIOR_S = 60;

/** A flow's mean that forgets. */
export class MeanFlow {
  #count = 0;
  #spanS = 0;

  /** veh/s */
  get mean(): number {
    return this.#count / (this.#spanS + PRIOR_S);
  }

  add(elapsedS: number, count: number): void {
    const kept = Math.max(0, 1 - elapsedS / MEMORY_S);
    this.#count = this.#count * kept + count;
    this.#spanS = this.#spanS * kept + elapsedS;
  }

  remember(memory: number[]): void {
    memory.push(this.#count, this.#spanS);
  }

  recall(next: () => number): void {
    this.#count = next();
    this.#spanS = next();
  }
}
