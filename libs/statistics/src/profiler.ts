import { type Connection, type QueryResult, type TypeFamily } from '#core/connector-kit';
import { type ColumnProfile, planProfile, type ProfilePlan, type ProfileStatement } from '#core/rule-engine';
import { type DatasetRow, type FieldRow } from '#dictionary';
import { AppError } from '#kernel';

import { sampledRelation } from './sampled-relation.js';

/** What reading for statistics may cost a source. */
export interface StatisticsLimits {
  /** Of a larger dataset only a sample of so many rows is read. */
  readonly rowLimit: number;
  /** Of one run. */
  readonly seconds: number;
  /** Rows that the statements of one run read together. */
  readonly readRows: number;
}

export const DEFAULT_LIMITS: StatisticsLimits = { rowLimit: 1_000_000, seconds: 600, readRows: 200_000_000 };

export const BUDGET_SPENT = 'BUDGET_SPENT';
/** An answer of the source could not be understood. */
const NOT_UNDERSTOOD = 'NOT_UNDERSTOOD';

/** What was read of a dataset, or the code of what stood in the way. */
export type Profiled =
  | {
      /** All rows, or the guess; null: not known. */
      readonly rowCount: number | null;
      /** Rows that were read, when that may not be all. */
      readonly sampledRows: number | null;
      readonly columns: readonly ColumnProfile[];
    }
  | { readonly problem: string };

const STATEMENT_DEADLINE_MS = 5 * 60_000;
const TOP = 10;
/** PostgreSQL gives no more than 1,664 columns back, and each field takes up to seven. */
const COLUMNS_AT_ONCE = 200;
/** Longer texts are no codes; to count them costs much and tells nothing. */
const LONGEST_CODE = 200;

/** Types that every engine can compare; of the others only what is there is counted. */
const PLAIN: readonly TypeFamily[] = [
  ...(['text', 'integer', 'decimal', 'float', 'boolean', 'date', 'time', 'timestamp', 'timestamptz', 'uuid'] as const),
];

const DOWN: readonly string[] = [
  'SOURCE_UNREACHABLE',
  'SOURCE_LOGIN_REFUSED',
  'SOURCE_DATABASE_UNKNOWN',
  'SECRET_LOST',
];

/**
 * Takes the statistics of a source's datasets one after the other, within a budget. A source's own words can quote a
 * value, so only the codes of problems leave this place.
 */
export class Profiler {
  private connection: Connection | undefined;
  private down: string | undefined;
  private readRows = 0;
  private readonly until: number;

  constructor(
    private readonly connect: () => Promise<Connection>,
    private readonly limits: StatisticsLimits,
    private readonly signal: AbortSignal,
    private readonly now: () => number = () => performance.now(),
  ) {
    this.until = now() + limits.seconds * 1_000;
  }

  /** @param mayAsk whether values of a field may be asked for at all. */
  async of(dataset: DatasetRow, fields: readonly FieldRow[], mayAsk: (field: string) => boolean): Promise<Profiled> {
    if (this.down !== undefined) return { problem: this.down };
    if (this.isSpent) return { problem: BUDGET_SPENT };
    try {
      this.connection ??= await this.connect();
      return await this.read(this.connection, dataset, fields, mayAsk);
    } catch (error) {
      this.signal.throwIfAborted();
      // Faults of our own would quote the row they stumbled over.
      const code = error instanceof AppError ? error.code : NOT_UNDERSTOOD;
      if (DOWN.includes(code)) this.down = code;
      return { problem: code === 'SOURCE_TIMED_OUT' && this.isSpent ? BUDGET_SPENT : code };
    }
  }

  async close(): Promise<void> {
    await this.connection?.close();
  }

  private get isSpent(): boolean {
    return this.now() >= this.until || this.readRows >= this.limits.readRows;
  }

  private async read(
    connection: Connection,
    dataset: DatasetRow,
    fields: readonly FieldRow[],
    mayAsk: (field: string) => boolean,
  ): Promise<Profiled> {
    const { rowLimit } = this.limits;
    const { relation, guessed } = sampledRelation(
      connection.dialect,
      connection.relation(dataset.scope, dataset.name),
      dataset,
      rowLimit,
    );
    const columns: ColumnProfile[] = [];
    for (let at = 0; at < fields.length; at += COLUMNS_AT_ONCE) {
      const some = fields.slice(at, at + COLUMNS_AT_ONCE).map(({ name, typeFamily, nativeType }) => ({
        ...{ name, nativeType },
        typeFamily: PLAIN.includes(typeFamily) ? typeFamily : ('json' as const),
      }));
      const target = { relation, name: dataset.name, columns: some };
      const plan = planProfile(target, { dialect: connection.dialect, values: mayAsk, top: () => TOP });
      const answers: (QueryResult | undefined)[] = [];
      const [first, ...more] = plan.statements;
      answers.push(await this.ask(connection, first!));
      const figures = new Map(plan.read(answers).map((column) => [column.column, column]));
      const rows = Number([...figures.values()][0]?.rows ?? 0);
      this.readRows += rows;
      for (const statement of more) {
        const worth = !this.isSpent && isWorth(statement, figures.get(statement.column ?? ''));
        answers.push(worth ? await this.ask(connection, statement) : undefined);
        if (worth) this.readRows += rows;
      }
      columns.push(...readable(plan, answers));
    }
    const read = Number(columns[0]?.rows ?? 0);
    if (guessed === undefined && read < rowLimit) return { rowCount: read, sampledRows: null, columns };
    return { rowCount: guessed ?? null, sampledRows: read, columns };
  }

  private async ask(connection: Connection, statement: ProfileStatement): Promise<QueryResult> {
    const { sql, params, maxRows } = statement;
    const left = Math.max(1, Math.ceil(this.until - this.now()));
    const call = { signal: this.signal, deadlineMs: Math.min(STATEMENT_DEADLINE_MS, left), maxRows };
    return connection.query(sql, params, call);
  }
}

/** Without quantiles where one of a column is no number (NaN, infinity). */
function readable(plan: ProfilePlan, answers: readonly (QueryResult | undefined)[]): ColumnProfile[] {
  try {
    return plan.read(answers);
  } catch {
    return plan.read(answers.map((answer, at) => (plan.statements[at]?.asks === 'quantiles' ? undefined : answer)));
  }
}

/** Most frequent values tell something where values come again, and are no long texts. */
function isWorth({ asks }: ProfileStatement, figures: ColumnProfile | undefined): boolean {
  if (figures === undefined) return false;
  const present = Number(figures.rows) - Number(figures.nulls);
  if (asks !== 'top') return present > 0;
  return present > 0 && Number(figures.distinct ?? 0) * 2 <= present && Number(figures.longest ?? 0) <= LONGEST_CODE;
}
