/**
 * What an edge says; the numbers are those of `lineage.edge.kind`.
 *
 * - `direct`: column → column, gives its value
 * - `indirect`: column → column, decides about it (filter, join, group, sort, window, condition)
 * - `rows`: column → dataset, decides about all its rows and so about each of its columns
 * - `dataset`: dataset → dataset
 * - `part`: dataset → column, the column is part of it: no lineage, it lets a walk go on from `rows`
 * - `generated`: nothing → column, filled with a constant, a sequence, a count
 */
export const KIND = { direct: 1, indirect: 2, rows: 3, dataset: 4, part: 5, generated: 6 } as const;
export type EdgeKind = (typeof KIND)[keyof typeof KIND];

/** Towards what feeds something, or towards what it feeds. */
export type Direction = 'upstream' | 'downstream';
