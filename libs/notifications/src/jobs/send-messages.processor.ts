import { Injectable } from '@nestjs/common';
import { type JobContext, type JobOutcome, type JobProcessor } from '#platform/queue';

import { Messenger } from '../messenger.js';
import { sendMessages } from '../send-messages.job.js';

@Injectable()
export class SendMessagesProcessor implements JobProcessor<typeof sendMessages.payload> {
  readonly contract = sendMessages;

  constructor(private readonly messenger: Messenger) {}

  /** Most minutes there is nothing to send. */
  async passesBy(): Promise<boolean> {
    return !(await this.messenger.hasWork());
  }

  async run(_payload: unknown, { signal }: JobContext): Promise<JobOutcome> {
    return { state: 'succeeded', result: { ...(await this.messenger.sendDue(signal)) } };
  }
}
