import {
  type Call,
  remainderOf,
  type SnapshotPart,
  type SourceAddress,
  SourceCallCancelled,
  SourceDatabaseUnknown,
  SourceLoginRefused,
  SourceQueryFailed,
  SourceTimedOut,
  SourceUnreachable,
} from '#core/connector-kit';
import { AppError } from '#kernel';
import { type ClientBase } from 'pg';

import {
  type CatalogQuestion,
  DOMAINS,
  nextObject,
  PLAIN_PLANS,
  type Position,
  RANKS,
  VIEWS_AT_ONCE,
} from './catalog-queries.js';
import { type CatalogRow, catalogRows } from './catalog-rows.js';
import { type PgSessions } from './pg-sessions.js';
import { type DomainRow, type Domains, toDataset, toRoutine } from './to-harvested.js';

// Enough to know what to ask the administrator for; a schema can have ten thousand tables.
const NAMES_IN_A_REASON = 20;

// Objects of a schema that cannot be read, each of which may have cost the time to wait for a lock, before the rest is let go.
const PATIENCE_A_SCHEMA = 10;

// A transaction holds locks on what views read, and keeps old rows from being cleared away: one that lasts longer, because whoever takes
// the snapshot is slow, ends, and the next goes on behind it.
const SLICE_MS = 60_000;

/** Where and how a snapshot is read. */
export interface SnapshotPlan {
  readonly sessions: PgSessions;
  readonly address: SourceAddress;
  readonly database: string;
  readonly user: string;
  /** In their order: names of PostgreSQL are compared by their bytes. */
  readonly schemas: readonly string[];
  readonly partitions: boolean;
}

/**
 * Reads schemas with one statement, or a few when there are very many views or whoever takes the snapshot is slow. When one breaks off,
 * another goes on behind the last object that came; an object that stops it a second time is left out, with the reason, and the rest of
 * its schema is kept.
 */
export class SnapshotReader {
  private left: string[];
  private domains: Domains = new Map();
  private scope?: OpenScope;
  private at?: Position;
  /** Where the statement broke off the last time. */
  private brokeAt?: Position | 'start';

  constructor(private readonly plan: SnapshotPlan) {
    this.left = [...plan.schemas];
  }

  async *parts(call: Call): AsyncGenerator<SnapshotPart, void, undefined> {
    const rest = remainderOf(call);
    while (this.left.length > 0) {
      let views = 0;
      try {
        const { sessions } = this.plan;
        for await (const rows of sessions.stream(slice(rest()), (client, version) => this.rows(client, version)))
          for (const row of rows) {
            if (row[0] === RANKS.dataset && 'vm'.includes(row[4])) views += 1;
            yield* this.take(row);
          }
        if (views >= VIEWS_AT_ONCE) continue;
        yield* this.closeScope();
        // Schemas that were listed and are gone now have no row: they are listed next time, or not.
        this.left = [];
      } catch (error) {
        if (!(error instanceof AppError) || call.signal.aborted) throw error;
        yield* this.afterFailure(error, rest);
      }
    }
  }

  private async *rows(client: ClientBase, version: number): AsyncGenerator<CatalogRow[], void, undefined> {
    await client.query(PLAIN_PLANS);
    const { rows } = await client.query<DomainRow>(DOMAINS);
    this.domains = new Map(rows.map((row) => [Number(row.domain), row]));
    yield* catalogRows(client, this.question(version));
  }

  private *take(row: CatalogRow): Iterable<SnapshotPart> {
    const [rank, scope, name, id] = row;
    const open = yield* this.openScope(scope);
    this.at = { rank, scope, name, id };
    switch (row[0]) {
      case RANKS.schema:
        return;
      case RANKS.dataset:
        if (row[8] === false) open.unreadable.push(name);
        yield { part: 'dataset', scope, dataset: toDataset(row, this.plan.database, this.domains) };
        return;
      case RANKS.routine:
        yield { part: 'routine', scope, routine: toRoutine(row, this.plan.database) };
        return;
      default:
        row satisfies never;
    }
  }

  /** The scope with this name, after the one before was closed. */
  private *openScope(name: string): Generator<SnapshotPart, OpenScope, undefined> {
    if (this.scope?.name === name) return this.scope;
    yield* this.closeScope();
    this.scope = new OpenScope(name, this.plan.user);
    return this.scope;
  }

  private *closeScope(problem?: string): Iterable<SnapshotPart> {
    const { scope } = this;
    if (scope === undefined) return;
    this.scope = undefined;
    this.left = this.left.filter((name) => name !== scope.name);
    yield scope.closed(problem);
  }

  /** Goes on behind the last object, then behind the next one, and gives up where there is no hope. */
  private async *afterFailure(error: AppError, rest: () => Call): AsyncGenerator<SnapshotPart, void, undefined> {
    const place = this.at ?? 'start';
    const again = this.brokeAt === place;
    this.brokeAt = place;
    if (rest().deadlineMs === 0 || error instanceof SourceCallCancelled || (again && hopeless(error)))
      return yield* this.giveUp(error);
    if (!again) return;
    const next = await this.nextObject(rest()).catch((reason: unknown) => {
      if (reason instanceof AppError) return undefined;
      throw reason;
    });
    if (next === undefined || next.rank === RANKS.schema) return yield* this.giveUp(error);
    const open = yield* this.openScope(next.scope);
    this.at = next;
    open.failures.push(`"${next.name}" cannot be read: ${reasonOf(error)}.`);
    if (open.failures.length < PATIENCE_A_SCHEMA) return;
    yield* this.closeScope('The rest of it was not tried.');
    this.at = undefined;
  }

  private *giveUp(error: AppError): Iterable<SnapshotPart> {
    yield* this.closeScope(error.message);
    for (const scope of this.left) yield { part: 'scope', scope, complete: false, reasons: [error.message] };
    this.left = [];
  }

  private nextObject(call: Call): Promise<Position | undefined> {
    return this.plan.sessions.read(call, async (client, version) => {
      const { rows } = await client.query<Position>(nextObject(this.question(version)));
      return rows[0];
    });
  }

  private question(version: number): CatalogQuestion {
    const { partitions } = this.plan;
    return {
      schemas: this.left,
      partitions,
      version,
      ...(this.at === undefined ? {} : { after: this.at }),
    };
  }
}

/** The call, cut to the time that one transaction may last. */
const slice = ({ signal, deadlineMs }: Call): Call => ({ signal, deadlineMs: Math.min(deadlineMs, SLICE_MS) });

const hopeless = (error: AppError): boolean =>
  error instanceof SourceUnreachable || error instanceof SourceLoginRefused || error instanceof SourceDatabaseUnknown;

const reasonOf = (error: AppError): string =>
  error instanceof SourceQueryFailed
    ? error.reason
    : error instanceof SourceTimedOut
      ? 'another session holds a lock on it'
      : error.message.replace(/\.$/, '');

/** A schema that is being read. */
class OpenScope {
  readonly unreadable: string[] = [];
  readonly failures: string[] = [];

  constructor(
    readonly name: string,
    private readonly user: string,
  ) {}

  closed(problem?: string): SnapshotPart {
    const reasons = [...this.failures, ...this.hidden(), ...(problem === undefined ? [] : [problem])];
    return { part: 'scope', scope: this.name, complete: reasons.length === 0, reasons };
  }

  private hidden(): string[] {
    if (this.unreadable.length === 0) return [];
    const named = this.unreadable
      .slice(0, NAMES_IN_A_REASON)
      .map((table) => `"${table}"`)
      .join(', ');
    const more = this.unreadable.length - NAMES_IN_A_REASON;
    return [
      `The user ${this.user} has no SELECT right in the schema "${this.name}" on ${named}${more > 0 ? ` and ${more} more` : ''}.`,
    ];
  }
}
