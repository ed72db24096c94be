import { Injectable } from '@nestjs/common';
import { Changes } from '#audit';
import { Clock, systemActor } from '#kernel';
import { row } from '#platform/database';
import { DataSource } from 'typeorm';

import { IncidentMessages } from './incident-messages.js';
import { lockIncidents } from './incident-turns.js';
import { IncidentStore } from './incident.store.js';
import { Waivers } from './waivers.js';

/** So long before its end people are reminded of a waiver. */
const REMINDER_MS = 3 * 86_400_000;

/** Looks at the clocks of incidents and waivers. */
@Injectable()
export class WatchIncidents {
  constructor(
    private readonly db: DataSource,
    private readonly changes: Changes,
    private readonly clock: Clock,
    private readonly store: IncidentStore,
    private readonly waivers: Waivers,
    private readonly messages: IncidentMessages,
  ) {}

  /** Whether some clock has run out, or nearly. */
  async hasWork(): Promise<boolean> {
    const now = this.clock.now();
    const found = await row<{ some: boolean }>(
      this.db,
      `
      SELECT EXISTS (SELECT FROM quality.incident
                      WHERE due_at <= $1 AND escalated_at IS NULL AND state NOT IN ('resolved', 'false_positive', 'waived'))
          OR EXISTS (SELECT FROM quality.waiver WHERE state IN ('requested', 'approved') AND until <= $1)
          OR EXISTS (SELECT FROM quality.waiver WHERE state = 'approved' AND until <= $2 AND reminded_at IS NULL) AS some
      `,
      [now, new Date(now.getTime() + REMINDER_MS)],
    );
    return found?.some ?? false;
  }

  /** Ends waivers whose time has come, and tells of incidents whose time has run out, once. How many there were. */
  async look(): Promise<{ readonly waivers: number; readonly overdue: number }> {
    if (!(await this.hasWork())) return { waivers: 0, overdue: 0 };
    return this.changes.make(systemActor('quality'), async (change) => {
      const { tx, at } = change;
      await lockIncidents(tx);
      const waivers = await this.waivers.keepTime(change, new Date(at.getTime() + REMINDER_MS));
      const overdue = await this.store.overdue(tx, at);
      for (const { id, severity } of overdue) {
        await this.store.change(tx, id, { escalatedAt: at });
        await this.store.note(tx, id, 'escalated', at, 'Plumbline', severity);
      }
      await this.messages.ofIncidents(
        tx,
        'incident_escalated',
        // What another one causes waits for that.
        overdue.filter(({ parentId }) => parentId === null),
      );
      await change.record(
        'incidents.watched',
        { kind: 'incidents', id: overdue[0]?.id ?? '', name: `${overdue.length} incidents` },
        { overdue: overdue.map(({ id }) => id), waivers },
      );
      return { waivers, overdue: overdue.length };
    });
  }
}
