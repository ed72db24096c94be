import { Injectable } from '@nestjs/common';
import { Changes } from '#audit';
import { type Severity } from '#core/rule-engine';
import { type Actor, InvalidInput } from '#kernel';
import { rows, type Tx } from '#platform/database';
import { DataSource } from 'typeorm';

import { type IncidentTerms } from './incident.js';

/** What each severity asks for. */
@Injectable()
export class IncidentTermsStore {
  constructor(
    private readonly db: DataSource,
    private readonly changes: Changes,
  ) {}

  async all(tx: Tx | DataSource = this.db): Promise<ReadonlyMap<Severity, IncidentTerms>> {
    const found = await rows<IncidentTerms>(
      tx,
      `SELECT severity, passes, hours, business_days AS "businessDays" FROM quality.incident_terms ORDER BY severity`,
    );
    return new Map(found.map((terms) => [terms.severity, terms]));
  }

  /** What is open keeps its time; passing runs count from now on. @throws {InvalidInput} */
  async set(actor: Actor, terms: IncidentTerms): Promise<IncidentTerms> {
    const { severity, passes, hours, businessDays } = terms;
    const whole = (value: number, most: number) => Number.isInteger(value) && value >= 1 && value <= most;
    if (!whole(passes, 10)) throw new InvalidInput('It takes 1 to 10 passing runs.', [], ['passes']);
    if ((hours === null) === (businessDays === null))
      throw new InvalidInput('Give either hours or businessDays.', [], ['hours']);
    if (hours !== null && !whole(hours, 8_760)) throw new InvalidInput('Give 1 to 8760 hours.', [], ['hours']);
    if (businessDays !== null && !whole(businessDays, 250))
      throw new InvalidInput('Give 1 to 250 business days.', [], ['businessDays']);
    await this.changes.make(actor, async (change) => {
      const before = (await this.all(change.tx)).get(severity);
      await change.tx.query(
        `UPDATE quality.incident_terms SET passes = $2, hours = $3, business_days = $4 WHERE severity = $1`,
        [severity, passes, hours, businessDays],
      );
      const subject = { kind: 'incident-terms', id: severity, name: severity };
      await change.record('incident.terms-changed', subject, { before, after: terms });
    });
    return terms;
  }
}
