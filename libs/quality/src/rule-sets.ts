import { Injectable } from '@nestjs/common';
import { type Change, Changes, type Subject } from '#audit';
import { type Actor, decodeCursor, encodeCursor, InvalidInput, NotFound, type Page, type PageRequest } from '#kernel';
import { row, rows } from '#platform/database';
import {
  type DueTime,
  type Firing,
  type FiringState,
  type Misfire,
  type OnOtherDays,
  type ScheduleDays,
  type ScheduleEntity,
  ScheduleStore,
} from '#platform/queue';
import { DataSource, QueryFailedError } from 'typeorm';

import { RuleSetNameTaken, unknownAt } from './quality.errors.js';
import { runRuleSetWhenDue } from './run-rules.job.js';

export interface RuleSetWish {
  readonly name: string;
  readonly description: string;
  readonly ruleIds: readonly string[];
}

/** Rules that run together, of one source or several. */
export interface RuleSet {
  readonly id: string;
  readonly name: string;
  readonly description: string;
  /** Those that are not retired, in the order they were given. */
  readonly ruleIds: readonly string[];
  readonly createdAt: Date;
  readonly changedAt: Date;
}

/** When a rule set is due. */
export interface RuleSetTimes {
  /** Minute, hour, day of month, month, day of week. */
  readonly cron: string;
  readonly timeZone: string;
  readonly enabled: boolean;
  /** Every day when not said. */
  readonly days?: ScheduleDays;
  /** Skip when not said. */
  readonly onOtherDays?: OnOtherDays;
  /** The latest only when not said. */
  readonly misfire?: Misfire;
}

const RULE_SET = `
  SELECT rule_set.id, rule_set.name, rule_set.description, rule_set.created_at AS "createdAt",
         rule_set.changed_at AS "changedAt",
         ARRAY (
           SELECT member.rule_id::text FROM quality.rule_set_rule AS member
             JOIN quality.rule ON rule.id = member.rule_id AND rule.retired_at IS NULL
            WHERE member.rule_set_id = rule_set.id ORDER BY member.position
         ) AS "ruleIds"
    FROM quality.rule_set`;

const LONGEST_NAME = 200;

@Injectable()
export class RuleSets {
  constructor(
    private readonly db: DataSource,
    private readonly changes: Changes,
    private readonly schedules: ScheduleStore,
  ) {}

  /** @throws {InvalidInput} {@link RuleSetNameTaken} */
  async add(actor: Actor, wish: RuleSetWish): Promise<RuleSet> {
    const name = checkedName(wish.name);
    await this.checkRules(wish.ruleIds);
    const id = await this.changes.make(actor, async (change) => {
      const id = await this.addIn(change, wish);
      await change.record('rule-set.added', subjectOf(id, name), { ruleIds: wish.ruleIds });
      return id;
    });
    return this.get(id);
  }

  /** Adds a rule set inside of a larger change, which knows its rules and has its own audit entry. @throws {RuleSetNameTaken} */
  async addIn(change: Change, wish: RuleSetWish): Promise<string> {
    const name = checkedName(wish.name);
    return this.unlessTaken(name, async () => {
      const added = await row<{ id: string }>(
        change.tx,
        `
        INSERT INTO quality.rule_set (name, description, created_at, changed_at) VALUES ($1, $2, $3, $3) RETURNING id
        `,
        [name, wish.description.trim(), change.at],
      );
      const id = added?.id ?? '';
      await this.putRules(change, id, wish.ruleIds);
      return id;
    });
  }

  /** @throws {NotFound} {@link InvalidInput} {@link RuleSetNameTaken} */
  async change(actor: Actor, id: string, wish: RuleSetWish): Promise<RuleSet> {
    const before = await this.get(id);
    const name = checkedName(wish.name);
    await this.checkRules(wish.ruleIds);
    await this.changes.make(actor, async (change) => {
      await this.changeIn(change, id, wish);
      await change.record('rule-set.changed', subjectOf(id, name), {
        before: { name: before.name, description: before.description, ruleIds: before.ruleIds },
        after: { name, description: wish.description, ruleIds: wish.ruleIds },
      });
    });
    return this.get(id);
  }

  /** As {@link addIn}, for a rule set that is there. @throws {RuleSetNameTaken} */
  async changeIn(change: Change, id: string, wish: RuleSetWish): Promise<void> {
    const name = checkedName(wish.name);
    await this.unlessTaken(name, () =>
      change.tx.query(`UPDATE quality.rule_set SET name = $2, description = $3, changed_at = $4 WHERE id = $1`, [
        id,
        name,
        wish.description.trim(),
        change.at,
      ]),
    );
    await change.tx.query(`DELETE FROM quality.rule_set_rule WHERE rule_set_id = $1`, [id]);
    await this.putRules(change, id, wish.ruleIds);
  }

  /** Sets when a rule set runs; null: no more by itself. @throws {NotFound} {@link InvalidInput} */
  async schedule(actor: Actor, id: string, times: RuleSetTimes | null): Promise<RuleSet> {
    const ruleSet = await this.get(id);
    await this.changes.make(actor, async (change) => {
      await this.scheduleIn(change, ruleSet, times);
      await change.record('rule-set.scheduled', subjectOf(id, ruleSet.name), { ...times });
    });
    return ruleSet;
  }

  /** The next times a schedule is due. */
  async nextDue(schedule: ScheduleEntity, first: number): Promise<readonly DueTime[]> {
    return (await this.schedules.nextOf([schedule], first)).get(schedule.id) ?? [];
  }

  /** How the due times of a rule set were answered, the latest first. @throws {NotFound} */
  async firings(id: string, states: readonly FiringState[] | undefined, page: PageRequest): Promise<Page<Firing>> {
    await this.get(id);
    const [schedule] = await this.schedulesOf([id]);
    return this.schedules.firings(schedule?.id ?? null, states, page);
  }

  /** As {@link addIn}, for when a rule set runs. @throws {InvalidInput} */
  async scheduleIn(
    { tx, actor }: Change,
    { id, name }: Pick<RuleSet, 'id' | 'name'>,
    times: RuleSetTimes | null,
  ): Promise<void> {
    const subject = subjectOf(id, name);
    if (times === null) await this.schedules.remove(tx, runRuleSetWhenDue, id);
    else
      await this.schedules.put(tx, {
        ...{ contract: runRuleSetWhenDue, payload: { ruleSetId: id }, subject, actor },
        ...times,
      });
  }

  /** The schedules of some rule sets, for a loader. */
  schedulesOf(ids: readonly string[]): Promise<ScheduleEntity[]> {
    return this.schedules.ofSubjects(runRuleSetWhenDue.name, ids);
  }

  /** @throws {NotFound} */
  async get(id: string): Promise<RuleSet> {
    const [found] = await this.ofIds([id]);
    if (!found) throw new NotFound('rule set', id);
    return found;
  }

  ofIds(ids: readonly string[]): Promise<RuleSet[]> {
    return rows(this.db, `${RULE_SET} WHERE rule_set.id = ANY ($1)`, [ids]);
  }

  /** By name. */
  async list({ first, after }: PageRequest): Promise<Page<RuleSet>> {
    const counted = await row<{ total: number }>(this.db, `SELECT count(*)::int AS total FROM quality.rule_set`);
    const [name = null] = after === undefined ? [] : decodeCursor('rule-sets', after);
    const found = await rows<RuleSet>(
      this.db,
      `${RULE_SET} WHERE $1::text IS NULL OR lower(rule_set.name) > lower($1) ORDER BY lower(rule_set.name) LIMIT $2`,
      [name, first + 1],
    );
    return { items: found.slice(0, first), hasNext: found.length > first, total: counted?.total ?? 0 };
  }

  private async checkRules(ruleIds: readonly string[]): Promise<void> {
    const usable = await rows<{ id: string }>(
      this.db,
      `SELECT id FROM quality.rule WHERE id = ANY ($1) AND retired_at IS NULL`,
      [ruleIds],
    );
    const known = new Set(usable.map(({ id }) => id));
    ruleIds.forEach((id, at) => {
      const path = ['ruleIds', String(at)];
      if (!known.has(id)) throw unknownAt(path, 'there is no rule with this id that is not retired');
      if (ruleIds.indexOf(id) !== at) throw unknownAt(path, 'the rule is named twice');
    });
  }

  private async putRules({ tx }: Change, id: string, ruleIds: readonly string[]): Promise<void> {
    await tx.query(
      `
      INSERT INTO quality.rule_set_rule (rule_set_id, rule_id, position)
      SELECT $1, rule_id, position FROM unnest($2::uuid[]) WITH ORDINALITY AS given (rule_id, position)
      `,
      [id, ruleIds],
    );
  }

  private async unlessTaken<T>(name: string, work: () => Promise<T>): Promise<T> {
    try {
      return await work();
    } catch (error) {
      const taken =
        error instanceof QueryFailedError &&
        (error.driverError as { constraint?: string }).constraint === 'rule_set_name';
      throw taken ? new RuleSetNameTaken(name) : error;
    }
  }
}

export const ruleSetCursor = (ruleSet: RuleSet): string => encodeCursor('rule-sets', [ruleSet.name]);

const subjectOf = (id: string, name: string): Subject => ({ kind: 'rule-set', id, name });

function checkedName(name: string): string {
  const trimmed = name.trim();
  if (trimmed === '' || trimmed.length > LONGEST_NAME)
    throw new InvalidInput(`Give the rule set a name of 1 to ${LONGEST_NAME} characters.`, [], ['name']);
  return trimmed;
}
