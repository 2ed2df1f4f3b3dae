import { type Asset, assetOf, FOREVER, hashOf } from './asset.ts';

/** Road maps by the hash of their text, kept while a session shows them: sessions of one scenario share one. */
export class Maps {
  readonly #maps = new Map<string, { readonly asset: Promise<Asset>; holders: number }>();

  /** @returns the map's name, to be given back to `release` */
  hold(text: string): string {
    const name = hashOf(text);
    const held = this.#maps.get(name);
    if (held !== undefined) held.holders++;
    else {
      const asset = assetOf(Buffer.from(text), 'application/json; charset=utf-8', FOREVER);
      this.#maps.set(name, { asset, holders: 1 });
    }
    return name;
  }

  release(name: string): void {
    const held = this.#maps.get(name);
    if (held !== undefined && --held.holders === 0) this.#maps.delete(name);
  }

  find(name: string): Promise<Asset> | null {
    return this.#maps.get(name)?.asset ?? null;
  }
}
