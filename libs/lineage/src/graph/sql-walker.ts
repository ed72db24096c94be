import {
  type Closure,
  CompactGraph,
  type Direction,
  type EdgeKind,
  GraphBuilder,
  KIND,
  type Paths,
  pathsBetween,
} from '#core/lineage-graph';
import { rows, type Tx } from '#platform/database';

import { EDGE_ORIGIN_OF, type EdgeOrigin, SCRIPT_ORIGINS } from '../script.entity.js';
import { COLUMN_KINDS } from './memory-walker.js';
import { type AsOf, type Pair, type PathsQuestion, type Selection, type Walker, type WalkQuestion } from './walker.js';

/** Condition on `edge` for a time; two parameters, validAt and recordedAt, where the time is not now. */
export function heldAt({ validAt, recordedAt }: AsOf, firstParam: number): { sql: string; params: (Date | null)[] } {
  if (validAt === null && recordedAt === null)
    return { sql: `edge.recorded_to = 'infinity' AND edge.valid_to = 'infinity'`, params: [] };
  const [valid, recorded] = [`$${firstParam}::timestamptz`, `$${firstParam + 1}::timestamptz`];
  return {
    sql: `
      edge.valid_from <= coalesce(${valid}, now()) AND edge.valid_to > coalesce(${valid}, now()) AND
      edge.recorded_from <= coalesce(${recorded}, 'infinity') AND
      (edge.recorded_to > ${recorded} OR (${recorded} IS NULL AND edge.recorded_to = 'infinity'))
    `,
    params: [validAt, recordedAt],
  };
}

/** Condition on `edge` for where it is known from; empty for all. */
export function knownFrom(origins: readonly EdgeOrigin[] | null): string {
  if (origins === null) return '';
  const wanted = SCRIPT_ORIGINS.filter((origin) => origins.includes(EDGE_ORIGIN_OF[origin]));
  const list = wanted.map((origin) => `'${origin}'`).join(', ');
  return list === ''
    ? 'AND false'
    : `AND EXISTS (SELECT FROM lineage.script WHERE script.id = edge.script_id AND script.origin IN (${list}))`;
}

const isPart = (edge: string) =>
  `${edge}.kind = ${KIND.part} AND ${edge}.recorded_to = 'infinity' AND ${edge}.valid_to = 'infinity'`;

/**
 * Walks in the database, one statement for each distance. (A recursion that carried the distance would no longer know that it
 * has been at a node, and would walk every path.)
 */
export class SqlWalker implements Walker {
  constructor(private readonly tx: Tx) {}

  async closures(questions: readonly WalkQuestion[]): Promise<Closure[]> {
    const found: Closure[] = [];
    for (const question of questions) found.push(await this.closure(question));
    return found;
  }

  private async closure(question: WalkQuestion): Promise<Closure> {
    const { from, depth, maximumNodes } = question;
    const seen = new Set(from);
    const nodes: number[] = [];
    const levels: number[] = [];
    let level = [...seen];
    for (let steps = 0; level.length > 0; steps++) {
      level.sort((a, b) => a - b);
      const isCut = nodes.length + level.length > maximumNodes;
      if (isCut) level = level.slice(0, maximumNodes - nodes.length);
      levels.push(nodes.length);
      const ends = isCut || (depth !== null && steps >= depth);
      const { wholes, next } = ends ? { wholes: [], next: [] } : await this.step(level, question);
      nodes.push(...level, ...wholes.filter((node) => !seen.has(node)));
      for (const node of wholes) seen.add(node);
      if (ends) {
        const frontier = await this.frontier(isCut ? nodes : level, isCut ? new Set(nodes) : seen, question);
        return { nodes, levels, truncated: isCut || frontier.length > 0, frontier };
      }
      level = next.filter((node) => !seen.has(node));
      for (const node of level) seen.add(node);
    }
    return { nodes, levels, truncated: false, frontier: [] };
  }

  /** One distance on; upstream also the datasets of columns about which something decides. */
  private async step(
    level: readonly number[],
    { direction, ...selection }: WalkQuestion,
  ): Promise<{ wholes: number[]; next: number[] }> {
    const [here, there] = ends(direction);
    const { walked, params } = walking(selection, 2);
    const parts = selection.kinds.includes(KIND.part);
    const upstream = direction === 'upstream';
    const found = await rows<{ id: string; whole: boolean }>(
      this.tx,
      `
      WITH given AS (SELECT unnest($1::bigint[]) AS id),
      wholes AS (
        SELECT DISTINCT part.src AS id
          FROM given
          JOIN lineage.edge AS part ON part.dst = given.id AND ${isPart('part')}
         WHERE ${parts && upstream} AND EXISTS (SELECT FROM lineage.edge WHERE edge.dst = part.src AND ${walked})
      ),
      reached AS (
        SELECT DISTINCT edge.${there} AS id
          FROM (SELECT id FROM given UNION SELECT id FROM wholes) AS here
          JOIN lineage.edge ON edge.${here} = here.id
         WHERE ${walked}
      )
      SELECT id, true AS whole FROM wholes
       UNION ALL
      SELECT id, false FROM reached
       UNION ALL
      SELECT part.dst, false
        FROM reached
        JOIN lineage.edge AS part ON part.src = reached.id AND ${isPart('part')}
       WHERE ${parts && !upstream}
      `,
      [level, ...params],
    );
    const ids = (whole: boolean) => [
      ...new Set(found.filter((one) => one.whole === whole).map(({ id }) => Number(id))),
    ];
    return { wholes: ids(true).sort((a, b) => a - b), next: ids(false) };
  }

  /** Nodes from which an edge leads to something that was not seen. */
  private async frontier(
    nodes: readonly number[],
    seen: ReadonlySet<number>,
    { direction, ...selection }: WalkQuestion,
  ): Promise<number[]> {
    const [here, there] = ends(direction);
    const { walked, params } = walking(selection, 3);
    const goesOn = (node: string) =>
      `EXISTS (SELECT FROM lineage.edge WHERE edge.${here} = ${node} AND ${walked} AND NOT edge.${there} = ANY($2::bigint[]))`;
    const throughWhole =
      direction === 'upstream' && selection.kinds.includes(KIND.part)
        ? `OR EXISTS (SELECT FROM lineage.edge AS part WHERE part.dst = given.id AND ${isPart('part')} AND ${goesOn('part.src')})`
        : '';
    const found = await rows<{ id: string }>(
      this.tx,
      `
      SELECT given.id
        FROM unnest($1::bigint[]) WITH ORDINALITY AS given (id, place)
       WHERE ${goesOn('given.id')} ${throughWhole}
       ORDER BY given.place
      `,
      [nodes, [...seen], ...params],
    );
    return found.map(({ id }) => Number(id));
  }

  async paths({ from, to, depth, most, ...selection }: PathsQuestion): Promise<Paths> {
    const [down, up] = await this.closures([
      { ...selection, from, direction: 'downstream', depth, maximumNodes: Infinity },
      { ...selection, from: to, direction: 'upstream', depth, maximumNodes: Infinity },
    ]);
    const there = new Set(up?.nodes);
    // A dataset that a way leads through is named by the walk downstream only.
    const graph = await this.among([...new Set([...(down?.nodes ?? []), ...there])], selection);
    const mask = graph.mask({ kinds: selection.kinds, origins: null, validAt: null, recordedAt: null });
    return pathsBetween(graph, { from, to, depth, most, mask });
  }

  /** A part of the graph as it was, as if it were so now. */
  private async among(nodes: readonly number[], selection: Selection): Promise<CompactGraph> {
    const { walked, params } = walking(selection, 2);
    const found = await rows<{ kind: EdgeKind; pairs: Buffer }>(
      this.tx,
      `
      SELECT edge.kind, string_agg(int4send(edge.src::int) || int4send(edge.dst::int), ''::bytea) AS pairs
        FROM lineage.edge
       WHERE edge.dst = ANY($1::bigint[]) AND edge.src = ANY($1::bigint[])
         AND ((${walked}) OR (${selection.kinds.includes(KIND.part)} AND ${isPart('edge')}))
       GROUP BY edge.kind
      `,
      [nodes, ...params],
    );
    const builder = new GraphBuilder();
    for (const { kind, pairs } of found) builder.add({ ...ALWAYS, kind }, pairs);
    return CompactGraph.of(builder);
  }

  async coarse(nodes: readonly number[], selection: Selection, direction: Direction): Promise<Pair[]> {
    const [here, there] = ends(direction);
    const held = heldAt(selection.asOf, 2);
    const edges = (kinds: readonly EdgeKind[]) =>
      `edge.kind IN (${kinds.join(', ')}) AND ${held.sql} ${knownFrom(selection.origins)}`;
    const found = await rows<{ from: string; to: string }>(
      this.tx,
      `
      WITH given AS (SELECT unnest($1::bigint[]) AS id),
      whole AS (
        SELECT DISTINCT coalesce(part.src, given.id) AS id
          FROM given
          LEFT JOIN lineage.edge AS part ON part.dst = given.id AND ${isPart('part')}
      ),
      between AS (
        SELECT DISTINCT edge.src, edge.dst FROM whole JOIN lineage.edge ON edge.${here} = whole.id WHERE ${edges([KIND.dataset])}
      )
      SELECT between.src AS "from", between.dst AS "to"
        FROM between
       WHERE NOT EXISTS (
               SELECT
                 FROM (SELECT between.${here} AS id
                        UNION ALL
                       SELECT part.dst FROM lineage.edge AS part WHERE part.src = between.${here} AND ${isPart('part')}) AS own
                 JOIN lineage.edge ON edge.${here} = own.id AND ${edges(COLUMN_KINDS)}
                 LEFT JOIN lineage.edge AS other ON other.dst = edge.${there} AND ${isPart('other')}
                WHERE coalesce(other.src, edge.${there}) = between.${there}
             )
      `,
      [nodes, ...held.params],
    );
    return found.map(({ from, to }) => ({ from: Number(from), to: Number(to) }));
  }
}

const ALWAYS = { origin: 0, validFrom: -Infinity, validTo: Infinity, recordedFrom: -Infinity, recordedTo: Infinity };

/** The condition on `edge` for a step. */
function walking({ kinds, origins, asOf }: Selection, firstParam: number): { walked: string; params: unknown[] } {
  const held = heldAt(asOf, firstParam);
  const steps = kinds.filter((kind) => kind !== KIND.part);
  return {
    walked: `edge.kind IN (${steps.join(', ')}) AND ${held.sql} ${knownFrom(origins)}`,
    params: held.params,
  };
}

const ends = (direction: Direction): readonly [here: 'src' | 'dst', there: 'src' | 'dst'] =>
  direction === 'upstream' ? ['dst', 'src'] : ['src', 'dst'];
