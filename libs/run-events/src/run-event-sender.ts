import { Injectable } from '@nestjs/common';
import { post, saysTryAgain } from '#platform/outbound';

import { type Receiver, Receivers } from './receivers.js';
import { runEvent } from './run-event.js';
import { ReceiverRefused } from './run-events.errors.js';
import { RunFactsStore } from './run-facts.store.js';
import { type RunEventType } from './send-run-event.job.js';

/** Posts run events. */
@Injectable()
export class RunEventSender {
  constructor(
    private readonly receivers: Receivers,
    private readonly facts: RunFactsStore,
  ) {}

  /**
   * Tells a receiver of a run. What it answered, or why it was not asked. Throws what passes as an `Error`, to be tried again.
   * @throws {ReceiverRefused} for what does not.
   */
  async send(receiverId: string, jobId: string, type: RunEventType, signal: AbortSignal): Promise<string> {
    const receiver = await this.receivers.get(receiverId);
    if (!receiver) return 'The receiver was removed.';
    const facts = await this.facts.of(jobId);
    if (!facts) return 'The run is not known any more.';
    return this.post(receiver, JSON.stringify(runEvent(type, facts)), signal);
  }

  private async post(receiver: Receiver, body: string, signal: AbortSignal): Promise<string> {
    const token = await this.receivers.tokenOf(receiver);
    const answer = await post(
      { title: `the receiver "${receiver.name}"`, url: receiver.url },
      body,
      token === undefined ? {} : { authorization: `Bearer ${token}` },
      signal,
    );
    if (answer.ok) return `HTTP ${answer.status}`;
    if (saysTryAgain(answer)) throw new Error(`The receiver "${receiver.name}" answers HTTP ${answer.status}.`);
    throw new ReceiverRefused(receiver.name, answer.status, answer.said);
  }
}
