import { setTimeout as sleep } from 'node:timers/promises';

import { type Connection, type QueryResult } from '#core/connector-kit';
import { type Limits } from '#sources';

import { isDown } from './error-words.js';
import { type Asked } from './measure-rule.js';
import { type SourceLanes } from './source-lanes.js';

/** A plan is made in no time; a source that takes longer is asked without one. */
const PLAN_DEADLINE_MS = 10_000;

const PAUSE_BEFORE_SECOND_TRY_MS = 1_000;

/**
 * One source during one run: a connection that is opened when first asked for. A source that is down is tried twice;
 * then every rule gets the same answer at once, instead of each waiting for it.
 */
export class SourceReach {
  private opening?: Promise<Asked>;
  private connection?: Connection;
  private down?: Error;

  constructor(
    private readonly sourceId: string,
    private readonly connect: (sourceId: string) => Promise<Connection>,
    private readonly lanes: SourceLanes,
    private readonly limitsOf: (sourceId: string) => Promise<Limits>,
    private readonly signal: AbortSignal,
    private readonly mostMs = Infinity,
  ) {}

  open(): Promise<Asked> {
    this.opening ??= this.firstOpen();
    return this.opening;
  }

  async close(): Promise<void> {
    await this.opening?.catch(() => undefined);
    await this.connection?.close();
  }

  private async firstOpen(): Promise<Asked> {
    const { statementsAtOnce, statementSeconds } = await this.limitsOf(this.sourceId);
    const deadlineMs = Math.min(statementSeconds * 1_000, this.mostMs);
    const connection = await this.connect(this.sourceId);
    this.connection = connection;
    return {
      dialect: connection.dialect,
      relation: (scope, name) => connection.relation(scope, name),
      ...(connection.explain && {
        explain: (sql: string, params: readonly string[]) =>
          this.lanes.through(this.sourceId, statementsAtOnce, this.signal, () =>
            connection.explain!(sql, params, { signal: this.signal, deadlineMs: PLAN_DEADLINE_MS }),
          ),
      }),
      ask: (sql, params, maxRows) =>
        this.lanes.through(this.sourceId, statementsAtOnce, this.signal, () =>
          this.ask(() => connection.query(sql, params, { signal: this.signal, deadlineMs, maxRows })),
        ),
    };
  }

  private async ask(query: () => Promise<QueryResult>): Promise<QueryResult> {
    this.throwIfDown();
    try {
      return await query();
    } catch (error) {
      if (!isDown(error)) throw error;
    }
    this.throwIfDown();
    await sleep(PAUSE_BEFORE_SECOND_TRY_MS, undefined, { signal: this.signal });
    try {
      return await query();
    } catch (error) {
      if (error instanceof Error && isDown(error)) this.down = error;
      throw error;
    }
  }

  private throwIfDown(): void {
    if (this.down !== undefined) throw this.down;
  }
}
