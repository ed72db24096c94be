import { Injectable } from '@nestjs/common';
import { type Tx } from '#platform/database';
import { type EventConsumer, type PayloadOf } from '#platform/outbox';

import { FollowIncidents } from '../follow-incidents.js';
import { incidentsTurned } from '../quality.events.js';

/** After a run: groups incidents by their probable cause and tells people, both or none. */
@Injectable()
export class IncidentsTurnedConsumer implements EventConsumer<typeof incidentsTurned.payload> {
  readonly name = 'quality.follow-incidents';
  readonly event = incidentsTurned;

  constructor(private readonly incidents: FollowIncidents) {}

  hear(tx: Tx, { runId }: PayloadOf<typeof incidentsTurned>): Promise<void> {
    return this.incidents.follow(tx, runId);
  }
}
