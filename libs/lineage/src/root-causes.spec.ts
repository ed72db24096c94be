import { rootCauses } from './root-causes.js';

const any = () => true;

it.each<[string, number[][], [number, number][], (number | undefined)[]]>([
  ['nothing in common', [[1], [2]], [], [undefined, undefined]],
  ['one feeds the other', [[1], [2]], [[1, 2]], [undefined, 0]],
  ['whichever was first', [[2], [1]], [[1, 2]], [1, undefined]],
  [
    'over nodes that are well',
    [[1], [4]],
    [
      [1, 2],
      [2, 3],
      [3, 4],
    ],
    [undefined, 0],
  ],
  [
    'the most upstream of a chain',
    [[3], [2], [1]],
    [
      [1, 2],
      [2, 3],
    ],
    [2, 2, undefined],
  ],
  [
    'the first of two causes',
    [[1], [2], [3]],
    [
      [1, 3],
      [2, 3],
    ],
    [undefined, undefined, 0],
  ],
  [
    'a diamond',
    [[4], [1]],
    [
      [1, 2],
      [1, 3],
      [2, 4],
      [3, 4],
    ],
    [1, undefined],
  ],
  [
    'a circle belongs to its lowest',
    [[1], [2], [3]],
    [
      [1, 2],
      [2, 1],
      [2, 3],
    ],
    [undefined, 0, 0],
  ],
  [
    'an edge to itself',
    [[1], [2]],
    [
      [1, 1],
      [1, 2],
    ],
    [undefined, 0],
  ],
  [
    'two that feed each other by different columns',
    [
      [1, 2],
      [3, 4],
    ],
    [
      [1, 3],
      [4, 2],
    ],
    [undefined, 0],
  ],
  ['two on one node are beside each other', [[1], [1], [2]], [[1, 2]], [undefined, undefined, 0]],
])('%s', (_, nodesOf, edges, roots) => {
  const sameNode = (root: number, thing: number) => nodesOf[root]![0] !== nodesOf[thing]![0];
  expect(rootCauses(nodesOf, edges, sameNode)).toEqual(roots);
});

it('only of what may be its cause', () => {
  expect(rootCauses([[1], [2]], [[1, 2]], () => false)).toEqual([undefined, undefined]);
});

it('five hundred in a chain of ten thousand', () => {
  const edges = Array.from({ length: 10_000 }, (_, at): [number, number] => [at, at + 1]);
  const roots = rootCauses(
    Array.from({ length: 500 }, (_, at) => [at * 20]),
    edges,
    any,
  );
  expect(new Set(roots)).toEqual(new Set([undefined, 0]));
});
