import { type Cell, type Connection, quoteIdentifier } from '#core/connector-kit';

import { RowsWithoutKey } from './master-data.errors.js';

/** What is read of a dataset, and by which fields its rows are told apart. */
export interface ReadingPlan {
  readonly scope: string;
  readonly name: string;
  readonly datasetName: string;
  /** A primary key, or a unique one without empty values; empty when there is none. */
  readonly keyFields: readonly string[];
  /** The field with the match key. */
  readonly identifierField: string;
  readonly fields: readonly { readonly attributeId: string; readonly fieldId: string; readonly name: string }[];
  readonly changedField: string | null;
}

export interface ReadRow {
  /** The values of the key fields; null for a row that has no key, and is known by its content only. */
  readonly key: readonly Cell[] | null;
  /** One for each field of the plan, as text. */
  readonly values: readonly (string | null)[];
  /** When the source says the row was changed, in milliseconds. */
  readonly changedAt: number | null;
}

/** Rows read at once. */
const PORTION = 4_000;
/** Most rows with one identifier (or none) in a dataset without a key; only these are held together. */
const MOST_ALIKE = 32_000;
const DEADLINE_MS = 120_000;

/**
 * Reads a dataset portion by portion, each portion with a statement of its own that goes on where the one before ended:
 * by the key, or without one by the identifier.
 */
export async function* readRows(
  connection: Connection,
  plan: ReadingPlan,
  signal: AbortSignal,
): AsyncIterable<ReadRow[]> {
  const reading = new Reading(connection, plan, signal);
  if (plan.keyFields.length > 0) yield* reading.byKey();
  else yield* reading.byIdentifier();
}

class Reading {
  private readonly keyColumns: readonly string[];
  private readonly identifier: string;
  private readonly select: string;

  constructor(
    private readonly connection: Connection,
    private readonly plan: ReadingPlan,
    private readonly signal: AbortSignal,
  ) {
    const quote = (name: string) => quoteIdentifier(connection.dialect, name);
    const text = (name: string) => `CAST(${quote(name)} AS text)`;
    this.identifier = quote(plan.identifierField);
    this.keyColumns = (plan.keyFields.length > 0 ? plan.keyFields : [plan.identifierField]).map(quote);
    const columns = [
      ...this.keyColumns,
      plan.changedField === null ? 'NULL' : text(plan.changedField),
      ...plan.fields.map(({ name }) => text(name)),
    ];
    const from = connection.relation(plan.scope, plan.name);
    this.select = `SELECT ${columns.map((column, at) => `${column} AS c${at}`).join(', ')} FROM ${from}`;
  }

  async *byKey(): AsyncIterable<ReadRow[]> {
    const order = this.keyColumns.join(', ');
    for (let after: readonly Cell[] = []; ;) {
      const beyond = `WHERE (${order}) > (${after.map((_, at) => `$${at + 1}`).join(', ')})`;
      const rows = await this.rows(`${after.length > 0 ? beyond : ''} ORDER BY ${order}`, after, PORTION);
      if (rows.length > 0) yield rows.map((row) => this.toRow(row, true));
      if (rows.length < PORTION) return;
      after = (rows.at(-1) ?? []).slice(0, this.keyColumns.length);
    }
  }

  /** All rows of one identifier come in one portion, so that the next can begin behind it. */
  async *byIdentifier(): AsyncIterable<ReadRow[]> {
    let size = PORTION;
    for (let after: Cell = null; ;) {
      const where = `WHERE ${this.identifier} IS NOT NULL ${after === null ? '' : `AND ${this.identifier} > $1`}`;
      const rows = await this.rows(`${where} ORDER BY ${this.identifier}`, after === null ? [] : [after], size);
      const whole = rows.length < size;
      const last: Cell = rows.at(-1)?.[0] ?? null;
      const complete = whole ? rows : rows.filter(([identifier]) => identifier !== last);
      if (complete.length > 0) yield complete.map((row) => this.toRow(row, false));
      if (whole) break;
      if (complete.length > 0) {
        after = complete.at(-1)?.[0] ?? null;
        size = PORTION;
      } else if (size >= MOST_ALIKE) throw new RowsWithoutKey(this.plan.datasetName, MOST_ALIKE);
      else size *= 2;
    }
    const nameless = await this.rows(`WHERE ${this.identifier} IS NULL`, [], MOST_ALIKE + 1);
    if (nameless.length > MOST_ALIKE) throw new RowsWithoutKey(this.plan.datasetName, MOST_ALIKE);
    if (nameless.length > 0) yield nameless.map((row) => this.toRow(row, false));
  }

  private async rows(rest: string, params: readonly Cell[], limit: number): Promise<readonly (readonly Cell[])[]> {
    const call = { signal: this.signal, deadlineMs: DEADLINE_MS, maxRows: limit };
    return (await this.connection.query(`${this.select} ${rest} LIMIT ${limit}`, params, call)).rows;
  }

  private toRow(row: readonly Cell[], hasKey: boolean): ReadRow {
    const [changed = null, ...values] = row.slice(this.keyColumns.length);
    return {
      key: hasKey ? row.slice(0, this.keyColumns.length) : null,
      values: values.map((value) => (value === null ? null : String(value))),
      changedAt: changed === null ? null : millisecondsOf(String(changed)),
    };
  }
}

/** A date or time as a database writes it; without a zone it is UTC. null when it is none. */
export function millisecondsOf(text: string): number | null {
  const [day = '', time] = text.trim().split(/[ T]/);
  const zoned = time?.replace(/([+-]\d\d)$/, '$1:00');
  const iso = zoned === undefined ? day : `${day}T${zoned}${/(?:Z|[+-]\d\d:\d\d)$/.test(zoned) ? '' : 'Z'}`;
  const at = Date.parse(iso);
  return Number.isNaN(at) ? null : at;
}
