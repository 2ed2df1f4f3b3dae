/**
 * Columns of `path`. They are copies from several tables of the network; a driver needs all of them, and
 * together they lie in one line of cache.
 */
export const PATH = 8;
export const PATH_TO = 0; //           the lane it leads into
export const PATH_INTERSECTION = 1;
export const PATH_TURNS = 2; //        1 for left and right turns
export const PATH_CROSSES = 3; //      its first row in the network's crosses
export const PATH_RANKS = 4; //        its first row in `crossOfRank`
export const PATH_MASK = 5; //         its first word in `mask`
export const PATH_WORD = 6; //         its intersection's first word in the bitmaps
export const PATH_WORDS = 7; //        how many words that intersection has
