import { Injectable } from '@nestjs/common';
import { preparedRows, type Tx, type Writes } from '#platform/database';

import { Recent } from './recent.js';

/** What one run of a job, or one statement of a design, says: a flow with its time. */
export interface ObservationRow {
  readonly scriptId: string;
  readonly key: string;
  readonly at: Date;
  readonly until: Date;
  readonly complete: boolean;
  readonly flow: string;
}

const OBSERVATION = `observation.script_id AS "scriptId", observation.key, observation.at, observation.until, observation.complete, observation.flow`;
export const idOf = ({ scriptId, key }: { scriptId: string; key: string }) => `${scriptId} ${key}`;

/** The span of a script's timeline in which something may have changed. */
export interface Window {
  low: number;
  high: number;
}

/** What was observed, script by script. */
@Injectable()
export class ObservationStore {
  /** By key, all observations with it. */
  private readonly known = new Recent<readonly ObservationRow[]>(20_000);

  /** Another process has written, or what was written was taken back. */
  forget(): void {
    this.known.clear();
  }

  /** Those with some keys: of runs, or of statements of a design. */
  async of(tx: Tx, keys: readonly string[]): Promise<Map<string, ObservationRow>> {
    const [known, unknown] = this.known.ofAll([...new Set(keys)]);
    const found =
      unknown.length === 0
        ? []
        : await preparedRows<ObservationRow>(
            tx,
            `SELECT ${OBSERVATION} FROM open_lineage.observation WHERE key = ANY($1::uuid[])`,
            [unknown],
          );
    return new Map([...known.values(), found].flatMap((some) => some.map((one) => [idOf(one), one] as const)));
  }

  /** What was observed in the windows and just before and after: from the last complete observation to the next. */
  async around(tx: Tx, windows: ReadonlyMap<string, Window>): Promise<Map<string, readonly ObservationRow[]>> {
    if (windows.size === 0) return new Map();
    const all = [...windows];
    const found = await preparedRows<ObservationRow>(
      tx,
      `
      WITH span AS (
        SELECT asked.script_id,
               coalesce((SELECT max(before.at) FROM open_lineage.observation AS before
                          WHERE before.script_id = asked.script_id AND before.complete AND before.at < asked.low),
                        '-infinity') AS low,
               coalesce((SELECT min(later.at) FROM open_lineage.observation AS later
                          WHERE later.script_id = asked.script_id AND later.complete AND later.at > asked.high),
                        'infinity') AS high
          FROM unnest($1::uuid[], $2::timestamptz[], $3::timestamptz[]) AS asked (script_id, low, high)
      )
      SELECT ${OBSERVATION}
        FROM span
        JOIN open_lineage.observation
          ON observation.script_id = span.script_id AND observation.at BETWEEN span.low AND span.high
      `,
      [all.map(([id]) => id), all.map(([, { low }]) => timeOf(low)), all.map(([, { high }]) => timeOf(high))],
    );
    return Map.groupBy(found, ({ scriptId }) => scriptId);
  }

  /** Writes those that are not as they were. */
  keep(
    tx: Tx,
    writes: Writes,
    old: ReadonlyMap<string, ObservationRow>,
    now: ReadonlyMap<string, ObservationRow>,
  ): void {
    const everything = new Map([...old, ...now]);
    for (const [key, some] of Map.groupBy(everything.values(), (one) => one.key)) this.known.set(key, some);
    const all = [...now.values()].filter((one) => !sameObservation(old.get(idOf(one)), one));
    if (all.length === 0) return;
    writes.add(
      preparedRows(
        tx,
        `
      INSERT INTO open_lineage.observation (script_id, key, at, until, complete, flow)
      SELECT * FROM unnest($1::uuid[], $2::uuid[], $3::timestamptz[], $4::timestamptz[], $5::boolean[], $6::uuid[])
      ON CONFLICT (script_id, key) DO UPDATE
        SET at = excluded.at, until = excluded.until, complete = excluded.complete, flow = excluded.flow
      `,
        [
          all.map(({ scriptId }) => scriptId),
          all.map(({ key }) => key),
          all.map(({ at }) => at),
          all.map(({ until }) => until),
          all.map(({ complete }) => complete),
          all.map(({ flow }) => flow),
        ],
      ),
    );
  }
}

const timeOf = (ms: number): Date | string => (Number.isFinite(ms) ? new Date(ms) : ms > 0 ? 'infinity' : '-infinity');
const sameObservation = (a: ObservationRow | undefined, b: ObservationRow): boolean =>
  a !== undefined &&
  a.at.getTime() === b.at.getTime() &&
  a.until.getTime() === b.until.getTime() &&
  a.complete === b.complete &&
  a.flow === b.flow;

/** Of two at once, the one with the greater key counts, in whatever order they came. */
export const inOrder = (observations: readonly ObservationRow[]): ObservationRow[] =>
  [...observations].sort((a, b) => a.at.getTime() - b.at.getTime() || (a.key < b.key ? -1 : 1));
