import { Inject, Injectable } from '@nestjs/common';
import { Changes } from '#audit';
import { type Actor, Clock, InvalidInput } from '#kernel';
import { CalendarStore } from '#platform/calendar';
import { SETTINGS, type Settings } from '#platform/config';
import { rows } from '#platform/database';
import { DataSource } from 'typeorm';

import { checkQuietHours, type QuietHours, quietUntil } from './quiet-hours.js';
import { Sources } from './sources.js';

/** What becomes of a run that meets quiet hours: it waits for their end, or leaves the rules out. */
export const WHEN_QUIET = ['wait', 'skip'] as const;
export type WhenQuiet = (typeof WHEN_QUIET)[number];

/** What a source allows its rules. */
export interface Limits {
  /** Statements at once, over all workers. */
  readonly statementsAtOnce: number;
  /** After that, a statement is stopped in the source. */
  readonly statementSeconds: number;
  /** Statements that the source expects to take longer are not sent, unless their rule says otherwise; null: all are. */
  readonly budgetMs: number | null;
  readonly quietHours: readonly QuietHours[];
  readonly timeZone: string;
  readonly whenQuiet: WhenQuiet;
}

interface LimitsRow extends Omit<Limits, 'budgetMs'> {
  readonly sourceId: string;
  readonly budgetMs: string | null;
}

/** How gently each source is asked. */
@Injectable()
export class SourceLimits {
  constructor(
    private readonly db: DataSource,
    private readonly changes: Changes,
    private readonly sources: Sources,
    private readonly calendars: CalendarStore,
    private readonly clock: Clock,
    @Inject(SETTINGS) private readonly settings: Settings,
  ) {}

  async of(sourceId: string): Promise<Limits> {
    return (await this.ofSources([sourceId])).get(sourceId) ?? this.defaults();
  }

  /** For a loader. */
  async ofSources(sourceIds: readonly string[]): Promise<ReadonlyMap<string, Limits>> {
    const found = await rows<LimitsRow>(
      this.db,
      `
      SELECT source_id AS "sourceId", statements_at_once AS "statementsAtOnce", statement_seconds AS "statementSeconds",
             budget_ms AS "budgetMs", quiet_hours AS "quietHours", time_zone AS "timeZone", when_quiet AS "whenQuiet"
        FROM sources.limits WHERE source_id = ANY ($1)
      `,
      [sourceIds],
    );
    const known = new Map<string, Limits>(
      found.map(({ sourceId, budgetMs, ...limits }) => [
        sourceId,
        { ...limits, budgetMs: budgetMs === null ? null : Number(budgetMs) },
      ]),
    );
    return new Map(sourceIds.map((id) => [id, known.get(id) ?? this.defaults()]));
  }

  /** Sets what is given and leaves the rest. @throws {NotFound} {@link InvalidInput} */
  async set(actor: Actor, sourceId: string, wish: Partial<Limits>): Promise<Limits> {
    const source = await this.sources.get(sourceId);
    const before = await this.of(sourceId);
    const after: Limits = { ...before, ...wish };
    checkNumber('statementsAtOnce', after.statementsAtOnce, 32);
    checkNumber('statementSeconds', after.statementSeconds, 86_400);
    if (after.budgetMs !== null) checkNumber('budgetMs', after.budgetMs, 86_400_000);
    checkQuietHours(after.quietHours, after.timeZone);
    await this.changes.make(actor, async (change) => {
      await change.tx.query(
        `
        INSERT INTO sources.limits (source_id, statements_at_once, statement_seconds, budget_ms, quiet_hours, time_zone,
                                    when_quiet, changed_at)
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8)
        ON CONFLICT (source_id) DO UPDATE
          SET statements_at_once = excluded.statements_at_once, statement_seconds = excluded.statement_seconds,
              budget_ms = excluded.budget_ms, quiet_hours = excluded.quiet_hours, time_zone = excluded.time_zone,
              when_quiet = excluded.when_quiet, changed_at = excluded.changed_at
        `,
        [
          ...[sourceId, after.statementsAtOnce, after.statementSeconds, after.budgetMs],
          ...[JSON.stringify(after.quietHours), after.timeZone, after.whenQuiet, change.at],
        ],
      );
      await change.record('source.limits-set', { kind: 'source', id: sourceId, name: source.name }, { before, after });
    });
    return after;
  }

  /** When a source may be asked again; undefined when it may be now. */
  async quietUntil({ quietHours, timeZone }: Limits): Promise<Date | undefined> {
    if (quietHours.length === 0) return undefined;
    return quietUntil(quietHours, timeZone, await this.calendars.calendar(), this.clock.now());
  }

  private defaults(): Limits {
    const { timeZone } = this.settings;
    return { statementsAtOnce: 2, statementSeconds: 600, budgetMs: null, quietHours: [], timeZone, whenQuiet: 'wait' };
  }
}

function checkNumber(name: keyof Limits, value: number, most: number): void {
  if (Number.isInteger(value) && value >= 1 && value <= most) return;
  throw new InvalidInput(`${name} is a whole number from 1 to ${most}.`, [], [name]);
}
