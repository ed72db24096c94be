import { Injectable } from '@nestjs/common';
import { type EventFacts, type EventType, type Named } from '#core/openlineage';
import { preparedRows, type Tx, type Writes } from '#platform/database';

import { type AcceptedEvent } from './accepted-event.js';
import { runKey } from './event.store.js';
import { keyOfName } from './flows.js';
import { Recent } from './recent.js';

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

/** Runs as the events add them up. */
@Injectable()
export class RunStore {
  private readonly known = new Recent<RunRow>(20_000);

  /** Another process has written, or what was written was taken back. */
  forget(): void {
    this.known.clear();
  }

  /** Adds events up to runs; gives the runs as they were and as they are. */
  async add(tx: Tx, writes: Writes, events: readonly AcceptedEvent[]): Promise<Map<string, RunRow>> {
    const keys = [...new Set(events.flatMap(({ facts }) => (facts.run ? [runKey(facts.run.id)] : [])))];
    if (keys.length === 0) return new Map();
    const [runs, unknown] = this.known.ofAll(keys);
    const found =
      unknown.length === 0
        ? []
        : await preparedRows<RunRow>(
            tx,
            `
      SELECT key, run_id AS "runId", job_key AS "jobKey", job_at AS "jobAt", types, start_at AS "startAt",
             first_at AS "firstAt", last_at AS "lastAt", end_at AS "endAt", end_type AS "endType",
             nominal_start AS "nominalStart", nominal_end AS "nominalEnd", parent_run_id AS "parentRunId",
             parent_job_key AS "parentJobKey", error
        FROM open_lineage.run WHERE key = ANY($1::uuid[])
      `,
            [unknown],
          );
    for (const run of found) runs.set(run.key, run);
    for (const { facts } of events) {
      if (!facts.run || !facts.job) continue;
      const key = runKey(facts.run.id);
      runs.set(key, addUp(runs.get(key), key, facts, facts.run, facts.job));
    }
    const all = [...runs.values()];
    const written = preparedRows(
      tx,
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
    writes.add(written);
    for (const run of all) this.known.set(run.key, run);
    return runs;
  }
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
