import { Injectable } from '@nestjs/common';
import { type JobContext, type JobOutcome, type JobProcessor } from '#platform/queue';
import { type Static } from 'typebox';

import { RunEventSender } from '../run-event-sender.js';
import { sendRunEvent } from '../send-run-event.job.js';

/** Tells one receiver that one of our jobs began or ended. */
@Injectable()
export class SendRunEventProcessor implements JobProcessor<typeof sendRunEvent.payload> {
  readonly contract = sendRunEvent;

  constructor(private readonly sender: RunEventSender) {}

  async run(
    { receiverId, jobId, type }: Static<typeof sendRunEvent.payload>,
    { signal }: JobContext,
  ): Promise<JobOutcome> {
    return { state: 'succeeded', result: { answer: await this.sender.send(receiverId, jobId, type, signal) } };
  }
}
