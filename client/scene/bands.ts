import {
  type DecodedVehicles,
  elementOf,
  POSITION_MAX,
  RECORD_WORDS,
  TYPE_MASK,
} from '../../server/protocol/frame.ts';
import type { RoadMap } from '../../server/protocol/roadMap.ts';

/** u16 words of a lane: start and end of its standing part in the frame before, then in the last, in 65535ths of its length. */
export const BAND_WORDS = 4;

/** Where vehicles stand on lanes: from the tail of the last to the front of the first. */
export class Bands {
  readonly words: Uint16Array;
  readonly #laneLength: readonly number[];
  readonly #typeLength: readonly number[];

  constructor({ lanes, vehicleTypes }: RoadMap) {
    this.words = new Uint16Array(lanes.length.length * BAND_WORDS);
    this.#laneLength = lanes.length;
    this.#typeLength = vehicleTypes.length;
  }

  /** Takes in a frame. @param jump  forget the frame before */
  take({ count, records, words: recordWords = RECORD_WORDS }: DecodedVehicles, jump: boolean): void {
    const { words } = this;
    const laneCount = this.#laneLength.length;
    for (let at = 0; at < words.length; at += BAND_WORDS) {
      words[at] = words[at + 2]!;
      words[at + 1] = words[at + 3]!;
      words[at + 2] = POSITION_MAX;
      words[at + 3] = 0;
    }
    for (let row = 0; row < count; row++) {
      const from = row * recordWords;
      const speedAndKind = records[from + 2]!;
      if ((speedAndKind & 0xff) !== 0) continue;
      const e = elementOf(records, from, recordWords);
      if (e >= laneCount) continue;
      const position = records[from + 1]!;
      const type = Math.min(this.#typeLength.length - 1, (speedAndKind >> 8) & TYPE_MASK);
      const body = (this.#typeLength[type]! / this.#laneLength[e]!) * POSITION_MAX;
      const at = e * BAND_WORDS + 2;
      if (position > words[at + 1]!) words[at + 1] = position;
      if (position - body < words[at]!) words[at] = Math.max(0, position - body);
    }
    this.#close(jump);
  }

  /** A band that comes grows from its end, one that goes shrinks to its end; one of no length is none. */
  #close(jump: boolean): void {
    const { words } = this;
    for (let at = 0; at < words.length; at += BAND_WORDS) {
      if (words[at + 2]! >= words[at + 3]!) {
        words[at + 2] = words[at + 1]!;
        words[at + 3] = words[at + 1]!;
      } else if (words[at]! >= words[at + 1]!) {
        words[at] = words[at + 3]!;
        words[at + 1] = words[at + 3]!;
      }
      if (!jump) continue;
      words[at] = words[at + 2]!;
      words[at + 1] = words[at + 3]!;
    }
  }
}
