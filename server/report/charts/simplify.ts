interface Place {
  readonly t: number;
  readonly m: number;
}

/**
 * Leaves out the points of a line that nobody would miss: Ramer (1972), Douglas & Peucker (1973), with
 * distance taken across time and space in units of what the picture can show.
 *
 * @param perT  how much of t is one pixel; `perM` likewise
 */
export function simplified(line: readonly Place[], perT: number, perM: number, tolerancePx = 0.7): Place[] {
  if (line.length < 3) return [...line];
  const kept = new Uint8Array(line.length);
  kept[0] = 1;
  kept[line.length - 1] = 1;
  const open: [number, number][] = [[0, line.length - 1]];
  for (let span = open.pop(); span !== undefined; span = open.pop()) {
    const [a, b] = span;
    const dt = (line[b]!.t - line[a]!.t) / perT;
    const dm = (line[b]!.m - line[a]!.m) / perM;
    const length = Math.sqrt(dt * dt + dm * dm) || 1;
    let farthest = a;
    let distance = tolerancePx;
    for (let k = a + 1; k < b; k++) {
      const t = (line[k]!.t - line[a]!.t) / perT;
      const m = (line[k]!.m - line[a]!.m) / perM;
      const off = Math.abs(dt * m - dm * t) / length;
      if (off > distance) {
        distance = off;
        farthest = k;
      }
    }
    if (farthest === a) continue;
    kept[farthest] = 1;
    open.push([a, farthest], [farthest, b]);
  }
  return line.filter((_, k) => kept[k] === 1);
}
