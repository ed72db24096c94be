import { Injectable } from '@nestjs/common';
import { type DatasetFacts, type EventFacts, type EventType, type Named, nameKeyOf } from '#core/openlineage';
import { ObservedLineage } from '#lineage';
import { rows, type Tx } from '#platform/database';

import { type AcceptedEvent } from './accepted-event.js';
import { runKey } from './event.store.js';
import { FacetMerge, type FacetState } from './facet-state.js';
import { keyOfName } from './flows.js';
import { type NamesInBatch } from './names.store.js';

/** A job or a dataset in a batch: where its lineage is kept. */
export interface Owner {
  readonly key: string;
  readonly observedScript: string | null;
  readonly declaredScript: string | null;
}

export interface RunRow {
  readonly key: string;
  readonly runId: string;
  readonly jobKey: string;
  readonly jobAt: Date;
  readonly types: readonly string[];
  readonly startAt: Date | null;
  readonly firstAt: Date;
  readonly lastAt: Date;
  readonly endAt: Date | null;
  readonly endType: 'COMPLETE' | 'ABORT' | 'FAIL' | null;
  readonly nominalStart: Date | null;
  readonly nominalEnd: Date | null;
  readonly parentRunId: string | null;
  readonly parentJobKey: string | null;
  readonly error: string | null;
}

interface SubjectRow extends Owner {
  readonly state: FacetState;
  readonly firstAt: Date;
  readonly lastAt: Date;
}

interface DatasetRow extends SubjectRow {
  readonly isNamed: boolean;
  readonly lifecycle: Readonly<Record<string, number>>;
  readonly renamedTo: string | null;
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
  renamedTo: string | null;
}

/** Jobs, runs and datasets as the events add them up. */
@Injectable()
export class SubjectStore {
  constructor(private readonly lineage: ObservedLineage) {}

  async jobs(tx: Tx, events: readonly AcceptedEvent[], at: Date): Promise<Map<string, Owner>> {
    const said = new Map<string, Said>();
    for (const { facts } of events) {
      if (!facts.job) continue;
      const one = saidOf(said, keyOfName(facts.job), facts.job);
      hear(one, facts, facts.job.facets);
      one.observed ||= facts.kind === 'run';
      one.declared ||= facts.kind === 'job';
    }
    if (said.size === 0) return new Map();
    const found = await rows<SubjectRow>(
      tx,
      `
      SELECT key, facet_state AS state, first_at AS "firstAt", last_at AS "lastAt", observed_script AS "observedScript",
             declared_script AS "declaredScript"
        FROM open_lineage.job WHERE key = ANY($1::uuid[])
      `,
      [[...said.keys()]],
    );
    const known = new Map(found.map((row) => [row.key, row]));
    const scripts = await this.scripts(tx, said, known, at);
    await this.keep(tx, 'job', said, known, scripts);
    return scripts;
  }

  async datasets(tx: Tx, events: readonly AcceptedEvent[], names: NamesInBatch, at: Date): Promise<Map<string, Owner>> {
    const said = new Map<string, Said>();
    for (const { facts } of events)
      for (const dataset of facts.datasets) {
        const one = saidOf(said, keyOfName(dataset), dataset);
        hear(one, facts, dataset.facets);
        one.isNamed = true;
        one.declared ||= facts.kind === 'dataset' && hasLineage(facts);
        noteLifecycle(said, one, dataset, facts);
      }
    if (said.size === 0) return new Map();
    const found = await rows<DatasetRow>(
      tx,
      `
      SELECT key, facet_state AS state, first_at AS "firstAt", last_at AS "lastAt", NULL AS "observedScript",
             declared_script AS "declaredScript", is_named AS "isNamed", lifecycle, renamed_to AS "renamedTo"
        FROM open_lineage.dataset WHERE key = ANY($1::uuid[])
      `,
      [[...said.keys()]],
    );
    const known = new Map(found.map((row) => [row.key, row]));
    for (const [key, one] of said) {
      const row = known.get(key);
      one.isNamed ||= row?.isNamed ?? false;
      one.renamedTo ??= row?.renamedTo ?? null;
      for (const [change, time] of Object.entries(row?.lifecycle ?? {}))
        one.lifecycle[change] = Math.max(one.lifecycle[change] ?? 0, time);
    }
    const scripts = await this.scripts(tx, said, known, at);
    await this.keep(tx, 'dataset', said, known, scripts, names);
    return scripts;
  }

  /** Adds events up to runs; gives the runs as they were and as they are. */
  async runs(tx: Tx, events: readonly AcceptedEvent[]): Promise<Map<string, RunRow>> {
    const keys = [...new Set(events.flatMap(({ facts }) => (facts.run ? [runKey(facts.run.id)] : [])))];
    if (keys.length === 0) return new Map();
    const found = await rows<RunRow>(
      tx,
      `
      SELECT key, run_id AS "runId", job_key AS "jobKey", job_at AS "jobAt", types, start_at AS "startAt",
             first_at AS "firstAt", last_at AS "lastAt", end_at AS "endAt", end_type AS "endType",
             nominal_start AS "nominalStart", nominal_end AS "nominalEnd", parent_run_id AS "parentRunId",
             parent_job_key AS "parentJobKey", error
        FROM open_lineage.run WHERE key = ANY($1::uuid[])
      `,
      [keys],
    );
    const runs = new Map(found.map((run) => [run.key, run]));
    for (const { facts } of events) {
      if (!facts.run || !facts.job) continue;
      const key = runKey(facts.run.id);
      runs.set(key, addUp(runs.get(key), key, facts, facts.run, facts.job));
    }
    const all = [...runs.values()];
    await tx.query(
      `
      INSERT INTO open_lineage.run (key, run_id, job_key, job_at, types, start_at, first_at, last_at, end_at, end_type,
                                    nominal_start, nominal_end, parent_run_id, parent_job_key, error)
      SELECT key, run_id, job_key, job_at, ARRAY (SELECT jsonb_array_elements_text(types)), start_at, first_at, last_at,
             end_at, end_type, nominal_start, nominal_end, parent_run_id, parent_job_key, error
        FROM unnest($1::uuid[], $2::text[], $3::uuid[], $4::timestamptz[], $5::jsonb[], $6::timestamptz[],
                    $7::timestamptz[], $8::timestamptz[], $9::timestamptz[], $10::text[], $11::timestamptz[],
                    $12::timestamptz[], $13::text[], $14::uuid[], $15::text[])
          AS new (key, run_id, job_key, job_at, types, start_at, first_at, last_at, end_at, end_type, nominal_start,
                  nominal_end, parent_run_id, parent_job_key, error)
      ON CONFLICT (key) DO UPDATE
        SET job_key = excluded.job_key, job_at = excluded.job_at, types = excluded.types, start_at = excluded.start_at,
            first_at = excluded.first_at, last_at = excluded.last_at, end_at = excluded.end_at,
            end_type = excluded.end_type, nominal_start = excluded.nominal_start, nominal_end = excluded.nominal_end,
            parent_run_id = excluded.parent_run_id, parent_job_key = excluded.parent_job_key, error = excluded.error
      `,
      [
        all.map((run) => run.key),
        all.map((run) => run.runId),
        all.map((run) => run.jobKey),
        all.map((run) => run.jobAt),
        all.map((run) => JSON.stringify(run.types)),
        all.map((run) => run.startAt),
        all.map((run) => run.firstAt),
        all.map((run) => run.lastAt),
        all.map((run) => run.endAt),
        all.map((run) => run.endType),
        all.map((run) => run.nominalStart),
        all.map((run) => run.nominalEnd),
        all.map((run) => run.parentRunId),
        all.map((run) => run.parentJobKey),
        all.map((run) => run.error),
      ],
    );
    return runs;
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

  private async keep(
    tx: Tx,
    table: 'job' | 'dataset',
    said: ReadonlyMap<string, Said>,
    known: ReadonlyMap<string, SubjectRow>,
    scripts: ReadonlyMap<string, Owner>,
    names?: NamesInBatch,
  ): Promise<void> {
    const all = [...said].map(([key, one]) => {
      const merge = new FacetMerge(known.get(key)?.state ?? {});
      for (const { facets, at } of one.facets) merge.add(facets, at);
      const row = known.get(key);
      return {
        ...{ key, one, merge, script: scripts.get(key) },
        first: new Date(Math.min(one.first, row?.firstAt.getTime() ?? Infinity)),
        last: new Date(Math.max(one.last, row?.lastAt.getTime() ?? 0)),
      };
    });
    const own =
      table === 'job'
        ? {
            columns: 'observed_script',
            values: (n: number) => `$${n}::uuid[]`,
            params: [all.map(({ script }) => script?.observedScript ?? null)],
          }
        : {
            columns: 'name_key, is_named, lifecycle, renamed_to',
            values: (n: number) => `$${n}::uuid[], $${n + 1}::boolean[], $${n + 2}::jsonb[], $${n + 3}::uuid[]`,
            params: [
              all.map(({ one }) => names?.keyOf(one.named) ?? null),
              all.map(({ one }) => one.isNamed),
              all.map(({ one }) => JSON.stringify(one.lifecycle)),
              all.map(({ one }) => one.renamedTo),
            ],
          };
    const columns = own.columns.split(', ');
    await tx.query(
      `
      INSERT INTO open_lineage.${table} AS kept (key, namespace, name, facets, facet_state, first_at, last_at,
                                                 declared_script, ${own.columns})
      SELECT key, namespace, name, coalesce(changed, '{}'), state, first_at, last_at, declared_script, ${own.columns}
        FROM unnest($1::uuid[], $2::text[], $3::text[], $4::jsonb[], $5::jsonb[], $6::timestamptz[], $7::timestamptz[],
                    $8::uuid[], ${own.values(9)})
          AS new (key, namespace, name, changed, state, first_at, last_at, declared_script, ${own.columns})
       WHERE NOT EXISTS (SELECT FROM open_lineage.${table} AS old WHERE old.key = new.key)
      `,
      [
        all.map(({ key }) => key),
        all.map(({ one }) => one.named.namespace),
        all.map(({ one }) => one.named.name),
        all.map(({ merge }) => JSON.stringify(merge.changed)),
        all.map(({ merge }) => JSON.stringify(merge.stateNow())),
        all.map(({ first }) => first),
        all.map(({ last }) => last),
        all.map(({ script }) => script?.declaredScript ?? null),
        ...own.params,
      ],
    );
    const old = all.filter(({ key }) => known.has(key));
    if (old.length === 0) return;
    const place = new Map(all.map(({ key }, index) => [key, index]));
    const sameRows = own.params.map((param) => old.map(({ key }) => (param as unknown[])[place.get(key) ?? 0]));
    // Facets that are as before are not written again: most events only bring the time of what is known.
    await tx.query(
      `
      UPDATE open_lineage.${table} AS kept
         SET facets = CASE WHEN new.changed IS NULL THEN kept.facets ELSE (kept.facets || new.changed) - new.deleted END,
             facet_state = new.state, first_at = new.first_at, last_at = new.last_at,
             declared_script = new.declared_script, ${columns.map((name) => `${name} = new.${name}`).join(', ')}
        FROM (SELECT key, changed, ARRAY (SELECT jsonb_array_elements_text(deleted)) AS deleted, state, first_at, last_at,
                     declared_script, ${own.columns}
                FROM unnest($1::uuid[], $2::jsonb[], $3::jsonb[], $4::jsonb[], $5::timestamptz[], $6::timestamptz[],
                            $7::uuid[], ${own.values(8)})
                  AS given (key, changed, deleted, state, first_at, last_at, declared_script, ${own.columns})) AS new
       WHERE kept.key = new.key
      `,
      [
        old.map(({ key }) => key),
        old.map(({ merge: { changed, deleted } }) =>
          deleted.size === 0 && Object.keys(changed).length === 0 ? null : JSON.stringify(changed),
        ),
        old.map(({ merge }) => JSON.stringify([...merge.deleted])),
        old.map(({ merge }) => JSON.stringify(merge.stateNow())),
        old.map(({ first }) => first),
        old.map(({ last }) => last),
        old.map(({ script }) => script?.declaredScript ?? null),
        ...sameRows,
      ],
    );
  }
}

export const hasLineage = ({ flow }: EventFacts): boolean => flow.links.length + flow.columnLinks.length > 0;

function saidOf(said: Map<string, Said>, key: string, { namespace, name }: Named): Said {
  const known = said.get(key);
  if (known) return known;
  const one: Said = {
    ...{ named: { namespace, name }, facets: [], first: Infinity, last: 0, observed: false, declared: false },
    ...{ lifecycle: {}, isNamed: false, renamedTo: null },
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
  if ((old.lifecycle['RENAMED'] ?? 0) > at) return;
  old.lifecycle['RENAMED'] = at;
  old.renamedTo = keyOfName(dataset);
}

const TERMINAL: readonly EventType[] = ['COMPLETE', 'ABORT', 'FAIL'];
const earlier = (a: Date | null, b: Date | null): Date | null => (a === null || (b !== null && b < a) ? b : a);

/** A run with one more event; the order of events does not matter. */
function addUp(
  known: RunRow | undefined,
  key: string,
  { type, time }: EventFacts,
  said: NonNullable<EventFacts['run']>,
  job: Named,
): RunRow {
  const jobKey = keyOfName(job);
  const run: RunRow = known ?? {
    ...{ key, runId: said.id, jobKey, jobAt: time, types: [], startAt: null, firstAt: time, lastAt: time },
    ...{
      endAt: null,
      endType: null,
      nominalStart: null,
      nominalEnd: null,
      parentRunId: null,
      parentJobKey: null,
      error: null,
    },
  };
  const isFirst = time < run.jobAt || (time.getTime() === run.jobAt.getTime() && jobKey < run.jobKey);
  const end = TERMINAL.find((one) => one === type) as RunRow['endType'] | undefined;
  const endsLater =
    end !== undefined &&
    end !== null &&
    (run.endAt === null || time > run.endAt || (time.getTime() === run.endAt.getTime() && end > (run.endType ?? '')));
  return {
    ...run,
    ...(isFirst && { jobKey, jobAt: time }),
    types: type === null || run.types.includes(type) ? run.types : [...run.types, type].sort(),
    startAt: type === 'START' ? earlier(run.startAt, time) : run.startAt,
    firstAt: time < run.firstAt ? time : run.firstAt,
    lastAt: time > run.lastAt ? time : run.lastAt,
    ...(endsLater && { endAt: time, endType: end }),
    nominalStart: run.nominalStart ?? said.nominalStart ?? null,
    nominalEnd: run.nominalEnd ?? said.nominalEnd ?? null,
    parentRunId: run.parentRunId ?? said.parent?.runId ?? null,
    parentJobKey: run.parentJobKey ?? (said.parent ? keyOfName(said.parent.job) : null),
    error: run.error ?? said.error ?? null,
  };
}
