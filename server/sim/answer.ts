/**
 * Where functions leave fractional numbers for their callers. A fraction that is passed to or returned
 * from a function the compiler does not inline is allocated; one in a typed array is not.
 */
export const ANSWER = {
  speed: 0, //       m/s  of the vehicle at hand
  desired: 1, //     m/s  that it would drive at with nobody about
  ahead: 2, //       m    from it to the element that `lookAhead` looks at
  gap: 3, //         m    from it to its leader
  leaderSpeed: 4, // m/s
  limit: 5, //       m/s  that it may have at the end of the step, as far as worked out
  distance: 6, //    m    from it to the conflict point
  foeDistance: 7, // m    from the foe that `findFoe` found to the conflict point; negative once its front is past
} as const;
