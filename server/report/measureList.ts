/** A figure that a run is judged by. */
export interface Measure {
  readonly id: string;
  readonly label: string;
  readonly unit: string;
  /** Which way is good; `null` for figures that only inform. */
  readonly better: 'lower' | 'higher' | null;
  /** Digits after the point when it is printed. */
  readonly digits: number;
  /** What it is exactly, for the report's notes. */
  readonly meaning: string;
  readonly group: 'delay' | 'travel time' | 'queue' | 'fairness' | 'emissions' | 'safety' | 'pedestrians';
}
