import type { Connection, Wire } from './wire.ts';

/** All connections that are open, counted by address. */
export class Wires {
  readonly #wires = new Map<Connection, Wire>();
  readonly #byNeighbourhood = new Map<string, number>();

  get size(): number {
    return this.#wires.size;
  }

  get connections(): Iterable<Connection> {
    return this.#wires.keys();
  }

  get unreadBytes(): number {
    let sum = 0;
    for (const { unreadBytes } of this) sum += unreadBytes;
    return sum;
  }

  [Symbol.iterator](): Iterator<Wire> {
    return this.#wires.values();
  }

  /** Until the connection closes. */
  add(connection: Connection, wire: Wire): void {
    const { neighbourhood } = wire;
    this.#wires.set(connection, wire);
    this.#byNeighbourhood.set(neighbourhood, this.of(neighbourhood) + 1);
    connection.on('close', () => {
      if (!this.#wires.delete(connection)) return;
      const left = this.of(neighbourhood) - 1;
      if (left > 0) this.#byNeighbourhood.set(neighbourhood, left);
      else this.#byNeighbourhood.delete(neighbourhood);
    });
  }

  find(connection: Connection): Wire | null {
    return this.#wires.get(connection) ?? null;
  }

  /** How many one address has. */
  of(neighbourhood: string): number {
    return this.#byNeighbourhood.get(neighbourhood) ?? 0;
  }
}
