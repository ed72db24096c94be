import { type Connection } from '#core/connector-kit';
import { type Evidence, matchValues } from '#core/sensitive-data';
import { type DatasetRow } from '#dictionary';
import { AppError } from '#kernel';

/** What the values of a dataset's fields look like, by the field's name; or why that is not known, as a code. */
export type Sampled =
  { readonly rows: number; readonly evidence: ReadonlyMap<string, Evidence> } | { readonly problem: string };

export const SAMPLING_OFF = 'SAMPLING_OFF';
export const BUDGET_SPENT = 'BUDGET_SPENT';

/** Problems that pass by themselves: the dataset is looked at again the next time. */
export const PASSING_PROBLEMS: readonly string[] = [BUDGET_SPENT, 'SOURCE_UNREACHABLE', 'SOURCE_TIMED_OUT'];

/** What makes every further try pointless. */
const DOWN: readonly string[] = [
  'SOURCE_UNREACHABLE',
  'SOURCE_LOGIN_REFUSED',
  'SOURCE_DATABASE_UNKNOWN',
  'SECRET_LOST',
];

/** No value says more than its beginning, and none shall fill the worker's memory. */
const MOST_CHARACTERS = 200;
const DEADLINE_MS = 15_000;

export interface SampleLimits {
  /** 0: no values are read at all. */
  readonly rows: number;
  /** Of all samples together. */
  readonly budgetMs: number;
  readonly signal: AbortSignal;
}

/**
 * Reads samples of a source's datasets and keeps nothing of them but counts. What a source says when something fails can
 * quote a value ("invalid input syntax: …"), so only the code of a problem leaves this place.
 */
export class Samples {
  private connection: Connection | undefined;
  private down: string | undefined;
  private readonly until: number;

  constructor(
    private readonly connect: () => Promise<Connection>,
    private readonly limits: SampleLimits,
    private readonly now: () => number = () => performance.now(),
  ) {
    this.until = now() + limits.budgetMs;
  }

  async of({ scope, name }: DatasetRow, fields: readonly string[]): Promise<Sampled> {
    const { rows: maxRows, signal } = this.limits;
    if (maxRows === 0) return { problem: SAMPLING_OFF };
    if (this.down !== undefined) return { problem: this.down };
    const left = this.until - this.now();
    if (left <= 0) return { problem: BUDGET_SPENT };
    try {
      this.connection ??= await this.connect();
      const { columns, rows } = await this.connection.sample(
        { scope, name },
        { signal, deadlineMs: Math.min(DEADLINE_MS, Math.ceil(left)), maxRows, maxCharacters: MOST_CHARACTERS, fields },
      );
      const evidence = columns.map((column, at) => [column.name, matchValues(rows.map((cells) => cells[at]))] as const);
      return { rows: rows.length, evidence: new Map(evidence) };
    } catch (error) {
      signal.throwIfAborted();
      if (!(error instanceof AppError)) throw new Error('A sample could not be read.');
      if (DOWN.includes(error.code)) this.down = error.code;
      return { problem: error.code };
    }
  }

  async close(): Promise<void> {
    await this.connection?.close();
  }
}
