import { Injectable } from '@nestjs/common';
import { LineageCauses } from '#lineage';
import { Clock } from '#kernel';
import { rows, type Tx } from '#platform/database';

import { IncidentMessages } from './incident-messages.js';
import { lockIncidents } from './incident-turns.js';
import { IncidentStore } from './incident.store.js';

/** Open incidents that are grouped; of more, the oldest. */
const MOST_GROUPED = 5_000;

interface Grouped {
  readonly id: string;
  readonly datasetId: string;
  readonly fieldIds: readonly string[];
  readonly parentId: string | null;
}

/** What follows when a run has turned incidents: they are grouped by their probable cause, and people are told. */
@Injectable()
export class FollowIncidents {
  constructor(
    private readonly clock: Clock,
    private readonly causes: LineageCauses,
    private readonly store: IncidentStore,
    private readonly messages: IncidentMessages,
  ) {}

  async follow(tx: Tx, runId: string): Promise<void> {
    await lockIncidents(tx);
    const freed = await this.group(tx);
    const turned = await rows<{ id: string; kind: 'opened' | 'reopened' | 'resolved' | 'flapping' }>(
      tx,
      `
      SELECT incident_id AS id, kind FROM quality.incident_event
       WHERE run_id = $1 AND kind IN ('opened', 'reopened', 'resolved', 'flapping') ORDER BY id
      `,
      [runId],
    );
    const of = (...kinds: readonly string[]) => turned.filter(({ kind }) => kinds.includes(kind)).map(({ id }) => id);
    // What another incident causes is told with that one.
    const own = async (ids: readonly string[]) =>
      (await this.store.ofIds(ids, tx)).filter(({ parentId }) => parentId === null);
    await this.messages.ofIncidents(tx, 'incident_opened', await own([...of('opened'), ...freed]));
    await this.messages.ofIncidents(tx, 'incident_reopened', await own(of('reopened')));
    await this.messages.ofIncidents(tx, 'incident_flapping', await own(of('flapping')));
    const resolved = (await own(of('resolved'))).filter(({ state }) => state === 'resolved');
    await this.messages.ofIncidents(tx, 'incident_resolved', resolved);
  }

  /** Hangs each open incident of data on the most upstream one, and frees those whose cause is gone: their ids. */
  private async group(tx: Tx): Promise<string[]> {
    const open = await rows<Grouped>(
      tx,
      `
      SELECT incident.id, rule.dataset_id AS "datasetId", version.field_ids AS "fieldIds", incident.parent_id AS "parentId"
        FROM quality.incident
        JOIN quality.rule ON rule.id = incident.rule_id
        JOIN quality.rule_version AS version ON version.rule_id = rule.id AND version.number = rule.version_number
       WHERE incident.kind = 'data' AND incident.state NOT IN ('resolved', 'false_positive', 'waived')
       ORDER BY incident.opened_at, incident.id LIMIT ${MOST_GROUPED}
      `,
    );
    const causes = await this.causes.mostUpstream(tx, open);
    const moved = open.flatMap(({ id, parentId }, at) => {
      const cause = causes[at];
      const next = cause === undefined ? null : (open[cause]?.id ?? null);
      return next === parentId ? [] : [{ id, parent_id: next }];
    });
    if (moved.length > 0)
      await tx.query(
        `
        WITH moved AS (SELECT * FROM jsonb_to_recordset($1) AS moved (id uuid, parent_id uuid)),
        written AS (
          UPDATE quality.incident SET parent_id = moved.parent_id FROM moved WHERE incident.id = moved.id
        )
        INSERT INTO quality.incident_event (incident_id, kind, at, by_whom, text)
        SELECT id, CASE WHEN parent_id IS NULL THEN 'ungrouped' ELSE 'grouped' END, $2, 'Plumbline', coalesce(parent_id::text, '')
          FROM moved
        `,
        [JSON.stringify(moved), this.clock.now()],
      );
    return moved.filter(({ parent_id }) => parent_id === null).map(({ id }) => id);
  }
}
