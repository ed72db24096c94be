import { Injectable } from '@nestjs/common';
import { type BusinessCalendar, chinaCalendar, type Day, type OwnDay } from '#core/business-calendar';
import { rows, type Tx } from '#platform/database';
import { DataSource } from 'typeorm';

/** A day that the institution has declared, with who did. */
export interface DeclaredDay extends OwnDay {
  readonly changedAt: Date;
  readonly changedBy: string;
}

/** The institution's calendar: China's working days, under the days it has declared itself. */
@Injectable()
export class CalendarStore {
  constructor(private readonly db: DataSource) {}

  /** As it is now. It does not change under the hands of who reckons with it. */
  async calendar(on: DataSource | Tx = this.db): Promise<BusinessCalendar> {
    return chinaCalendar(await rows<OwnDay>(on, `SELECT day::text, working, name FROM platform.calendar_day`));
  }

  /** Declared days of some time, in order. */
  between(from: Day, to: Day): Promise<DeclaredDay[]> {
    return rows(
      this.db,
      `
      SELECT day::text, working, name, changed_at AS "changedAt", changed_by AS "changedBy"
        FROM platform.calendar_day WHERE day BETWEEN $1 AND $2 ORDER BY day
      `,
      [from, to],
    );
  }

  async put(tx: Tx, { day, working, name, changedAt, changedBy }: DeclaredDay): Promise<void> {
    await tx.query(
      `
      INSERT INTO platform.calendar_day (day, working, name, changed_at, changed_by) VALUES ($1, $2, $3, $4, $5)
      ON CONFLICT (day) DO UPDATE
        SET working = excluded.working, name = excluded.name, changed_at = excluded.changed_at,
            changed_by = excluded.changed_by
      `,
      [day, working, name, changedAt, changedBy],
    );
  }

  async remove(tx: Tx, day: Day): Promise<void> {
    await tx.query(`DELETE FROM platform.calendar_day WHERE day = $1`, [day]);
  }
}
