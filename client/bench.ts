import {
  decodeFrame,
  elementOf,
  encodeVehicles,
  packedBytes,
  RECORD_WORDS,
  recordWords,
  TYPE_BITS,
} from '../server/protocol/frame.ts';
import type { RoadMap } from '../server/protocol/roadMap.ts';
import { type Legend, type LegendSubject, legendOf } from './scene/legend.ts';
import { createScene, type Look, type Scene } from './scene/scene.ts';
import type { ThemeName } from './scene/theme.ts';

/**
 * The map alone, on a page that nothing links to: tests look at its pixels, and `measure` times it. A script that opened the
 * page drives it through `window.lab`; a person opens `bench.html?map=` and the address of a road map, and reads what it costs
 * to draw 1,000, 10,000 and 100,000 vehicles there.
 */
export interface Lab {
  scene: Scene | null;
  /** Sentences that the scene told by itself. */
  readonly troubles: (string | null)[];
  /** How often the map was moved by hand. */
  moves: number;
  /** @returns how long the map took to build, ms */
  open(map: RoadMap, look?: Partial<Look>): Promise<number>;
  /** @param frame  a message as it comes from the server, in base 64 */
  show(frame: string): void;
  /** Red, green and blue at CSS pixels, as the map stands. */
  pixels(places: readonly (readonly [number, number])[]): Promise<number[][]>;
  legend(subject: LegendSubject, theme: ThemeName): Legend;
  /** Drives made-up vehicles over the map for a while. */
  measure(vehicles: number, durationMs: number): Promise<Measurement>;
}

/** Script time of a drawn picture, ms; pictures that took in a frame are among them. */
export interface Measurement {
  readonly vehicles: number;
  readonly pictures: number;
  readonly framesTaken: number;
  readonly meanMs: number;
  readonly medianMs: number;
  readonly p95Ms: number;
  readonly picturesPerSecond: number;
}

declare global {
  interface Window {
    lab: Lab;
  }
}

const PLAIN: Look = {
  colorBy: 'speed',
  layer: 'none',
  theme: 'dark',
  still: false,
  vehicle: null,
  follow: false,
  intersection: null,
  closed: [],
  incidents: [],
  sides: [0],
  headroom: 0,
  footroom: 0,
};
/** As at 60 pictures and 10 frames a second, on machines of any speed. */
const PICTURES_A_FRAME = 6;
const WARM_UP_FRAMES = 4;

const canvas = document.getElementById('map') as HTMLCanvasElement;
let roads: RoadMap | null = null;

const lab: Lab = {
  scene: null,
  troubles: [],
  moves: 0,
  async open(map, look = {}) {
    const start = performance.now();
    roads = map;
    const told = {
      trouble: (message: string | null) => lab.troubles.push(message),
      moved: () => {
        lab.moves++;
      },
    };
    lab.scene = await createScene(canvas, map, { ...PLAIN, ...look }, told);
    return performance.now() - start;
  },
  show(frame) {
    const bytes = Uint8Array.from(atob(frame), (letter) => letter.charCodeAt(0));
    opened().show(decodeFrame(bytes, shapeOf(roads!)));
  },
  async pixels(places) {
    const picture = await createImageBitmap(await opened().picture([], []));
    const pen = new OffscreenCanvas(picture.width, picture.height).getContext('2d', {
      willReadFrequently: true,
    })!;
    pen.drawImage(picture, 0, 0);
    const dots = picture.width / canvas.clientWidth;
    return places.map(([x, y]) => [
      ...pen.getImageData(Math.round(x * dots), Math.round(y * dots), 1, 1).data.slice(0, 3),
    ]);
  },
  legend: (subject, theme) => legendOf(subject, theme, roads!),
  async measure(vehicles, durationMs) {
    const scene = opened();
    const traffic = new MadeUpTraffic(roads!, vehicles);
    const costs: number[] = [];
    let start = performance.now();
    let taken = 0;
    for (let picture = 0; ; picture++) {
      if (picture % PICTURES_A_FRAME === 0) scene.show(traffic.frame(++taken));
      // A picture is drawn even where the last frame has been reached, as happens on a slow machine.
      scene.pan(0, 0);
      await new Promise(requestAnimationFrame);
      // What the first frames cost once, memory and compiling, is not what a picture costs.
      if (taken <= WARM_UP_FRAMES) start = performance.now();
      else costs.push(scene.scriptMs[scene.scriptMs.length - 1]!);
      if (performance.now() - start > durationMs) break;
    }
    const picturesPerSecond = (costs.length / (performance.now() - start)) * 1000;
    costs.sort((a, b) => a - b);
    const at = (part: number) => costs[Math.floor((costs.length - 1) * part)] ?? 0;
    const framesTaken = taken - WARM_UP_FRAMES;
    return {
      vehicles,
      pictures: costs.length,
      framesTaken,
      meanMs: costs.reduce((sum, cost) => sum + cost, 0) / costs.length,
      medianMs: at(0.5),
      p95Ms: at(0.95),
      picturesPerSecond,
    };
  },
};
window.lab = lab;

const address = new URLSearchParams(location.search).get('map');
if (address !== null) void measureAlone(address);

/** Measures without a script, and puts the figures on the page. */
async function measureAlone(from: string): Promise<void> {
  const said = document.body.appendChild(document.createElement('pre'));
  const say = (line: string) => said.append(`${line}\n`);
  try {
    const buildMs = await lab.open((await (await fetch(from)).json()) as RoadMap);
    say(`${roads!.name}: built in ${buildMs.toFixed(0)} ms`);
    for (const vehicles of [1000, 10_000, 100_000]) {
      const { meanMs, medianMs, p95Ms, picturesPerSecond } = await lab.measure(vehicles, 5000);
      say(
        `${vehicles} vehicles: mean ${meanMs.toFixed(2)} ms, median ${medianMs.toFixed(2)} ms, 95 % below ${p95Ms.toFixed(2)} ms, ` +
          `${picturesPerSecond.toFixed(0)} pictures a second`,
      );
    }
  } catch (problem) {
    say(problem instanceof Error ? problem.message : String(problem));
  }
}

function opened(): Scene {
  if (lab.scene === null) throw new Error('No map has been opened.');
  return lab.scene;
}

function shapeOf({ lanes, connectors }: RoadMap): { laneCount: number; connectorCount: number } {
  return { laneCount: lanes.length.length, connectorCount: connectors.from.length };
}

/** Vehicles spread over all lanes that drive on and on, some of which stand: as much to draw as a real crowd, and no more. */
class MadeUpTraffic {
  readonly #map: RoadMap;
  readonly #count: number;
  /** Of a record. */
  readonly #words: number;
  readonly #ids: Uint32Array;
  readonly #records: Uint16Array;
  readonly #signals: Uint8Array;

  constructor(map: RoadMap, count: number) {
    const { laneCount, connectorCount } = shapeOf(map);
    this.#map = map;
    this.#count = count;
    this.#words = recordWords(laneCount + connectorCount);
    const words = this.#words;
    this.#ids = Uint32Array.from({ length: count }, (_, v) => v);
    this.#records = new Uint16Array(count * words);
    this.#signals = new Uint8Array(packedBytes(connectorCount)).fill(0b11_00_10_01);
    for (let v = 0; v < count; v++) {
      this.#place(v, (v * 7919) % laneCount);
      this.#records[v * words + 1] = (v * 31_337) % 0x10000;
      this.#records[v * words + 2] = (v % 5 === 0 ? 0 : (v * 13) % 60) | (((v % 32) << TYPE_BITS) << 8);
    }
  }

  #place(v: number, lane: number): void {
    const at = v * this.#words;
    this.#records[at] = lane;
    if (this.#words !== RECORD_WORDS) this.#records[at + 3] = lane >>> 16;
  }

  frame(sequence: number) {
    const { lanes } = this.#map;
    for (let v = 0; v < this.#count; v++) {
      const at = v * this.#words;
      const speed = (this.#records[at + 2]! & 0xff) * 0.25;
      const lane = elementOf(this.#records, at, this.#words);
      const position = this.#records[at + 1]! + (speed / lanes.length[lane]!) * 0x10000;
      this.#records[at + 1] = position % 0x10000;
      if (position >= 0x10000) this.#place(v, (lane + 1) % lanes.length.length);
    }
    const columns = {
      count: this.#count,
      ids: this.#ids,
      records: this.#records,
      words: this.#words,
      signals: this.#signals,
    };
    const header = { sequence, step: sequence, sinceSteps: sequence === 1 ? 0 : 1, revision: 0 };
    return decodeFrame(encodeVehicles(header, [columns]), shapeOf(this.#map));
  }
}
