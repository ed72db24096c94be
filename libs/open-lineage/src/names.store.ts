import { Injectable } from '@nestjs/common';
import { type DatasetFacts, type LinkEnd, type Named, normalName } from '#core/openlineage';
import { type Endpoint, ObservedLineage } from '#lineage';
import { rows, type Tx } from '#platform/database';

import { keyOfName } from './flows.js';

interface NameRow extends Named {
  readonly key: string;
  readonly canonical: string;
  readonly isTable: boolean;
  readonly datasetId: string | null;
}

const NAME = `key, namespace, name, canonical, is_table AS "isTable", dataset_id AS "datasetId"`;

/**
 * Which names are of one dataset: spellings of one host, namespaces that people call one, symlinks. Of a dataset's names
 * the canonical one is what the graph shows: one that the catalog has, else a table's, else the first in the alphabet.
 */
@Injectable()
export class NamesOfDatasets {
  constructor(private readonly lineage: ObservedLineage) {}

  /** Loads what is known of the names in some events, and adds what is new. */
  async of(tx: Tx, names: readonly Named[], symlinks: readonly DatasetFacts[], at: Date): Promise<NamesInBatch> {
    const aliases = await this.aliases(tx);
    const batch = new NamesInBatch(aliases);
    const wanted = new Map<string, Named & { isTable: boolean }>();
    const want = (name: Named, isTable: boolean) => {
      const normal = batch.normal(name);
      const key = keyOfName(normal);
      wanted.set(key, { ...normal, isTable: isTable || (wanted.get(key)?.isTable ?? false) });
    };
    for (const name of names) want(name, false);
    for (const dataset of symlinks)
      for (const link of dataset.symlinks) want(link, link.type.toUpperCase() === 'TABLE');
    const found = await this.load(tx, [...wanted.keys()]);
    const fresh = [...wanted].filter(([key]) => !found.has(key));
    const known = await this.lineage.known(fresh.map(([, name]) => name));
    const made = fresh.map(([key, { namespace, name, isTable }]): NameRow => ({
      ...{ key, namespace, name, canonical: key, isTable },
      datasetId: known.get(this.lineage.fullName(namespace, name)) ?? null,
    }));
    const before = new Map([...found].map(([key, row]) => [key, row.canonical]));
    const all = new Map([...found, ...made.map((row) => [row.key, row] as const)]);
    for (const [key, { isTable }] of wanted) {
      const row = all.get(key);
      if (isTable && row && !row.isTable) all.set(key, { ...row, isTable });
    }
    const merged = merge(all, symlinksIn(symlinks, batch), aliases);
    const changed = [...merged.values()].filter((row) => {
      const old = found.get(row.key);
      return !old || old.canonical !== row.canonical || old.isTable !== row.isTable;
    });
    await this.keep(tx, changed);
    batch.set(merged);
    await this.move(tx, before, all, merged, at);
    return batch;
  }

  /** Adds names that were kept before to a batch. */
  async more(tx: Tx, batch: NamesInBatch, names: readonly Named[]): Promise<void> {
    const missing = [...new Set(names.map((name) => batch.keyOf(name)))].filter((key) => !batch.all().has(key));
    if (missing.length > 0) batch.set(new Map([...batch.all(), ...(await this.load(tx, missing))]));
  }

  /** Names, and all others of their datasets. */
  private async load(tx: Tx, keys: readonly string[]): Promise<Map<string, NameRow>> {
    if (keys.length === 0) return new Map();
    const found = await rows<NameRow>(
      tx,
      `
      SELECT ${NAME} FROM open_lineage.dataset_name
       WHERE canonical IN (SELECT canonical FROM open_lineage.dataset_name WHERE key = ANY($1::uuid[]))
      `,
      [keys],
    );
    return new Map(found.map((row) => [row.key, row]));
  }

  private async aliases(tx: Tx): Promise<ReadonlyMap<string, string>> {
    const found = await rows<{ namespace: string; standsFor: string }>(
      tx,
      `SELECT namespace, stands_for AS "standsFor" FROM open_lineage.namespace_alias`,
    );
    return new Map(found.map(({ namespace, standsFor }) => [namespace, standsFor]));
  }

  private async keep(tx: Tx, names: readonly NameRow[]): Promise<void> {
    if (names.length === 0) return;
    await tx.query(
      `
      INSERT INTO open_lineage.dataset_name (key, namespace, name, canonical, is_table, dataset_id)
      SELECT * FROM unnest($1::uuid[], $2::text[], $3::text[], $4::uuid[], $5::boolean[], $6::uuid[])
      ON CONFLICT (key) DO UPDATE
        SET canonical = excluded.canonical, is_table = excluded.is_table, dataset_id = excluded.dataset_id
      `,
      [
        names.map(({ key }) => key),
        names.map(({ namespace }) => namespace),
        names.map(({ name }) => name),
        names.map(({ canonical }) => canonical),
        names.map(({ isTable }) => isTable),
        names.map(({ datasetId }) => datasetId),
      ],
    );
  }

  /** Where a dataset's canonical name is another now, its edges go there. */
  private async move(
    tx: Tx,
    before: ReadonlyMap<string, string>,
    old: ReadonlyMap<string, NameRow>,
    now: ReadonlyMap<string, NameRow>,
    at: Date,
  ): Promise<void> {
    const moves = new Map<string, { from: Endpoint; to: Endpoint }>();
    for (const [key, canonical] of before) {
      const to = now.get(key)?.canonical;
      const [was, is] = [old.get(canonical), to === undefined ? undefined : now.get(to)];
      if (was && is && to !== canonical) moves.set(canonical, { from: endpointOf(was), to: endpointOf(is) });
    }
    await this.lineage.rehome(tx, [...moves.values()], at);
  }

  /** Says that two namespaces are one. What was known under the first goes to the second. */
  async alias(tx: Tx, namespace: string, standsFor: string, at: Date): Promise<void> {
    await tx.query(
      `
      INSERT INTO open_lineage.namespace_alias (namespace, stands_for) VALUES ($1, $2)
      ON CONFLICT (namespace) DO UPDATE SET stands_for = excluded.stands_for
      `,
      [namespace, standsFor],
    );
    const names = await rows<NameRow>(tx, `SELECT ${NAME} FROM open_lineage.dataset_name WHERE namespace = $1`, [
      namespace,
    ]);
    const same = names.map((name): DatasetFacts => ({
      ...{ namespace: standsFor, name: name.name, role: 'static', facets: {} },
      symlinks: [],
    }));
    const batch = await this.of(tx, same, [], at);
    const all = new Map([
      ...batch.all(),
      ...(await this.load(
        tx,
        names.map(({ key }) => key),
      )),
    ]);
    const before = new Map([...all].map(([key, row]) => [key, row.canonical]));
    const merged = merge(
      all,
      names.map(({ key, name }) => [key, keyOfName({ namespace: standsFor, name })] as const),
      await this.aliases(tx),
    );
    await this.keep(tx, [...merged.values()]);
    await this.move(tx, before, all, merged, at);
  }

  /** After a harvest: names of datasets and columns that the catalog has now. Gives how many were found. */
  async resolveAgain(tx: Tx, at: Date): Promise<number> {
    return (await this.resolveDatasets(tx, at)) + (await this.lineage.resolveColumns(tx, at));
  }

  private async resolveDatasets(tx: Tx, at: Date): Promise<number> {
    const unresolved = await rows<NameRow>(
      tx,
      `
      SELECT ${NAME} FROM open_lineage.dataset_name
       WHERE dataset_id IS NULL AND namespace IN (SELECT namespace FROM sources.source WHERE removed_at IS NULL)
      `,
    );
    const known = await this.lineage.known(unresolved);
    const found = unresolved.flatMap((row) => {
      const datasetId = known.get(this.lineage.fullName(row.namespace, row.name));
      return datasetId === undefined ? [] : [{ ...row, datasetId }];
    });
    if (found.length === 0) return 0;
    const old = await this.load(
      tx,
      found.map(({ key }) => key),
    );
    const before = new Map([...old].map(([key, row]) => [key, row.canonical]));
    const merged = merge(new Map([...old, ...found.map((row) => [row.key, row] as const)]), [], await this.aliases(tx));
    await this.keep(tx, [...merged.values()]);
    await this.move(tx, before, old, merged, at);
    // A name that stays canonical is now a dataset of the catalog.
    const same = found.filter(({ key }) => merged.get(key)?.canonical === key && old.get(key)?.canonical === key);
    await this.lineage.rehome(
      tx,
      same.map((row) => ({ from: endpointOf({ ...row, datasetId: null }), to: endpointOf(row) })),
      at,
    );
    return found.length;
  }
}

const endpointOf = ({ namespace, name, datasetId }: NameRow): Endpoint =>
  datasetId === null ? { kind: 'unknown', namespace, dataset: name } : { kind: 'dataset', datasetId };

function symlinksIn(datasets: readonly DatasetFacts[], batch: NamesInBatch): (readonly [string, string])[] {
  return datasets.flatMap((dataset) =>
    dataset.symlinks.map((link) => [keyOfName(batch.normal(dataset)), keyOfName(batch.normal(link))] as const),
  );
}

/** Joins groups of names and chooses each group's canonical one. */
function merge(
  names: ReadonlyMap<string, NameRow>,
  pairs: readonly (readonly [string, string])[],
  aliases: ReadonlyMap<string, string>,
): Map<string, NameRow> {
  const leader = new Map([...names.values()].map(({ key, canonical }) => [key, canonical]));
  const find = (key: string): string => {
    const up = leader.get(key) ?? key;
    return up === key ? key : find(up);
  };
  for (const [a, b] of pairs) {
    const [x, y] = [find(a), find(b)];
    if (x !== y) leader.set(x < y ? y : x, x < y ? x : y);
  }
  const groups = Map.groupBy(names.values(), ({ key }) => find(key));
  const merged = new Map<string, NameRow>();
  for (const group of groups.values()) {
    const canonical = group.reduce((best, one) => (better(one, best, aliases) ? one : best)).key;
    for (const row of group) merged.set(row.key, { ...row, canonical });
  }
  return merged;
}

function better(a: NameRow, b: NameRow, aliases: ReadonlyMap<string, string>): boolean {
  const rank = ({ datasetId, isTable, namespace }: NameRow) =>
    datasetId !== null ? 0 : aliases.has(namespace) ? 3 : isTable ? 1 : 2;
  if (rank(a) !== rank(b)) return rank(a) < rank(b);
  return a.namespace === b.namespace ? a.name < b.name : a.namespace < b.namespace;
}

/** The names of one batch, in every spelling. */
export class NamesInBatch {
  private rows: ReadonlyMap<string, NameRow> = new Map();

  constructor(private readonly aliases: ReadonlyMap<string, string>) {}

  set(rows: ReadonlyMap<string, NameRow>): void {
    this.rows = rows;
  }

  all(): ReadonlyMap<string, NameRow> {
    return this.rows;
  }

  normal(name: Named): Named {
    const normal = normalName(name);
    const standsFor = this.aliases.get(normal.namespace);
    return standsFor === undefined ? normal : normalName({ namespace: standsFor, name: normal.name });
  }

  keyOf(name: Named): string {
    return keyOfName(this.normal(name));
  }

  canonicalKey(name: Named): string {
    const key = this.keyOf(name);
    return this.rows.get(key)?.canonical ?? key;
  }

  /** The dataset (or the job) at an end of a link. */
  endpoint(end: LinkEnd): Endpoint {
    if (end.job) return { kind: 'job', namespace: end.namespace, name: end.name };
    const row = this.rows.get(this.canonicalKey(end));
    return row ? endpointOf(row) : { kind: 'unknown', ...datasetNamed(this.normal(end)) };
  }
}

const datasetNamed = ({ namespace, name }: Named) => ({ namespace, dataset: name });
