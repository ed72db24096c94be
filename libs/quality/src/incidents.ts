import { Injectable } from '@nestjs/common';
import { type Change, Changes } from '#audit';
import { type Severity } from '#core/rule-engine';
import { type Actor, Clock, InvalidInput, type Page, type PageRequest } from '#kernel';
import { row, rows, type Tx } from '#platform/database';
import { DataSource } from 'typeorm';

import { type IncidentChange, type IncidentCount, type IncidentFilter, IncidentStore } from './incident.store.js';
import { type IncidentStep, isPossible, refusalOf, stateAfter } from './incident-steps.js';
import { IncidentTurns } from './incident-turns.js';
import { type Incident, type IncidentCause, type IncidentEvent, type IncidentEventKind, titleOf } from './incident.js';
import { AnotherIncidentOpen, IncidentStepRefused } from './quality.errors.js';

const LONGEST_TEXT = 4_000;
const MOST_AT_ONCE = 500;

/** Somebody whom an incident can be assigned to. */
export interface Assignee {
  readonly id: string;
  readonly login: string;
  readonly displayName: string;
}

interface Noted {
  readonly event: IncidentEventKind;
  readonly text: string;
  readonly change?: IncidentChange;
  readonly details?: Readonly<Record<string, unknown>>;
}

/**
 * What people do with incidents. Runs open and resolve them, see `IncidentTurns`; waivers are in `Waivers`. Every step is
 * refused, with what is possible instead, where the incident's state does not allow it.
 */
@Injectable()
export class Incidents {
  constructor(
    private readonly db: DataSource,
    private readonly changes: Changes,
    private readonly clock: Clock,
    private readonly store: IncidentStore,
    private readonly turns: IncidentTurns,
  ) {}

  /** Says that somebody has seen it; again says nothing new. @throws {NotFound} {@link IncidentStepRefused} */
  acknowledge(actor: Actor, id: string, comment = ''): Promise<Incident> {
    return this.step(actor, id, 'acknowledge', ({ at }) => ({
      ...{ event: 'acknowledged', text: textOf(comment, 'comment') },
      change: { acknowledged: { at, by: actor.name } },
    }));
  }

  /** All or none. @throws {NotFound} {@link IncidentStepRefused} {@link InvalidInput} */
  async acknowledgeAll(actor: Actor, ids: readonly string[], comment = ''): Promise<Incident[]> {
    return this.stepAll(actor, ids, 'acknowledge', ({ at }) => ({
      ...{ event: 'acknowledged', text: textOf(comment, 'comment') },
      change: { acknowledged: { at, by: actor.name } },
    }));
  }

  /** Says who sees to it, by login; nobody when empty. @throws {NotFound} {@link IncidentStepRefused} {@link InvalidInput} */
  async assign(actor: Actor, id: string, login: string): Promise<Incident> {
    const [incident] = await this.assignAll(actor, [id], login);
    return incident ?? this.get(id);
  }

  /** All or none. @throws {NotFound} {@link IncidentStepRefused} {@link InvalidInput} */
  async assignAll(actor: Actor, ids: readonly string[], login: string): Promise<Incident[]> {
    const assignee = await this.assigneeOf(login);
    return this.stepAll(actor, ids, 'assign', (_, incident) => ({
      ...{ event: 'assigned', text: assignee.login },
      change: { assignee, state: stateAfter('assign', incident.state, assignee.id !== null) },
    }));
  }

  /** Who can be assigned to: accounts that may sign in and do something about it, by login. */
  assignees(): Promise<Assignee[]> {
    return rows(
      this.db,
      `
      SELECT id, login, display_name AS "displayName" FROM identity.account
       WHERE disabled_at IS NULL AND roles && '{administrator,steward,engineer}' ORDER BY lower(login) LIMIT 1000
      `,
    );
  }

  startFixing(actor: Actor, id: string, comment = ''): Promise<Incident> {
    return this.step(actor, id, 'start_fixing', () => ({ event: 'fixing', text: textOf(comment, 'comment') }));
  }

  /** Says that it is fixed, and what it came from; runs that pass prove it. */
  awaitVerification(actor: Actor, id: string, cause: IncidentCause, comment = ''): Promise<Incident> {
    return this.step(actor, id, 'await_verification', () => ({
      ...{ event: 'awaiting_verification', text: textOf(comment, 'comment'), change: { cause }, details: { cause } },
    }));
  }

  /** Says that the data is right and the rule is wrong to fail. The reason is mandatory. */
  markFalsePositive(actor: Actor, id: string, reason: string): Promise<Incident> {
    return this.step(actor, id, 'mark_false_positive', ({ at }, incident) => {
      if (incident.kind === 'operations')
        throw new IncidentStepRefused(
          'A source that cannot be asked is no verdict on data, so it cannot be a false positive. It ends when the source answers.',
          id,
        );
      return {
        ...{ event: 'false_positive', text: reasonOf(reason) },
        change: { resolvedAt: at, cause: 'rule_wrong' },
      };
    });
  }

  /** Opens it again by hand, with a new clock. The reason is mandatory. @throws {AnotherIncidentOpen} */
  reopen(actor: Actor, id: string, reason: string): Promise<Incident> {
    return this.step(actor, id, 'reopen', async ({ at, tx }, incident) => {
      const others = incident.ruleId === null ? [] : await this.store.openOfRules([incident.ruleId], tx);
      const operations = incident.kind === 'operations' && (await this.openOperations(tx, incident.sourceId));
      if (others.length > 0 || operations) throw new AnotherIncidentOpen();
      const dueAt = (await this.turns.dueBy(tx))(at, incident.severity);
      return {
        ...{ event: 'reopened', text: reasonOf(reason) },
        change: { resolvedAt: null, clock: { from: at, dueAt } },
      };
    });
  }

  /** It is kept when the rule fails again; the time for it is reckoned anew. The reason is mandatory. */
  changeSeverity(actor: Actor, id: string, severity: Severity, reason: string): Promise<Incident> {
    return this.step(actor, id, 'change_severity', async ({ tx }, incident) => {
      const dueAt = (await this.turns.dueBy(tx))(incident.clockFrom, severity);
      return {
        ...{ event: 'severity_changed', text: `${incident.severity} → ${severity}: ${reasonOf(reason)}` },
        change: { severity: { severity, by: actor.name }, clock: { from: incident.clockFrom, dueAt } },
        details: { before: incident.severity, after: severity },
      };
    });
  }

  /** Says what it came from, also when it is over. */
  setCause(actor: Actor, id: string, cause: IncidentCause, comment = ''): Promise<Incident> {
    return this.step(actor, id, 'set_cause', () => ({
      ...{ event: 'cause_set', text: [cause, textOf(comment, 'comment')].filter((part) => part !== '').join(': ') },
      ...{ change: { cause }, details: { cause } },
    }));
  }

  /** @throws {NotFound} {@link InvalidInput} */
  comment(actor: Actor, id: string, text: string): Promise<Incident> {
    if (text.trim() === '') throw new InvalidInput(`Write a comment of 1 to ${LONGEST_TEXT} characters.`, [], ['text']);
    return this.step(actor, id, 'comment', () => ({ event: 'commented', text: textOf(text, 'text') }));
  }

  /** @throws {NotFound} */
  get(id: string): Promise<Incident> {
    return this.store.get(id);
  }

  ofIds(ids: readonly string[]): Promise<Incident[]> {
    return this.store.ofIds(ids);
  }

  eventsOf(ids: readonly string[]): Promise<IncidentEvent[]> {
    return this.store.eventsOf(ids);
  }

  openOfRules(ruleIds: readonly string[]): Promise<Incident[]> {
    return this.store.openOfRules(ruleIds);
  }

  list(filter: IncidentFilter, page: PageRequest): Promise<Page<Incident>> {
    return this.store.list(filter, page);
  }

  counts(filter: IncidentFilter): Promise<IncidentCount[]> {
    return this.store.counts(filter);
  }

  /** The filter for what is overdue now. */
  get now(): Date {
    return this.clock.now();
  }

  private async step(
    actor: Actor,
    id: string,
    step: IncidentStep,
    work: (change: Change, incident: Incident) => Noted | Promise<Noted>,
  ): Promise<Incident> {
    await this.changes.make(actor, (change) => this.take(change, id, step, work));
    return this.store.get(id);
  }

  private async stepAll(
    actor: Actor,
    ids: readonly string[],
    step: IncidentStep,
    work: (change: Change, incident: Incident) => Noted,
  ): Promise<Incident[]> {
    const all = [...new Set(ids)];
    if (all.length === 0 || all.length > MOST_AT_ONCE)
      throw new InvalidInput(`Name 1 to ${MOST_AT_ONCE} incidents at once, not ${all.length}.`, [], ['ids']);
    await this.changes.make(actor, async (change) => {
      // In one order, so that two people with the same incidents do not wait for each other.
      for (const id of all.toSorted()) await this.take(change, id, step, work);
    });
    return this.store.ofIds(all);
  }

  private async take(
    change: Change,
    id: string,
    step: IncidentStep,
    work: (change: Change, incident: Incident) => Noted | Promise<Noted>,
  ): Promise<void> {
    const { tx, at, actor } = change;
    const incident = await this.store.get(id, tx);
    if (!isPossible(step, incident.state)) throw new IncidentStepRefused(refusalOf(step, incident.state), id);
    const { event, text, change: wanted, details } = await work(change, incident);
    const state = wanted?.state ?? stateAfter(step, incident.state, incident.assigneeId !== null);
    await this.store.change(tx, id, { ...wanted, state });
    await this.store.note(tx, id, event, at, actor.name, text);
    const { zh, en } = titleOf(incident);
    const after = {
      text,
      ...details,
      ...(state !== incident.state && { state: { before: incident.state, after: state } }),
    };
    await change.record(`incident.${event}`, { kind: 'incident', id, name: zh || en }, after);
  }

  private async assigneeOf(login: string): Promise<{ readonly id: string | null; readonly login: string }> {
    const wanted = login.trim();
    if (wanted === '') return { id: null, login: '' };
    const found = (await this.assignees()).find((each) => each.login.toLowerCase() === wanted.toLowerCase());
    if (!found)
      throw new InvalidInput(
        `There is no account ${JSON.stringify(wanted)} that may sign in as steward, engineer or administrator, so nobody would see to it.`,
        [],
        ['assignee'],
      );
    return found;
  }

  private async openOperations(tx: Tx, sourceId: string): Promise<boolean> {
    const found = await row(
      tx,
      `SELECT 1 FROM quality.incident WHERE kind = 'operations' AND source_id = $1 AND state <> 'resolved'`,
      [sourceId],
    );
    return found !== undefined;
  }
}

function textOf(text: string, place: string): string {
  const trimmed = text.trim();
  if (trimmed.length > LONGEST_TEXT) throw new InvalidInput(`Write at most ${LONGEST_TEXT} characters.`, [], [place]);
  return trimmed;
}

function reasonOf(reason: string): string {
  const text = textOf(reason, 'reason');
  if (text === '') throw new InvalidInput('Say why; reviewers will ask.', [], ['reason']);
  return text;
}
