import { Injectable, Logger, type OnApplicationBootstrap, type OnApplicationShutdown } from '@nestjs/common';
import { messageOf } from '#kernel';

import { ResultUpkeep } from '../result-upkeep.js';
import { FailingSamples } from '../samples/failing-samples.js';

const EVERY_MS = 10 * 60_000;

/** The worker makes the tables of coming months and sums up days that are over, and takes old samples away, at its start and from time to time. */
@Injectable()
export class KeepResultsInOrder implements OnApplicationBootstrap, OnApplicationShutdown {
  private readonly log = new Logger(KeepResultsInOrder.name);
  private timer: NodeJS.Timeout | undefined;
  private working: Promise<void> = Promise.resolve();

  constructor(
    private readonly upkeep: ResultUpkeep,
    private readonly samples: FailingSamples,
  ) {}

  onApplicationBootstrap(): void {
    this.timer = setInterval(() => this.begin(), EVERY_MS);
    this.begin();
  }

  async onApplicationShutdown(): Promise<void> {
    clearInterval(this.timer);
    await this.working;
  }

  private begin(): void {
    this.working = this.working.then(() => this.work());
  }

  private async work(): Promise<void> {
    try {
      // Their time is over for readers already; this takes them away.
      await this.samples.sweep();
    } catch (error) {
      this.log.warn(`Samples of failing rows were not swept, and will be next time: ${messageOf(error)}`);
    }
    try {
      await this.upkeep.makeMonths();
      await this.upkeep.sumUpDays();
    } catch (error) {
      // Nothing is lost: results go to the table for other months, and scores are told from results.
      this.log.warn(`Tables of results were not kept in order, and will be next time: ${messageOf(error)}`);
    }
  }
}
