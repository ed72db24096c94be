import { Injectable } from '@nestjs/common';
import { messageOf } from '#kernel';

import { type Receiver, Receivers } from './receivers.js';
import { runEvent } from './run-event.js';
import { ReceiverRefused } from './run-events.errors.js';
import { RunFactsStore } from './run-facts.store.js';
import { type RunEventType } from './send-run-event.job.js';

const PATIENCE_MS = 15_000;
const LONGEST_ANSWER = 500;

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
    const answer = await answerOf(receiver, {
      ...{ method: 'POST', body, redirect: 'manual' as const },
      headers: { 'content-type': 'application/json', ...(token !== undefined && { authorization: `Bearer ${token}` }) },
      signal: AbortSignal.any([signal, AbortSignal.timeout(PATIENCE_MS)]),
    });
    if (answer.ok) {
      await answer.body?.cancel();
      return `HTTP ${answer.status}`;
    }
    // A redirect is not followed: the token belongs to this address.
    const said = await beginningOf(answer);
    if (answer.status >= 500 || [408, 425, 429].includes(answer.status))
      throw new Error(`The receiver "${receiver.name}" answers HTTP ${answer.status}.`);
    throw new ReceiverRefused(receiver.name, answer.status, said);
  }
}

async function answerOf({ name, url }: Receiver, request: RequestInit): Promise<Response> {
  try {
    return await fetch(url, request);
  } catch (error) {
    const { cause } = error as { cause?: unknown };
    throw new Error(`The receiver "${name}" cannot be reached: ${messageOf(cause ?? error)}`, { cause: error });
  }
}

/** How an answer begins; the rest is not read. */
async function beginningOf({ body }: Response): Promise<string> {
  const decoder = new TextDecoder();
  let text = '';
  try {
    for await (const part of body ?? []) {
      text += decoder.decode(part as Uint8Array, { stream: true });
      if (text.length >= LONGEST_ANSWER) break;
    }
  } catch {
    // It broke off: the status says enough.
  }
  return text.slice(0, LONGEST_ANSWER).trim();
}
