import { Injectable } from '@nestjs/common';
import { type Change, Changes } from '#audit';
import { type Actor, InvalidInput, type Page, type PageRequest } from '#kernel';

import { type Incident, type IncidentEvent, type IncidentFilter, IncidentStore } from './incident.store.js';
import { IncidentResolved } from './quality.errors.js';

const LONGEST_COMMENT = 4_000;

/** What people do with incidents. Runs open and resolve them; see `IncidentStore.turn`. */
@Injectable()
export class Incidents {
  constructor(
    private readonly changes: Changes,
    private readonly store: IncidentStore,
  ) {}

  /** Says that somebody has seen it; again says nothing new. @throws {NotFound} {@link IncidentResolved} */
  async acknowledge(actor: Actor, id: string, comment = ''): Promise<Incident> {
    return this.note(actor, id, 'acknowledged', comment.trim(), async (change, incident) => {
      refuseResolved(incident);
      await this.store.acknowledge(change.tx, id, change.at, actor.name);
    });
  }

  /** Says who sees to it; nobody when empty. @throws {NotFound} {@link IncidentResolved} */
  async assign(actor: Actor, id: string, assignee: string): Promise<Incident> {
    return this.note(actor, id, 'assigned', assignee.trim(), async (change, incident) => {
      refuseResolved(incident);
      await this.store.assign(change.tx, id, assignee.trim());
    });
  }

  /** @throws {NotFound} {@link InvalidInput} */
  async comment(actor: Actor, id: string, text: string): Promise<Incident> {
    const trimmed = text.trim();
    if (trimmed === '' || trimmed.length > LONGEST_COMMENT)
      throw new InvalidInput(`Write a comment of 1 to ${LONGEST_COMMENT} characters.`, [], ['text']);
    return this.note(actor, id, 'commented', trimmed, async () => undefined);
  }

  /** @throws {NotFound} */
  get(id: string): Promise<Incident> {
    return this.store.get(id);
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

  private async note(
    actor: Actor,
    id: string,
    kind: 'acknowledged' | 'assigned' | 'commented',
    text: string,
    write: (change: Change, incident: Incident) => Promise<void>,
  ): Promise<Incident> {
    await this.changes.make(actor, async (change) => {
      const incident = await this.store.get(id, change.tx);
      await write(change, incident);
      await this.store.note(change.tx, id, kind, change.at, actor.name, text);
      const name = incident.datasetName ?? incident.sourceName;
      await change.record(`incident.${kind}`, { kind: 'incident', id, name }, { text });
    });
    return this.store.get(id);
  }
}

function refuseResolved({ id, state }: Incident): void {
  if (state === 'resolved') throw new IncidentResolved(id);
}
