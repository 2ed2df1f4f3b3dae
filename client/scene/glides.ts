import { type DecodedVehicles, elementOf, POSITION_MAX, RECORD_WORDS } from '../../server/protocol/frame.ts';
import type { Paths, Pose } from './paths.ts';

/** u16 words of a vehicle's row in the texture: two texels of 4. */
export const ROW_WORDS = 8;
const ROW_PAIRS = ROW_WORDS / 2;
/** How a vehicle comes from where it was to where it is. */
export const GLIDE = { stands: 0, along: 1, straight: 2 } as const;
export const GLIDE_BITS = 3;
export const HAS_VIA = 4;
export const HAS_BEHIND = 8;
/** Where in the flags the bits of an element above its 16th are. With HIGH_BITS of each there are ELEMENTS_MAX of them. */
export const HIGH = { now: 4, was: 7, via: 10, behind: 13 } as const;
export const HIGH_BITS = 7;

const NOTHING = -1;
/** Nobody drives faster, m/s. */
const SPEED_MAX = 60;
/** Who moves further than this off the road's paths is not drawn on the way, m. */
const STRAIGHT_MAX_M = 60;

/**
 * What the graphics card reads of each vehicle to draw it between two frames, in the order of the later one. A row:
 *
 *     texel 0   element, position, speed and kind as in the frame, element behind the way
 *     texel 1   element and position it comes from, element between the two, flags: GLIDE and what of these there is
 *
 * The element behind is where the tail of a vehicle is that has just come onto the way. Texels have 16 bits a number; what the
 * four elements have beyond these is in the flags, as `HIGH` says.
 */
export class Glides {
  readonly #paths: Paths;
  #after: DecodedVehicles | null = null;
  /** By row of the frame that came last: the element behind the one it is on. */
  #behind = new Int32Array(0);
  #behindBefore = new Int32Array(0);
  readonly #here: Pose = { x: 0, y: 0, headingX: 0, headingY: 0 };
  readonly #there: Pose = { x: 0, y: 0, headingX: 0, headingY: 0 };

  constructor(paths: Paths) {
    this.#paths = paths;
  }

  /**
   * Writes rows for all vehicles of `after`.
   *
   * @param before   `null`: all stand where `after` has them; what lies behind is known if it was `after` the last time
   * @param seconds  between the two
   * @param words    room for ROW_WORDS × vehicles, at a multiple of 4 bytes
   */
  write(before: DecodedVehicles | null, after: DecodedVehicles, seconds: number, words: Uint16Array): void {
    const { count, ids, records, words: recordWords = RECORD_WORDS } = after;
    this.#makeRoom(count);
    if (before !== this.#after) this.#behindBefore.fill(NOTHING);
    this.#after = after;
    const behind = this.#behind;
    const behindBefore = this.#behindBefore;
    const countBefore = before?.count ?? 0;
    const idsBefore = before?.ids ?? ids;
    const recordsBefore = before?.records ?? records;
    // Two words at a time, the first of them low: rows of 100,000 vehicles are written within one picture.
    const pairs = new Uint32Array(words.buffer, words.byteOffset, (count * ROW_WORDS) >> 1);
    let i = 0;
    for (let row = 0; row < count; row++) {
      const id = ids[row]!;
      const to = row * ROW_PAIRS;
      const from = row * recordWords;
      const now = elementOf(records, from, recordWords);
      const position = records[from + 1]!;
      const nowHigh = high(now, HIGH.now);
      pairs[to] = (now & 0xffff) | (position << 16);
      while (i < countBefore && idsBefore[i]! < id) i++;
      if (i >= countBefore || idsBefore[i] !== id) {
        pairs[to + 1] = records[from + 2]!;
        pairs[to + 3] = (GLIDE.stands | nowHigh) << 16;
        behind[row] = NOTHING;
        continue;
      }
      const was = elementOf(recordsBefore, i * recordWords, recordWords);
      const positionBefore = recordsBefore[i * recordWords + 1]!;
      const tail = behindBefore[i] ?? NOTHING;
      i++;
      pairs[to + 1] = records[from + 2]! | (tail << 16);
      pairs[to + 2] = (was & 0xffff) | (positionBefore << 16);
      const highs = nowHigh | high(was, HIGH.was);
      const flags =
        highs | (tail === NOTHING ? GLIDE.along : GLIDE.along | HAS_BEHIND | high(tail, HIGH.behind));
      if (was === now && position >= positionBefore) {
        pairs[to + 3] = flags << 16;
        behind[row] = tail;
        continue;
      }
      const via = was === now ? NOTHING : this.#between(was, now);
      if (via === NOTHING) {
        const isNear = was !== now && this.#isNear(was, positionBefore, now, position, seconds);
        pairs[to + 3] = (highs | (isNear ? GLIDE.straight : GLIDE.stands)) << 16;
        behind[row] = NOTHING;
      } else if (via === now) {
        pairs[to + 3] = flags << 16;
        behind[row] = was;
      } else {
        pairs[to + 3] = (via & 0xffff) | ((flags | HAS_VIA | high(via, HIGH.via)) << 16);
        behind[row] = via;
      }
    }
  }

  /** What lies between two elements that follow one another with at most one in between; `now`: nothing. */
  #between(was: number, now: number): number {
    const { laneCount } = this.#paths;
    const wasLane = was < laneCount;
    if (now < laneCount) {
      if (!wasLane) return this.#paths.toLane(was) === now ? now : NOTHING;
      const connector = this.#paths.connectorBetween(was, now);
      return connector < 0 ? NOTHING : connector;
    }
    const start = this.#paths.fromLane(now);
    if (wasLane) return start === was ? now : NOTHING;
    return this.#paths.toLane(was) === start ? start : NOTHING;
  }

  #isNear(was: number, from: number, now: number, to: number, seconds: number): boolean {
    const a = this.#paths.at(was, from / POSITION_MAX, this.#here);
    const b = this.#paths.at(now, to / POSITION_MAX, this.#there);
    const reach = Math.min(STRAIGHT_MAX_M, SPEED_MAX * seconds);
    return (a.x - b.x) * (a.x - b.x) + (a.y - b.y) * (a.y - b.y) <= reach * reach;
  }

  #makeRoom(count: number): void {
    const room = this.#behindBefore;
    this.#behindBefore = this.#behind;
    this.#behind = room.length < count ? new Int32Array(Math.ceil(count * 1.25)) : room;
  }
}

/** The upper bits of an element at their place in the flags. */
function high(element: number, at: number): number {
  return ((element >> 16) & HIGH_BITS) << at;
}

/** Where the lower bits of an element are in a row. */
const LOW = { now: 0, was: 4, via: 6 } as const;

/** An element of the row that begins at a word. What lies between, `via`, is there if the flags say so. */
export function elementIn(words: Uint16Array, at: number, which: keyof typeof LOW): number {
  return words[at + LOW[which]]! | (((words[at + 7]! >> HIGH[which]) & HIGH_BITS) << 16);
}

/**
 * Where the front of a row's vehicle is at a fraction of the way, and where it looks to: what the vehicles' shader does, for a
 * single one. Writes to `pose`.
 */
export function poseOf(paths: Paths, words: Uint16Array, row: number, fraction: number, pose: Pose): Pose {
  const at = row * ROW_WORDS;
  const now = elementIn(words, at, 'now');
  const was = elementIn(words, at, 'was');
  const via = elementIn(words, at, 'via');
  const position = words[at + 1]! / POSITION_MAX;
  const positionBefore = words[at + 5]! / POSITION_MAX;
  const flags = words[at + 7]!;
  const glide = flags & GLIDE_BITS;
  if (glide === GLIDE.stands) return paths.at(now, position, pose);
  if (glide === GLIDE.straight) {
    paths.at(was, positionBefore, pose);
    const { x, y } = pose;
    paths.at(now, position, pose);
    pose.x = x + (pose.x - x) * fraction;
    pose.y = y + (pose.y - y) * fraction;
    return pose;
  }
  if (was === now) return paths.at(now, positionBefore + (position - positionBefore) * fraction, pose);
  const first = (1 - positionBefore) * paths.lengthOf(was);
  const between = (flags & HAS_VIA) === 0 ? 0 : paths.lengthOf(via);
  const length = paths.lengthOf(now);
  let along = fraction * (first + between + position * length);
  if (along < first) return paths.at(was, positionBefore + along / paths.lengthOf(was), pose);
  along -= first;
  if (along < between) return paths.at(via, along / between, pose);
  return paths.at(now, (along - between) / length, pose);
}
