/** What the API says of lineage, in the words of its schema. */
export interface Node {
  readonly id: string;
  readonly kind: 'COLUMN' | 'DATASET' | 'JOB';
  readonly namespace: string;
  readonly qualifiedName: string;
  /** “*” for columns that could not be told apart. */
  readonly column: string | null;
  readonly sourceName: string | null;
  /** False: it is known by name only. */
  readonly resolved: boolean;
}

export interface ReachedNode extends Node {
  /** Steps from what was asked about; upstream the number is negative. */
  readonly distance: number;
}

export interface Edge {
  readonly id: string;
  /** Null: filled without any column. */
  readonly from: string | null;
  readonly to: string;
  /** Null between datasets. */
  readonly type: 'DIRECT' | 'INDIRECT' | null;
  readonly subtype: string | null;
  readonly expression: string | null;
  readonly origin: 'PARSED' | 'DECLARED' | 'OBSERVED' | 'MANUAL';
  readonly confidence: string | null;
  readonly scriptName: string;
  readonly place: { readonly line: number } | null;
}

export interface Times {
  readonly asOf: string;
  readonly knownAt: string;
  readonly freshAsOf: string;
}

/** A part of the graph around something; of several pages, put together. */
export interface Graph extends Times {
  readonly nodes: readonly ReachedNode[];
  readonly edges: readonly Edge[];
  readonly hasLineage: boolean;
  readonly totalCount: number;
  readonly truncated: boolean;
  readonly frontier: readonly Node[];
  readonly coarse: readonly { readonly from: Node; readonly to: Node }[];
  readonly notUnderstood: number;
}

export const NODE = 'id kind namespace qualifiedName column sourceName resolved';
export const EDGE = 'id from to type subtype expression origin confidence scriptName place { line }';
export const TIMES = 'asOf knownAt freshAsOf';

/** What the dataset of a node is, whatever its column. */
export const tableKey = ({ namespace, qualifiedName }: Node): string => `${namespace}/${qualifiedName}`;

/** A node as a person writes it; what is in another source than `home`, where the reader is, or in none, says so. */
export function nodeShown({ kind, qualifiedName, column, sourceName, resolved }: Node, home: string | null): string {
  const name = column === null ? qualifiedName : `${qualifiedName}#${column}`;
  if (kind === 'JOB') return `job ${name}`;
  if (!resolved) return `${name} (not in the catalog)`;
  return sourceName === home || sourceName === null ? name : `${name} [${sourceName}]`;
}

const WIDEST_EXPRESSION = 48;

/** Beginning of a text, on one line. */
export function oneLine(text: string, most = WIDEST_EXPRESSION): string {
  const line = text.replace(/\s+/g, ' ').trim();
  const signs = [...line];
  return signs.length > most ? `${signs.slice(0, most).join('')}…` : line;
}

/** How, where and by which expression some edges between the same two nodes say that data flows. */
export function edgeCells(edges: readonly Edge[]): [how: string, place: string, expression: string] {
  const each = (cells: readonly string[]) => [...new Set(cells)].filter((cell) => cell !== '').join(', ');
  return [
    each(edges.map(howOf)),
    each(edges.map(({ scriptName, place }) => (place ? `${scriptName}:${place.line}` : scriptName))),
    oneLine(edges.find(({ expression }) => expression !== null)?.expression ?? ''),
  ];
}

/** A parsed edge is the usual one; how else it is known is said. */
function howOf({ from, subtype, origin }: Edge): string {
  const how = from === null ? 'generated' : (subtype ?? '').toLowerCase().replace('_', ' ');
  return [how, origin === 'PARSED' ? '' : origin.toLowerCase()].filter((word) => word !== '').join(' ');
}
