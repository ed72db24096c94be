import { Injectable } from '@nestjs/common';
import { type Change, Changes, type Subject } from '#audit';
import { type Actor, InvalidInput, type Page, type PageRequest, type Role } from '#kernel';
import { type Tx } from '#platform/database';

import { IncidentMessages } from './incident-messages.js';
import { lockIncidents } from './incident-turns.js';
import { IncidentStore } from './incident.store.js';
import { RuleRetired, WaiverRefused } from './quality.errors.js';
import { nameOf } from './rule.js';
import { RuleStore } from './rule.store.js';
import { type Waiver, type WaiverFilter, WaiverStore } from './waiver.store.js';

export interface WaiverWish {
  readonly ruleId: string;
  readonly reason: string;
  readonly until: Date;
}

/** Who may end what others asked for. */
const MAY_END: readonly Role[] = ['steward', 'compliance', 'administrator'];
const LONGEST_TEXT = 4_000;
const LONGEST_TERM_MS = 366 * 86_400_000;

/**
 * Permitted exceptions (豁免). While one is in force, failing runs open no incident and move none; results stay failures and scores
 * are what they are. It takes a second person, and it ends.
 */
@Injectable()
export class Waivers {
  constructor(
    private readonly changes: Changes,
    private readonly store: WaiverStore,
    private readonly rules: RuleStore,
    private readonly incidents: IncidentStore,
    private readonly messages: IncidentMessages,
  ) {}

  /** @throws {NotFound} {@link InvalidInput} {@link RuleRetired} {@link WaiverRefused} */
  async request(actor: Actor, { ruleId, reason, until }: WaiverWish): Promise<Waiver> {
    const why = textOf(reason, 'reason');
    if (why === '') throw new InvalidInput('Say why the rule may fail; a second person decides by it.', [], ['reason']);
    const id = await this.changes.make(actor, async (change) => {
      const { tx, at } = change;
      await lockIncidents(tx);
      if (until <= at || until.getTime() - at.getTime() > LONGEST_TERM_MS)
        throw new InvalidInput('A waiver ends, within a year and a day, and not in the past.', [], ['until']);
      const rule = await this.rules.get(ruleId, tx);
      if (rule.retiredAt) throw new RuleRetired(nameOf(rule));
      const asked = (await this.store.openOfRule(tx, ruleId)).find(({ state }) => state === 'requested');
      if (asked)
        throw new WaiverRefused(
          `${asked.requestedBy} has asked for a waiver of this rule already. Decide on that one, or let it be withdrawn.`,
          { id: asked.id },
        );
      const [incident] = await this.incidents.openOfRules([ruleId], tx);
      const id = await this.store.add(tx, { ruleId, incidentId: incident?.id ?? null, reason: why, until }, at, actor);
      if (incident) await this.incidents.note(tx, incident.id, 'waiver_requested', at, actor.name, why);
      await change.record('waiver.requested', subjectOf(id, rule), { ruleId, reason: why, until });
      await this.messages.ofWaiver(tx, 'waiver_requested', await this.store.get(id, tx));
      return id;
    });
    return this.store.get(id);
  }

  /** A second person agrees or does not. @throws {NotFound} {@link WaiverRefused} */
  async decide(actor: Actor, id: string, approve: boolean, comment = ''): Promise<Waiver> {
    const decision = textOf(comment, 'comment');
    if (!approve && decision === '') throw new InvalidInput('Say why it is not granted.', [], ['comment']);
    await this.changes.make(actor, async (change) => {
      const { tx, at } = change;
      await lockIncidents(tx);
      const waiver = await this.store.get(id, tx);
      if (waiver.state !== 'requested')
        throw new WaiverRefused(`The waiver is ${waiver.state}; there is nothing to decide.`);
      if (waiver.requestedById === actor.id)
        throw new WaiverRefused('Who asks for a waiver does not grant it: a second person decides.');
      if (waiver.until <= at) throw new WaiverRefused('The waiver would have ended by now. Let it be asked for again.');
      const [before] = (await this.store.openOfRule(tx, waiver.ruleId)).filter(({ state }) => state === 'approved');
      if (approve && before)
        await this.store.end(tx, before.id, 'revoked', 'Replaced by another. 由新的豁免取代。', at, actor.name);
      await this.store.decide(tx, id, approve ? 'approved' : 'rejected', decision, at, actor);
      const [incident] = await this.incidents.openOfRules([waiver.ruleId], tx);
      if (incident) {
        if (approve && incident.state !== 'waived')
          await this.incidents.change(tx, incident.id, { state: 'waived', waivedAt: at });
        await this.incidents.note(tx, incident.id, approve ? 'waived' : 'waiver_rejected', at, actor.name, decision);
      }
      await change.record(approve ? 'waiver.approved' : 'waiver.rejected', subjectOf(id, waiver), {
        ...{ ruleId: waiver.ruleId, requestedBy: waiver.requestedBy, until: waiver.until, comment: decision },
      });
      await this.messages.ofWaiver(tx, 'waiver_decided', await this.store.get(id, tx));
    });
    return this.store.get(id);
  }

  /** Ends one before its time, or takes a request back. The reason is mandatory. @throws {NotFound} {@link WaiverRefused} */
  async revoke(actor: Actor, id: string, reason: string): Promise<Waiver> {
    const why = textOf(reason, 'reason');
    if (why === '') throw new InvalidInput('Say why it ends before its time.', [], ['reason']);
    await this.changes.make(actor, async (change) => {
      await lockIncidents(change.tx);
      const waiver = await this.store.get(id, change.tx);
      if (waiver.requestedById !== actor.id && !MAY_END.some((role) => actor.roles.includes(role)))
        throw new WaiverRefused(`Only ${waiver.requestedBy}, a steward or compliance can end this waiver.`);
      if (waiver.state === 'requested') {
        await this.store.end(change.tx, id, 'withdrawn', why, change.at, actor.name);
        await change.record('waiver.withdrawn', subjectOf(id, waiver), { reason: why });
        return;
      }
      if (waiver.state !== 'approved')
        throw new WaiverRefused(`The waiver is ${waiver.state}; there is nothing to end.`);
      await this.end(change, waiver, 'revoked', why);
    });
    return this.store.get(id);
  }

  /** Ends those whose time has come, and reminds of those whose time is near. How many it was. */
  async keepTime(change: Change, soon: Date): Promise<number> {
    const { tx, at } = change;
    const due = await this.store.due(tx, at);
    for (const waiver of due) {
      if (waiver.state === 'approved') await this.end(change, waiver, 'expired', '');
      else {
        await this.store.end(tx, waiver.id, 'withdrawn', 'Nobody decided in time. 未在期限内审批。', at, 'Plumbline');
        await change.record('waiver.withdrawn', subjectOf(waiver.id, waiver), { reason: 'nobody decided in time' });
      }
    }
    const ending = await this.store.ending(tx, soon);
    await this.store.remind(
      tx,
      ending.map(({ id }) => id),
      at,
    );
    for (const waiver of ending) await this.messages.ofWaiver(tx, 'waiver_expiring', waiver);
    if (ending.length > 0)
      await change.record(
        'waivers.reminded',
        { kind: 'waivers', id: ending[0]!.id, name: `${ending.length} waivers` },
        { ids: ending.map(({ id }) => id) },
      );
    return due.length + ending.length;
  }

  /** Ends what is asked for or in force of a rule that will not run again. */
  async endOfRule({ tx, at, actor }: Change, ruleId: string): Promise<void> {
    for (const { id, state } of await this.store.openOfRule(tx, ruleId))
      await this.store.end(
        ...([
          tx,
          id,
          state === 'approved' ? 'revoked' : 'withdrawn',
          'The rule was retired. 规则已废止。',
          at,
          actor.name,
        ] as const),
      );
  }

  /** @throws {NotFound} */
  get(id: string): Promise<Waiver> {
    return this.store.get(id);
  }

  /** The register: newest first. */
  list(filter: WaiverFilter, page: PageRequest): Promise<Page<Waiver>> {
    return this.store.list(filter, page);
  }

  openOfRules(ruleIds: readonly string[]): Promise<Waiver[]> {
    return this.store.openOfRules(ruleIds);
  }

  private async end(change: Change, waiver: Waiver, state: 'expired' | 'revoked', reason: string): Promise<void> {
    const { tx, at, actor } = change;
    const by = state === 'expired' ? 'Plumbline' : actor.name;
    await this.store.end(tx, waiver.id, state, reason, at, by);
    await this.backToWork(tx, waiver.ruleId, at, by, reason);
    await change.record(`waiver.${state}`, subjectOf(waiver.id, waiver), { ruleId: waiver.ruleId, reason });
    await this.messages.ofWaiver(tx, 'waiver_ended', await this.store.get(waiver.id, tx));
  }

  /** Its incident is open again, with the time that was left when the clock was stopped. */
  private async backToWork(tx: Tx, ruleId: string, at: Date, by: string, reason: string): Promise<void> {
    const [incident] = await this.incidents.openOfRules([ruleId], tx);
    if (incident?.state !== 'waived') return;
    const stood = incident.waivedAt === null ? 0 : at.getTime() - incident.waivedAt.getTime();
    const dueAt = incident.dueAt ?? at;
    await this.incidents.change(tx, incident.id, {
      ...{ state: 'open', waivedAt: null },
      clock: { from: incident.clockFrom, dueAt: new Date(dueAt.getTime() + stood) },
    });
    await this.incidents.note(tx, incident.id, 'waiver_ended', at, by, reason);
  }
}

function textOf(text: string, place: string): string {
  const trimmed = text.trim();
  if (trimmed.length > LONGEST_TEXT) throw new InvalidInput(`Write at most ${LONGEST_TEXT} characters.`, [], [place]);
  return trimmed;
}

const subjectOf = (
  id: string,
  names: { readonly ruleNameEn: string; readonly ruleNameZh: string } | Parameters<typeof nameOf>[0],
): Subject => ({
  kind: 'waiver',
  id,
  name: 'ruleNameEn' in names ? names.ruleNameZh || names.ruleNameEn : nameOf(names),
});
