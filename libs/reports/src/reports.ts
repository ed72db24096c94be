import { Injectable } from '@nestjs/common';
import { type Change, Changes, type Subject } from '#audit';
import { type Actor, Clock, InvalidInput, type Page, type PageRequest } from '#kernel';
import { type Tx } from '#platform/database';
import { type ScheduleEntity, ScheduleStore } from '#platform/queue';
import { Scores } from '#quality';
import { Sources } from '#sources';

import { checkPeriod, checkTimeZone, periodBefore, type PeriodKind } from './period.js';
import {
  FORMATS,
  type Language,
  type Report,
  type ReportFormat,
  type ReportKind,
  type ReportPlan,
  type ReportScope,
} from './report.js';
import { ReportStore, type ReportWish } from './report.store.js';
import { makeQualityReport, makeQualityReportWhenDue } from './reports.job.js';

export interface MakeReportWish extends Partial<ReportScope> {
  /** The quality report when not given. */
  readonly kind?: ReportKind;
  /** What was known then; now when not given. */
  readonly knownAt?: Date;
  /** First and last day, both in it. */
  readonly from: string;
  readonly to: string;
  readonly timeZone: string;
  readonly language: Language;
  readonly formats: readonly ReportFormat[];
}

export interface ScheduleReportWish extends Partial<ReportScope> {
  readonly kind?: ReportKind;
  readonly period: PeriodKind;
  readonly language: Language;
  readonly formats: readonly ReportFormat[];
  readonly timeZone: string;
  /** null: no more. */
  readonly cron: string | null;
}

/** Asks for quality reports, now or again and again, and hands them out. */
@Injectable()
export class Reports {
  constructor(
    private readonly changes: Changes,
    private readonly store: ReportStore,
    private readonly sources: Sources,
    private readonly schedules: ScheduleStore,
    private readonly scores: Scores,
    private readonly clock: Clock,
  ) {}

  /** @throws {InvalidInput} {@link NotFound} */
  async make(actor: Actor, { from, to, timeZone, language, formats, ...wish }: MakeReportWish): Promise<Report> {
    const period = checkPeriod(from, to, timeZone);
    checkFormats(formats);
    const now = this.clock.now();
    if (wish.knownAt && wish.knownAt > now)
      throw new InvalidInput('What will be known is not known yet.', [], ['knownAt']);
    const scope = scopeOf(wish);
    const subject = await this.subjectOf(scope);
    const asked: ReportWish = {
      ...{ ...scope, kind: wish.kind ?? 'quality', period, language, formats: [...new Set(formats)] },
      ...{ knownAt: wish.knownAt ?? now, datasetIds: await this.datasetsOf(scope) },
    };
    return this.store.get(await this.changes.make(actor, (change) => this.ask(change, subject, asked)));
  }

  /**
   * The report of a plan's due time: about the period before, asked for once however often the time is answered.
   * @returns its id, or undefined when it has been asked for before.
   */
  async whenDue(actor: Actor, planId: string, dueAt: Date): Promise<string | undefined> {
    const { id: _, timeZone, period, ...plan } = await this.store.plan(planId);
    const subject = await this.subjectOf(plan);
    const wish: ReportWish = {
      ...{ ...plan, period: periodBefore(period, dueAt, timeZone), plan: { id: planId, dueAt } },
      ...{ knownAt: this.clock.now(), datasetIds: await this.datasetsOf(plan) },
    };
    try {
      return await this.changes.make(actor, (change) => this.ask(change, subject, wish));
    } catch (error) {
      if (error instanceof DueTimeTaken) return undefined;
      throw error;
    }
  }

  /** Sets when the report of the day, week or month before is made by itself. @throws {InvalidInput} */
  async schedule(actor: Actor, { cron, ...given }: ScheduleReportWish): Promise<ReportPlan | undefined> {
    const { period, language, timeZone } = given;
    checkFormats(given.formats);
    checkTimeZone(timeZone);
    const scope = scopeOf(given);
    const wish = {
      ...{ ...scope, kind: given.kind ?? 'quality', period, language, timeZone },
      formats: [...new Set(given.formats)],
    };
    const subject = await this.subjectOf(scope);
    const known = await this.store.planOf(wish);
    if (cron === null && known === undefined) return undefined;
    return this.changes.make(actor, async (change) => {
      await change.record('report.scheduled', subject, { ...wish, cron });
      if (cron === null) {
        await this.schedules.remove(change.tx, makeQualityReportWhenDue, known?.id ?? '');
        return undefined;
      }
      const plan = await this.store.putPlan(change.tx, wish, change.at);
      await this.schedules.put(change.tx, {
        ...{ contract: makeQualityReportWhenDue, payload: { planId: plan.id }, actor },
        ...{ cron, timeZone, enabled: true, subject: { kind: 'report-plan', id: plan.id } },
      });
      return plan;
    });
  }

  /** The plans that have a schedule, of one source or of all. */
  async plans(sourceId?: string): Promise<{ readonly plan: ReportPlan; readonly schedule: ScheduleEntity }[]> {
    const plans = await this.store.plans(sourceId);
    const ids = plans.map(({ id }) => id);
    const schedules = await this.schedules.ofSubjects(makeQualityReportWhenDue.name, ids);
    return plans.flatMap((plan) => {
      const schedule = schedules.find(({ subjectId }) => subjectId === plan.id);
      return schedule ? [{ plan, schedule }] : [];
    });
  }

  /** Takes the schedules of a source away, in the transaction of what ended it. */
  async forgetSchedules(tx: Tx, sourceId: string): Promise<void> {
    for (const { id } of await this.store.plans(sourceId))
      await this.schedules.remove(tx, makeQualityReportWhenDue, id);
  }

  /** @throws {NotFound} */
  get(id: string): Promise<Report> {
    return this.store.get(id);
  }

  list(sourceId: string | undefined, page: PageRequest): Promise<Page<Report>> {
    return this.store.list(sourceId, page);
  }

  /** A report's file, and the report it is of. @throws {NotFound} {@link ReportFileMissing} */
  async file(id: string, format: string): Promise<{ report: Report; content: Buffer }> {
    const report = await this.store.get(id);
    return { report, content: await this.store.content(id, format) };
  }

  private async ask(change: Change, subject: Subject, wish: ReportWish): Promise<string> {
    const id = await this.store.insert(change.tx, wish, change.at, change.actor.name);
    if (id === undefined) throw new DueTimeTaken();
    // A job is about a thing with an id; the whole catalog has none.
    const about = subject.kind === 'catalog' ? { ...subject, kind: 'report', id } : subject;
    const jobId = await change.request(makeQualityReport, { reportId: id }, about);
    await this.store.setJob(change.tx, id, jobId);
    const { kind, period, language, formats, knownAt, domain, owner } = wish;
    await change.record('report.requested', subject, {
      ...{ reportId: id, kind, period, language, formats, knownAt, domain, owner },
    });
    return id;
  }

  /** Also a source that was removed: its history can be reported. */
  private async subjectOf({ sourceId, domain, owner }: ReportScope): Promise<Subject> {
    if (sourceId === null) return { kind: 'catalog', id: '', name: domain ?? owner ?? '' };
    const [source] = await this.sources.ofIds([sourceId]);
    if (!source) throw new InvalidInput('There is no source with this id.', [], ['sourceId']);
    return { kind: 'source', id: sourceId, name: source.name };
  }

  private async datasetsOf({ domain }: ReportScope): Promise<readonly string[] | null> {
    if (domain === null) return null;
    const found = await this.scores.datasetsOfDomain(domain);
    if (found.length === 0)
      throw new InvalidInput(`No source of the domain ${JSON.stringify(domain)} has a rule.`, [], ['domain']);
    return found;
  }
}

const scopeOf = ({ sourceId, domain, owner }: Partial<ReportScope>): ReportScope => ({
  ...{ sourceId: sourceId ?? null, domain: domain ?? null, owner: owner ?? null },
});

/** Takes the transaction of a second answer to a due time back. */
class DueTimeTaken extends Error {}

function checkFormats(formats: readonly ReportFormat[]): void {
  if (formats.length === 0)
    throw new InvalidInput(`Name at least one of the formats ${FORMATS.join(', ')}.`, [], ['formats']);
}
