/** How vehicles are colored, and what lies on the lanes below them. */
export type ColorBy = 'speed' | 'delay' | 'type';
/** `difference`: by how much the queue of the last side differs from the first's. */
export type Layer = 'none' | 'queue' | 'delay' | 'emissions' | 'difference';

/** How a scene looks; what is left out of a change stays. */
export interface Look {
  readonly colorBy: ColorBy;
  readonly layer: Layer;
  readonly theme: 'dark' | 'light';
  /** Vehicles stand where the last frame has them, instead of gliding there. */
  readonly still: boolean;
  /** Ringed on every side. */
  readonly vehicle: number | null;
  /** Whether the camera goes with the ringed vehicle. */
  readonly follow: boolean;
  /** Marked on every side. */
  readonly intersection: number | null;
  /** Lanes. */
  readonly closed: readonly number[];
  readonly incidents: readonly { readonly lane: number; readonly positionM: number }[];
  /** By side: the sides that are seen, each in a pane of its own, from left to right and row by row. On a phone it is one. */
  readonly sides: readonly number[];
  /** CSS pixels at the top of each pane that the page lays something over; what is to be seen whole lies below. */
  readonly headroom: number;
  /** And at the bottom. */
  readonly footroom: number;
}
