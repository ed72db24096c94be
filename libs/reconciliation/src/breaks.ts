import { Injectable } from '@nestjs/common';
import { Changes } from '#audit';
import { type Actor, Clock, InvalidInput, type Page, type PageRequest } from '#kernel';

import { type Age, type BreakEvent, type BreakFilter, BreakStore, type StoredBreak } from './break.store.js';
import { BreakClosed } from './reconciliation.errors.js';

const LONGEST_REASON = 4_000;

/** What people do with breaks. Runs open and close them; see `BreakStore.keep`. */
@Injectable()
export class Breaks {
  constructor(
    private readonly clock: Clock,
    private readonly changes: Changes,
    private readonly store: BreakStore,
  ) {}

  /** Says why a key does not agree; it stays open. @throws {NotFound} {@link BreakClosed} {@link InvalidInput} */
  explain(actor: Actor, id: string, reason: string): Promise<StoredBreak> {
    return this.decide(actor, id, 'explained', reason);
  }

  /** Says that nothing more is done about it. It holds until the values are others. @throws {NotFound} {@link BreakClosed} {@link InvalidInput} */
  writeOff(actor: Actor, id: string, reason: string): Promise<StoredBreak> {
    return this.decide(actor, id, 'written_off', reason);
  }

  get(id: string): Promise<StoredBreak> {
    return this.store.get(id, this.clock.now());
  }

  list(filter: BreakFilter, page: PageRequest): Promise<Page<StoredBreak>> {
    return this.store.list(filter, this.clock.now(), page);
  }

  /** How many there are of each age; of those not closed unless states are named. */
  ages(filter: Omit<BreakFilter, 'age'>): Promise<Readonly<Record<Age, number>>> {
    return this.store.ages({ states: ['open', 'explained', 'written_off'], ...filter }, this.clock.now());
  }

  eventsOf(ids: readonly string[]): Promise<BreakEvent[]> {
    return this.store.eventsOf(ids);
  }

  private async decide(
    actor: Actor,
    id: string,
    decision: 'explained' | 'written_off',
    given: string,
  ): Promise<StoredBreak> {
    const reason = given.trim();
    if (reason === '' || reason.length > LONGEST_REASON)
      throw new InvalidInput(`Give a reason of 1 to ${LONGEST_REASON} characters.`, [], ['reason']);
    await this.changes.make(actor, async (change) => {
      await this.store.lock(change.tx, id);
      const found = await this.store.get(id, change.at, change.tx);
      if (found.closedAt !== null) throw new BreakClosed();
      await this.store.decide(change.tx, id, decision, reason, { at: change.at, by: actor.name });
      await change.record(
        `reconciliation-break.${decision}`,
        { kind: 'reconciliation-break', id, name: found.reconciliationName },
        { kind: found.kind, reason },
      );
    });
    return this.get(id);
  }
}
