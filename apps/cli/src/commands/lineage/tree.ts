import {
  type Edge,
  edgeCells,
  type Graph,
  type Node,
  nodeShown,
  oneLine,
  type ReachedNode,
  tableKey,
} from './graph.js';

export type Side = 'up' | 'down';

/** A line of a tree: the name with branches before it, how, place, expression. */
export type TreeLine = readonly [name: string, how: string, place: string, expression: string];

const SIGNS = { up: { direct: '←', indirect: '⇠' }, down: { direct: '→', indirect: '⇢' } } as const;

/** Something that stands below a node; without `node` it is only said. */
interface Branch {
  readonly sign: string;
  readonly node?: ReachedNode;
  readonly label: string;
  readonly cells: readonly [how: string, place: string, expression: string];
  /** Columns of a dataset all of whose rows are decided about: told when it is their turn. */
  readonly whole?: boolean;
}

const NOTHING = ['', '', ''] as const;

/**
 * What feeds something (`up`) or what it feeds (`down`) as a tree. Each node has its own branches once, where it is named
 * first; what decides about all rows of a dataset stands below the dataset.
 */
export class Tree {
  private readonly byId: ReadonlyMap<string, ReachedNode>;
  /** Edges by the node from which they are followed. */
  private readonly edges: ReadonlyMap<string, readonly Edge[]>;
  private readonly wholes: ReadonlyMap<string, ReachedNode>;
  private readonly columns: ReadonlyMap<string, readonly ReachedNode[]>;
  private readonly frontier: ReadonlySet<string>;
  private readonly roots: readonly ReachedNode[];
  private readonly home: string | null;

  constructor(
    graph: Graph,
    private readonly side: Side,
  ) {
    this.byId = new Map(graph.nodes.map((node) => [node.id, node]));
    this.edges = Map.groupBy(graph.edges, ({ from, to }) => (side === 'up' ? to : (from ?? '')));
    this.wholes = new Map(graph.nodes.filter(({ kind }) => kind === 'DATASET').map((node) => [tableKey(node), node]));
    this.columns = Map.groupBy(
      graph.nodes.filter(({ kind }) => kind === 'COLUMN'),
      tableKey,
    );
    this.frontier = new Set(graph.frontier.map(({ id }) => id));
    this.roots = rootsOf(graph);
    this.home = this.roots[0]?.sourceName ?? null;
  }

  /** Its lines; none when nothing is known on this side. */
  lines(): TreeLine[] {
    const seen = new Set<string>();
    const lines: TreeLine[] = [];
    // A chain may be longer than the stack is deep.
    const open = toStack(this.begin(seen), '');
    for (let next = open.pop(); next; next = open.pop()) {
      const { branch, before, last } = next;
      const { node, sign, cells } = branch;
      const isAgain = node !== undefined && seen.has(node.id);
      if (node) seen.add(node.id);
      const below = node && !isAgain ? this.below(node, branch.whole === true ? seen : undefined) : [];
      const marks = [
        isAgain ? ' (above)' : '',
        node && this.frontier.has(node.id) && !isAgain ? ' (goes on)' : '',
      ].join('');
      lines.push([`${before}${last ? '└' : '├'} ${sign}${sign === '' ? '' : ' '}${branch.label}${marks}`, ...cells]);
      open.push(...toStack(below, `${before}${last ? '  ' : '│ '}`));
    }
    return lines;
  }

  /** Below a column or a whole stands what is next to it; of a dataset each column is named first. */
  private begin(seen: Set<string>): Branch[] {
    const [only, ...others] = this.roots;
    if (only && others.length === 0) {
      seen.add(only.id);
      return this.below(only);
    }
    return this.roots
      .filter((root) => this.below(root).length > 0)
      .map((node) => ({ sign: '', node, label: node.column ?? '(all rows)', cells: NOTHING }));
  }

  /** What stands below a node: what gives values first, then by name. */
  private below(node: ReachedNode, seen?: ReadonlySet<string>): Branch[] {
    const signs = SIGNS[this.side];
    const edges = this.edges.get(node.id) ?? [];
    const branches = [...Map.groupBy(edges, (edge) => this.groupOf(edge)).values()].flatMap((group): Branch[] => {
      const [edge] = group;
      if (!edge) return [];
      const sign = edge.type === 'INDIRECT' ? signs.indirect : signs.direct;
      const cells = edgeCells(group);
      if (edge.from === null) {
        const [how, place] = cells;
        return this.side === 'down'
          ? []
          : [
              {
                sign,
                label: edge.expression === null ? '(no column)' : oneLine(edge.expression),
                cells: [how, place, ''],
              },
            ];
      }
      const other = this.byId.get(this.side === 'up' ? edge.from : edge.to);
      if (!other) return [];
      const whole = this.isWhole(other, edge);
      return [
        { sign, node: other, label: nodeShown(other, this.placeOf(node)) + (whole ? ' (all rows)' : ''), cells, whole },
      ];
    });
    // The order of ids is the order of reading: another one in each catalog.
    branches.sort(
      (a, b) =>
        rankOf(a, signs.indirect) - rankOf(b, signs.indirect) || (a.label < b.label ? -1 : Number(a.label > b.label)),
    );
    return [...branches, ...this.ofWhole(node, seen)];
  }

  /** The source that need not be said below a node. */
  private placeOf({ sourceName }: Node): string | null {
    return sourceName ?? this.home;
  }

  private groupOf({ from, to, type, expression }: Edge): string {
    const other = this.side === 'up' ? (from ?? `=${expression ?? ''}`) : to;
    return `${type === 'INDIRECT' ? 'indirect' : 'direct'} ${other}`;
  }

  /** Whether an edge is about the rows of a dataset rather than the dataset as one thing. */
  private isWhole(other: Node, { type }: Edge): boolean {
    return other.kind === 'DATASET' && type === 'INDIRECT' && this.side === 'down';
  }

  /** Up: the dataset of a column, when something decides about its rows. Down: columns of such a dataset that feed something more. */
  private ofWhole(node: ReachedNode, seen: ReadonlySet<string> | undefined): Branch[] {
    const { indirect } = SIGNS[this.side];
    if (this.side === 'up') {
      const whole = node.kind === 'COLUMN' ? this.wholes.get(tableKey(node)) : undefined;
      if (!whole || !this.edges.has(whole.id) || this.roots.includes(whole)) return [];
      return [
        { sign: indirect, node: whole, label: `${nodeShown(whole, this.placeOf(node))} (all rows)`, cells: NOTHING },
      ];
    }
    if (seen === undefined) return [];
    const columns = (this.columns.get(tableKey(node)) ?? []).filter(({ id }) => !seen.has(id));
    const onward = columns.filter(({ id }) => this.edges.has(id) || this.frontier.has(id));
    const others = columns.length - onward.length;
    return [
      ...onward.map((column) => ({
        sign: indirect,
        node: column,
        label: nodeShown(column, this.placeOf(node)),
        cells: NOTHING,
      })),
      ...(others > 0
        ? [
            {
              sign: indirect,
              label: `${others} ${onward.length > 0 ? 'more ' : ''}${others === 1 ? 'column' : 'columns'}`,
              cells: NOTHING,
            },
          ]
        : []),
    ];
  }
}

/**
 * Where the trees begin: the column, or the dataset’s columns and the dataset for all its rows. A column’s dataset that is
 * as near as the column itself is not what was asked about.
 */
export function rootsOf({ nodes }: Pick<Graph, 'nodes'>): ReachedNode[] {
  const near = nodes.filter(({ distance }) => distance === 0);
  const columns = near.filter(({ kind }) => kind === 'COLUMN');
  return columns.length === 1 ? columns : [...columns, ...near.filter(({ kind }) => kind !== 'COLUMN')];
}

const rankOf = ({ sign, whole }: Branch, indirect: string): number => (whole === true ? 2 : sign === indirect ? 1 : 0);

const toStack = (branches: readonly Branch[], before: string) =>
  branches.map((branch, place) => ({ branch, before, last: place === branches.length - 1 })).reverse();
