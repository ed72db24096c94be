import { type LineageEdge, type LineageGraph, type LineageNode } from './lineage.queries';

/** A table of the picture, with those of its columns that lineage touches. */
export interface PictureTable {
  readonly id: string;
  readonly name: string;
  readonly qualifiedName: string;
  readonly sourceName: string | null;
  readonly datasetId: string | null;
  readonly resolved: boolean;
  /** A job of which only its inputs and outputs are known. */
  readonly isJob: boolean;
  /** Lineage goes on from here. */
  readonly goesOn: boolean;
  readonly columns: readonly { readonly key: string; readonly name: string }[];
}

/** A line of the picture; statements that say the same are one line. */
export interface PictureLine {
  readonly id: string;
  readonly from: string;
  readonly to: string;
  /** Keys of the columns; null: of the table as a whole. */
  readonly fromColumn: string | null;
  readonly toColumn: string | null;
  readonly indirect: boolean;
  readonly edges: readonly LineageEdge[];
}

export interface Picture {
  readonly tables: readonly PictureTable[];
  readonly lines: readonly PictureLine[];
}

const tableOf = ({ kind, namespace, qualifiedName }: LineageNode): string =>
  `${kind === 'JOB' ? 'job ' : ''}${namespace}/${qualifiedName}`;

/** Gathers the columns of an answer into tables, and what runs between the same two ends into one line. */
export function pictureOf({ nodes, edges, frontier }: LineageGraph): Picture {
  const byKey = new Map(nodes.map((node) => [node.id, node]));
  const onward = new Set(frontier.map(({ id }) => id));
  const tables = Map.groupBy(nodes, tableOf);
  const drawn = edges.filter(({ from, to }) => from !== null && byKey.has(from) && byKey.has(to));
  const lines = Map.groupBy(drawn, ({ from, to, type }) => JSON.stringify([from, to, type === 'INDIRECT']));
  return {
    tables: [...tables].map(([id, ofTable]) => tableFrom(id, ofTable, onward)),
    lines: [...lines].flatMap(([id, ofLine]) => {
      const from = byKey.get(ofLine[0]?.from ?? '');
      const to = byKey.get(ofLine[0]?.to ?? '');
      if (!from || !to) return [];
      return {
        id,
        from: tableOf(from),
        to: tableOf(to),
        fromColumn: from.column === null ? null : from.id,
        toColumn: to.column === null ? null : to.id,
        indirect: ofLine[0]?.type === 'INDIRECT',
        edges: ofLine,
      };
    }),
  };
}

function tableFrom(id: string, nodes: readonly LineageNode[], onward: ReadonlySet<string>): PictureTable {
  const [first] = nodes;
  return {
    id,
    name: first?.datasetName ?? '',
    qualifiedName: first?.qualifiedName ?? '',
    sourceName: first?.sourceName ?? null,
    datasetId: nodes.find(({ datasetId }) => datasetId !== null)?.datasetId ?? null,
    resolved: nodes.some(({ resolved }) => resolved),
    isJob: first?.kind === 'JOB',
    goesOn: nodes.some(({ id }) => onward.has(id)),
    columns: nodes.flatMap(({ id, column }) => (column === null ? [] : [{ key: id, name: column }])),
  };
}
