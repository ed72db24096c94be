import { Injectable } from '@nestjs/common';
import { type JobOutcome, type JobProcessor } from '#platform/queue';

import { WatchIncidents } from '../watch-incidents.js';
import { watchIncidents } from '../watch-incidents.job.js';

@Injectable()
export class WatchIncidentsProcessor implements JobProcessor<typeof watchIncidents.payload> {
  readonly contract = watchIncidents;

  constructor(private readonly watch: WatchIncidents) {}

  async passesBy(): Promise<boolean> {
    return !(await this.watch.hasWork());
  }

  async run(): Promise<JobOutcome> {
    return { state: 'succeeded', result: { ...(await this.watch.look()) } };
  }
}
