import { type Direction } from '#core/lineage-graph';

/** Where lineage is asked for. */
export const DIRECTIONS = ['upstream', 'downstream', 'both'] as const;
export type DirectionName = (typeof DIRECTIONS)[number];

export const directionsOf = (direction: DirectionName): readonly Direction[] =>
  direction === 'both' ? ['upstream', 'downstream'] : [direction];
