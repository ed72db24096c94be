import { Injectable } from '@nestjs/common';
import { KIND } from '#core/lineage-graph';
import { rows, type Tx } from '#platform/database';

import { SqlWalker } from './graph/sql-walker.js';
import { rootCauses } from './root-causes.js';

/** Something that is wrong with columns of a dataset, or with its rows as a whole. */
export interface Suspect {
  readonly datasetId: string;
  /** Empty: the rows as a whole. */
  readonly fieldIds: readonly string[];
}

/** Most nodes on either side that are looked at. */
const MOST_NODES = 50_000;

/** Tells which of several faults are probably the cause of the others, since data flows from there. */
@Injectable()
export class LineageCauses {
  /**
   * For each suspect the most upstream other one, by its place in the list; undefined where there is none. Two walks and one
   * look at the edges between, however many suspects there are. Between columns it goes by columns; where a dataset
   * as a whole is meant, by datasets. Of equals, the earlier in the list.
   */
  async mostUpstream(tx: Tx, suspects: readonly Suspect[]): Promise<(number | undefined)[]> {
    const nodes = await this.nodesOf(tx, suspects);
    const whole = (at: number) => suspects[at]!.fieldIds.length === 0;
    const apart = (one: number, other: number) => suspects[one]!.datasetId !== suspects[other]!.datasetId;
    const byColumn = await this.roots(
      tx,
      nodes.map(({ columns }) => columns),
      [KIND.direct, KIND.indirect, KIND.rows, KIND.part],
      apart,
    );
    const byDataset = await this.roots(
      tx,
      nodes.map(({ dataset }) => dataset),
      [KIND.dataset],
      (root, thing) => apart(root, thing) && (whole(root) || whole(thing)),
    );
    return withoutChains(suspects.map((_, at) => byColumn[at] ?? byDataset[at]));
  }

  private async roots(
    tx: Tx,
    nodesOf: readonly (readonly number[])[],
    kinds: (typeof KIND)[keyof typeof KIND][],
    pairs: (root: number, thing: number) => boolean,
  ): Promise<(number | undefined)[]> {
    const from = [...new Set(nodesOf.flat())];
    if (from.length < 2) return nodesOf.map(() => undefined);
    const asOf = { validAt: null, recordedAt: null };
    const question = { from, kinds, origins: null, asOf, depth: null, maximumNodes: MOST_NODES };
    const [up, down] = await new SqlWalker(tx).closures([
      { ...question, direction: 'upstream' },
      { ...question, direction: 'downstream' },
    ]);
    const below = new Set(down?.nodes);
    // Only what lies below one of them and above one of them can lie between two.
    const between = [...new Set(up?.nodes)].filter((node) => below.has(node));
    const edges = await rows<{ src: string; dst: string }>(
      tx,
      `
      SELECT DISTINCT src, dst
        FROM lineage.edge
       WHERE src = ANY ($1::bigint[]) AND dst = ANY ($1::bigint[]) AND kind = ANY ($2::int[])
         AND recorded_to = 'infinity' AND valid_to = 'infinity'
       ORDER BY src, dst
      `,
      [between, kinds],
    );
    return rootCauses(
      nodesOf,
      edges.map(({ src, dst }) => [Number(src), Number(dst)] as const),
      pairs,
    );
  }

  private async nodesOf(tx: Tx, suspects: readonly Suspect[]): Promise<{ columns: number[]; dataset: number[] }[]> {
    const found = await rows<{ id: string; datasetId: string; fieldId: string | null }>(
      tx,
      `
      SELECT id, dataset_id AS "datasetId", field_id AS "fieldId"
        FROM lineage.node
       WHERE field_id = ANY ($1::uuid[])
          OR (dataset_id = ANY ($2::uuid[]) AND field_id IS NULL AND column_name IS NULL)
      `,
      [suspects.flatMap(({ fieldIds }) => fieldIds), suspects.map(({ datasetId }) => datasetId)],
    );
    const fields = new Map(found.flatMap(({ id, fieldId }) => (fieldId === null ? [] : [[fieldId, Number(id)]])));
    const datasets = new Map(
      found.flatMap(({ id, datasetId, fieldId }) => (fieldId === null ? [[datasetId, Number(id)]] : [])),
    );
    return suspects.map(({ datasetId, fieldIds }) => ({
      columns: fieldIds.flatMap((id) => fields.get(id) ?? []),
      dataset: [datasets.get(datasetId) ?? []].flat(),
    }));
  }
}

/** The two ways of asking can follow one another: everything hangs on the last cause. */
function withoutChains(parents: readonly (number | undefined)[]): (number | undefined)[] {
  return parents.map((parent, thing) => {
    const seen = new Set([thing]);
    let top = parent;
    for (let up = parent; up !== undefined && !seen.has(up); up = parents[up]) {
      seen.add(up);
      top = up;
    }
    // A circle: its lowest number has no cause.
    return top !== undefined && parents[top] !== undefined && Math.min(...seen) === thing ? undefined : top;
  });
}
