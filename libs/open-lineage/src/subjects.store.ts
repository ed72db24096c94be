import { isDeepStrictEqual } from 'node:util';

import { Injectable } from '@nestjs/common';
import { type DatasetFacts, type EventFacts, type Named, nameKeyOf } from '#core/openlineage';
import { ObservedLineage } from '#lineage';
import { preparedRows, type Tx, type Writes } from '#platform/database';

import { type AcceptedEvent } from './accepted-event.js';
import { FacetMerge, type FacetState } from './facet-state.js';
import { keyOfName } from './flows.js';
import { type NamesInBatch } from './names.store.js';
import { Recent } from './recent.js';

/** A job or a dataset in a batch: where its lineage is kept. */
export interface Owner {
  readonly key: string;
  readonly observedScript: string | null;
  readonly declaredScript: string | null;
}

/** What is kept of a job or a dataset, but for its facets. */
interface SubjectRow extends Owner {
  readonly state: FacetState;
  readonly firstAt: Date;
  readonly lastAt: Date;
  /** The rest only of datasets. */
  readonly nameKey?: string;
  readonly isNamed?: boolean;
  readonly lifecycle?: Readonly<Record<string, number>>;
  readonly renamedTo?: string | null;
}

interface Rename {
  readonly at: number;
  readonly to: string;
}

/** What a batch says of one job or one dataset. */
interface Said {
  readonly named: Named;
  readonly facets: { readonly facets: EventFacts['datasets'][number]['facets']; readonly at: number }[];
  first: number;
  last: number;
  observed: boolean;
  declared: boolean;
  readonly lifecycle: Record<string, number>;
  isNamed: boolean;
  renamed?: Rename;
}

interface Change {
  readonly one: Said;
  readonly row: SubjectRow;
  readonly merge: FacetMerge;
}

interface Column {
  readonly name: string;
  readonly type: string;
  readonly of: (change: Change) => unknown;
}

const COMMON: readonly Column[] = [
  { name: 'key', type: 'uuid', of: ({ row }) => row.key },
  { name: 'facet_state', type: 'jsonb', of: ({ row }) => JSON.stringify(row.state) },
  { name: 'first_at', type: 'timestamptz', of: ({ row }) => row.firstAt },
  { name: 'last_at', type: 'timestamptz', of: ({ row }) => row.lastAt },
  { name: 'declared_script', type: 'uuid', of: ({ row }) => row.declaredScript },
];

/** The table of jobs and that of datasets, with the statements for each. */
class Subjects {
  readonly known = new Recent<SubjectRow>(20_000);
  private readonly columns: readonly Column[];

  constructor(
    private readonly table: 'job' | 'dataset',
    private readonly selected: string,
    own: readonly Column[],
  ) {
    this.columns = [...COMMON, ...own];
  }

  /** Rows by key, as they are before a batch. */
  async of(tx: Tx, keys: readonly string[]): Promise<Map<string, SubjectRow>> {
    const [rows, unknown] = this.known.ofAll(keys);
    if (unknown.length > 0)
      for (const found of await preparedRows<SubjectRow>(
        tx,
        `
        SELECT key, facet_state AS state, first_at AS "firstAt", last_at AS "lastAt", declared_script AS "declaredScript",
               ${this.selected}
          FROM open_lineage.${this.table} WHERE key = ANY($1::uuid[])
        `,
        [unknown],
      ))
        rows.set(found.key, found);
    return rows;
  }

  add(tx: Tx, writes: Writes, added: readonly Change[]): void {
    if (added.length === 0) return;
    const columns: readonly Column[] = [
      ...this.columns,
      { name: 'namespace', type: 'text', of: ({ one }) => one.named.namespace },
      { name: 'name', type: 'text', of: ({ one }) => one.named.name },
      { name: 'facets', type: 'jsonb', of: ({ merge }) => JSON.stringify(merge.changed) },
    ];
    const names = columns.map(({ name }) => name).join(', ');
    const written = preparedRows(
      tx,
      `INSERT INTO open_lineage.${this.table} (${names}) SELECT * FROM unnest(${types(columns)})`,
      columns.map(({ of }) => added.map(of)),
    );
    writes.add(written);
    for (const { row } of added) this.known.set(row.key, row);
  }

  /** Facets that are as before are not written again: most events only bring the time of what is known. */
  update(tx: Tx, writes: Writes, changed: readonly Change[]): void {
    if (changed.length === 0) return;
    const columns = this.columns.filter(({ name }) => name !== 'key');
    const written = preparedRows(
      tx,
      `
      UPDATE open_lineage.${this.table} AS kept
         SET ${columns.map(({ name }) => `${name} = new.${name}`).join(', ')}
        FROM unnest(${types(this.columns)}) AS new (${this.columns.map(({ name }) => name).join(', ')})
       WHERE kept.key = new.key
      `,
      this.columns.map(({ of }) => changed.map(of)),
    );
    writes.add(written);
    const facets = changed.filter(({ merge }) => merge.deleted.size > 0 || Object.keys(merge.changed).length > 0);
    if (facets.length > 0) {
      const merged = preparedRows(
        tx,
        `
        UPDATE open_lineage.${this.table} AS kept
           SET facets = (kept.facets || new.changed) - ARRAY (SELECT jsonb_array_elements_text(new.deleted))
          FROM unnest($1::uuid[], $2::jsonb[], $3::jsonb[]) AS new (key, changed, deleted)
         WHERE kept.key = new.key
        `,
        [
          facets.map(({ row }) => row.key),
          facets.map(({ merge }) => JSON.stringify(merge.changed)),
          facets.map(({ merge }) => JSON.stringify([...merge.deleted])),
        ],
      );
      writes.add(merged);
    }
    for (const { row } of changed) this.known.set(row.key, row);
  }
}

const types = (columns: readonly Column[]) => columns.map(({ type }, at) => `$${at + 1}::${type}[]`).join(', ');

/** Jobs and datasets as the events add them up. */
@Injectable()
export class SubjectStore {
  private readonly allJobs = new Subjects('job', `observed_script AS "observedScript"`, [
    { name: 'observed_script', type: 'uuid', of: ({ row }) => row.observedScript },
  ]);
  private readonly allDatasets = new Subjects(
    'dataset',
    `NULL AS "observedScript", name_key AS "nameKey", is_named AS "isNamed", lifecycle, renamed_to AS "renamedTo"`,
    [
      { name: 'name_key', type: 'uuid', of: ({ row }) => row.nameKey },
      { name: 'is_named', type: 'boolean', of: ({ row }) => row.isNamed },
      { name: 'lifecycle', type: 'jsonb', of: ({ row }) => JSON.stringify(row.lifecycle) },
      { name: 'renamed_to', type: 'uuid', of: ({ row }) => row.renamedTo },
    ],
  );

  constructor(private readonly lineage: ObservedLineage) {}

  /** Another process has written, or what was written was taken back. */
  forget(): void {
    this.allJobs.known.clear();
    this.allDatasets.known.clear();
  }

  async jobs(tx: Tx, writes: Writes, events: readonly AcceptedEvent[], at: Date): Promise<Map<string, Owner>> {
    const said = new Map<string, Said>();
    for (const { facts } of events) {
      if (!facts.job) continue;
      const one = saidOf(said, keyOfName(facts.job), facts.job);
      hear(one, facts, facts.job.facets);
      one.observed ||= facts.kind === 'run';
      one.declared ||= facts.kind === 'job';
    }
    return this.keep(tx, writes, this.allJobs, said, at, () => ({}));
  }

  async datasets(
    tx: Tx,
    writes: Writes,
    events: readonly AcceptedEvent[],
    names: NamesInBatch,
    at: Date,
  ): Promise<Map<string, Owner>> {
    const said = new Map<string, Said>();
    for (const { facts } of events)
      for (const dataset of facts.datasets) {
        const one = saidOf(said, keyOfName(dataset), dataset);
        hear(one, facts, dataset.facets);
        one.isNamed = true;
        one.declared ||= facts.kind === 'dataset' && hasLineage(facts);
        noteLifecycle(said, one, dataset, facts);
      }
    return this.keep(tx, writes, this.allDatasets, said, at, (one, row) => {
      const lifecycle: Record<string, number> = { ...row?.lifecycle };
      const before = row?.renamedTo ? { at: lifecycle['RENAMED'] ?? 0, to: row.renamedTo } : undefined;
      const renamed = one.renamed && (!before || isLater(one.renamed, before)) ? one.renamed : before;
      for (const [change, time] of Object.entries(one.lifecycle))
        lifecycle[change] = Math.max(lifecycle[change] ?? 0, time);
      return {
        nameKey: names.keyOf(one.named),
        isNamed: one.isNamed || (row?.isNamed ?? false),
        lifecycle: renamed ? { ...lifecycle, RENAMED: renamed.at } : lifecycle,
        renamedTo: renamed?.to ?? null,
      };
    });
  }

  private async keep(
    tx: Tx,
    writes: Writes,
    subjects: Subjects,
    said: ReadonlyMap<string, Said>,
    at: Date,
    more: (one: Said, known: SubjectRow | undefined) => Partial<SubjectRow>,
  ): Promise<Map<string, Owner>> {
    if (said.size === 0) return new Map();
    const known = await subjects.of(tx, [...said.keys()]);
    const scripts = await this.scripts(tx, said, known, at);
    const all = [...said].map(([key, one]): Change => {
      const row = known.get(key);
      const merge = new FacetMerge(row?.state ?? {});
      for (const { facets, at } of one.facets) merge.add(facets, at);
      const owner = scripts.get(key) ?? { key, observedScript: null, declaredScript: null };
      return {
        ...{ one, merge },
        row: {
          ...owner,
          state: merge.stateNow(),
          firstAt: new Date(Math.min(one.first, row?.firstAt.getTime() ?? Infinity)),
          lastAt: new Date(Math.max(one.last, row?.lastAt.getTime() ?? 0)),
          ...more(one, row),
        },
      };
    });
    subjects.add(
      tx,
      writes,
      all.filter(({ row }) => !known.has(row.key)),
    );
    subjects.update(
      tx,
      writes,
      all.filter(({ row }) => {
        const before = known.get(row.key);
        return before !== undefined && !isDeepStrictEqual(before, row);
      }),
    );
    return scripts;
  }

  /** Makes the scripts that hold the lineage of jobs and datasets, where there are none yet. */
  private async scripts(
    tx: Tx,
    said: ReadonlyMap<string, Said>,
    known: ReadonlyMap<string, Owner>,
    at: Date,
  ): Promise<Map<string, Owner>> {
    const wanted = [...said].flatMap(([key, { named, observed, declared }]) => {
      const name = `${named.namespace} ${named.name}`.slice(0, 500).toWellFormed();
      return [
        ...(observed && !known.get(key)?.observedScript ? [{ key, origin: 'observed' as const, name }] : []),
        ...(declared && !known.get(key)?.declaredScript ? [{ key, origin: 'declared' as const, name }] : []),
      ];
    });
    const ids = await this.lineage.addScripts(tx, wanted, at);
    const made = new Map(wanted.map(({ key, origin }, index) => [`${origin} ${key}`, ids[index] ?? null]));
    return new Map(
      [...said.keys()].map((key) => [
        key,
        {
          key,
          observedScript: known.get(key)?.observedScript ?? made.get(`observed ${key}`) ?? null,
          declaredScript: known.get(key)?.declaredScript ?? made.get(`declared ${key}`) ?? null,
        },
      ]),
    );
  }
}

const isLater = (a: Rename, b: Rename): boolean => a.at > b.at || (a.at === b.at && a.to > b.to);
export const hasLineage = ({ flow }: EventFacts): boolean => flow.links.length + flow.columnLinks.length > 0;

function saidOf(said: Map<string, Said>, key: string, { namespace, name }: Named): Said {
  const known = said.get(key);
  if (known) return known;
  const one: Said = {
    ...{ named: { namespace, name }, facets: [], first: Infinity, last: 0, observed: false, declared: false },
    ...{ lifecycle: {}, isNamed: false },
  };
  said.set(key, one);
  return one;
}

function hear(one: Said, { time }: EventFacts, facets: DatasetFacts['facets']): void {
  const at = time.getTime();
  one.facets.push({ facets, at });
  one.first = Math.min(one.first, at);
  one.last = Math.max(one.last, at);
}

function noteLifecycle(said: Map<string, Said>, one: Said, dataset: DatasetFacts, facts: EventFacts): void {
  if (!dataset.lifecycle) return;
  const { change, previous } = dataset.lifecycle;
  const at = facts.time.getTime();
  one.lifecycle[change] = Math.max(one.lifecycle[change] ?? 0, at);
  if (change !== 'RENAME' || !previous || nameKeyOf(previous) === nameKeyOf(dataset)) return;
  const old = saidOf(said, keyOfName(previous), previous);
  hear(old, facts, {});
  const now = { at, to: keyOfName(dataset) };
  if (!old.renamed || isLater(now, old.renamed)) old.renamed = now;
}
