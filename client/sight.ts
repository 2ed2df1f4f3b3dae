import type { Query } from '../server/protocol/link.ts';

/**
 * What a viewer has chosen to look at, and how it stands in the address beside the moment (`server/protocol/link.ts`):
 *
 *     …&at=i3&v=343&lane=west-1_0&side=b&layer=queue&color=speed&panel=signal&chart=ribbons&view=620.5,-14,180
 *
 * What is as usual is left out.
 */
export const LAYERS = ['none', 'queue', 'delay', 'emissions', 'difference'] as const;
export const COLORS = ['speed', 'delay', 'type'] as const;
export const PANELS = ['why', 'signal', 'trip', 'lane'] as const;
export const CHARTS = ['delay', 'queue', 'ribbons', 'time-space', 'intersections', 'events'] as const;

export type PanelTab = (typeof PANELS)[number];
export type ChartTab = (typeof CHARTS)[number];

/** The place of the map in the middle of each pane, and how much of it is seen from left to right, m. */
export interface View {
  readonly x: number;
  readonly y: number;
  readonly acrossM: number;
}

/** Places by name. */
export interface Sight {
  readonly at: string | null;
  readonly vehicle: number | null;
  readonly lane: string | null;
  readonly side: number;
  readonly layer: (typeof LAYERS)[number];
  readonly colorBy: (typeof COLORS)[number];
  readonly panel: PanelTab;
  readonly chart: ChartTab;
  /** `null`: nobody has moved the map. */
  readonly view: View | null;
}

export const USUAL_SIGHT: Sight = {
  at: null,
  vehicle: null,
  lane: null,
  // The first is what others are compared with: what people ask about stands beside it.
  side: 1,
  layer: 'none',
  colorBy: 'delay',
  panel: 'why',
  chart: 'delay',
  view: null,
};

const SIDES = ['a', 'b', 'c', 'd'] as const;

/** What a query leaves out, or says in words that are not known, is as usual. */
export function readSight(query: Query): Sight {
  const vehicle = query.get('v') ?? '';
  return {
    at: query.get('at'),
    vehicle: /^\d{1,9}$/.test(vehicle) ? Number(vehicle) : null,
    lane: query.get('lane'),
    side: SIDES.indexOf(oneOf(SIDES, query.get('side'), SIDES[USUAL_SIGHT.side]!)),
    layer: oneOf(LAYERS, query.get('layer'), USUAL_SIGHT.layer),
    colorBy: oneOf(COLORS, query.get('color'), USUAL_SIGHT.colorBy),
    panel: oneOf(PANELS, query.get('panel'), USUAL_SIGHT.panel),
    chart: oneOf(CHARTS, query.get('chart'), USUAL_SIGHT.chart),
    view: readView(query.get('view')),
  };
}

/** Writes a sight into a query, over what is there. */
export function writeSight(query: Query, sight: Sight): void {
  const put = (key: string, value: string | null, usual: string | null = null) => {
    if (value === null || value === usual) query.delete(key);
    else query.set(key, value);
  };
  put('at', sight.at);
  put('v', sight.vehicle === null ? null : String(sight.vehicle));
  put('lane', sight.lane);
  put('side', SIDES[sight.side] ?? null, SIDES[USUAL_SIGHT.side]);
  put('layer', sight.layer, USUAL_SIGHT.layer);
  put('color', sight.colorBy, USUAL_SIGHT.colorBy);
  put('panel', sight.panel, USUAL_SIGHT.panel);
  put('chart', sight.chart, USUAL_SIGHT.chart);
  put('view', sight.view === null ? null : writeView(sight.view));
}

const VIEW = /^(-?\d{1,7}(?:\.\d)?),(-?\d{1,7}(?:\.\d)?),(\d{1,7}(?:\.\d)?)$/;

function readView(text: string | null): View | null {
  const [, x, y, acrossM] = VIEW.exec(text ?? '') ?? [];
  return x === undefined || Number(acrossM) === 0
    ? null
    : { x: Number(x), y: Number(y), acrossM: Number(acrossM) };
}

function writeView({ x, y, acrossM }: View): string {
  // Decimetres; a zero has no sign.
  return [x, y, acrossM].map((metres) => Math.round(metres * 10) / 10 + 0).join(',');
}

function oneOf<T extends string>(all: readonly T[], text: string | null, usual: T): T {
  return all.find((one) => one === text) ?? usual;
}
