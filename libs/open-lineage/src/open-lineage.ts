import { Inject, Injectable, Logger } from '@nestjs/common';
import { EventMemory, type Fault, type Mode, readEvent } from '#core/openlineage';
import { Clock, messageOf } from '#kernel';
import { digestOfText } from '#lineage';
import { type Settings, SETTINGS } from '#platform/config';

import { type AcceptedEvent } from './accepted-event.js';
import { Ingestion } from './ingestion.js';

/** What became of one event. */
export type Outcome =
  | { readonly kept: true; readonly remarks: readonly Fault[] }
  /** `retriable`: it may go well if it is sent again as it is. */
  | { readonly kept: false; readonly retriable: boolean; readonly faults: readonly Fault[] };

interface Waiting {
  readonly events: readonly AcceptedEvent[];
  readonly bytes: number;
  readonly done: (problem?: unknown) => void;
}

const MOST_EVENTS = 250;
const MOST_BYTES = 8_000_000;
/** More than this waits nowhere: a producer that is told so tries again. */
const MOST_WAITING_BYTES = 128_000_000;

/**
 * Takes events in. Those that arrive while others are written wait together and are written in one transaction: an event
 * is answered when it is kept.
 */
@Injectable()
export class OpenLineage {
  private readonly waiting: Waiting[] = [];
  private bytes = 0;
  private writing = false;
  private readonly log = new Logger(OpenLineage.name);
  private readonly memory = new EventMemory();

  constructor(
    private readonly ingestion: Ingestion,
    private readonly clock: Clock,
    @Inject(SETTINGS) private readonly settings: Settings,
  ) {}

  /** Takes a batch in; outcomes are in the batch's order. */
  async take(raw: readonly unknown[], mode: Mode = this.settings.openLineageMode): Promise<Outcome[]> {
    const now = this.clock.now();
    const outcomes: Outcome[] = [];
    const accepted: AcceptedEvent[] = [];
    const places: number[] = [];
    for (const [index, one] of raw.entries()) {
      const read = readEvent(one, mode, now, this.memory);
      if ('refused' in read) {
        outcomes[index] = { kept: false, retriable: false, faults: read.refused };
        continue;
      }
      const body = JSON.stringify(read.event);
      outcomes[index] = { kept: true, remarks: read.remarks };
      accepted.push({ digest: digestOfText(body), facts: read.facts, body, remarks: read.remarks });
      places.push(index);
    }
    const problems = await this.keep(accepted);
    for (const [at, problem] of problems) {
      const place = places[at];
      if (place !== undefined) outcomes[place] = { kept: false, ...problem };
    }
    return outcomes;
  }

  /** Gives the events that could not be kept, by their place. When one of many is at fault, the others are kept. */
  private async keep(
    events: readonly AcceptedEvent[],
  ): Promise<Map<number, { retriable: boolean; faults: readonly Fault[] }>> {
    if (events.length === 0) return new Map();
    try {
      await this.queued(events);
      return new Map();
    } catch (error) {
      if (isPassing(error)) {
        if (!(error instanceof Busy)) this.log.error(error);
        return new Map(events.map((_, index) => [index, passing(error)] as const));
      }
      const problems = new Map<number, { retriable: boolean; faults: readonly Fault[] }>();
      for (const [index, event] of events.entries())
        try {
          await this.ingestion.keep([event]);
        } catch (own) {
          problems.set(
            index,
            isPassing(own)
              ? passing(own)
              : { retriable: false, faults: [{ at: '', message: `cannot be stored: ${messageOf(own)}` }] },
          );
        }
      return problems;
    }
  }

  private queued(events: readonly AcceptedEvent[]): Promise<void> {
    const bytes = events.reduce((sum, { body }) => sum + body.length, 0);
    if (this.bytes > 0 && this.bytes + bytes > MOST_WAITING_BYTES) throw new Busy();
    return new Promise((resolve, reject) => {
      this.bytes += bytes;
      const done = (problem?: unknown) => {
        this.bytes -= bytes;
        if (problem === undefined) resolve();
        else reject(problem instanceof Error ? problem : new Error(messageOf(problem)));
      };
      this.waiting.push({ events, bytes, done });
      if (!this.writing) void this.write();
    });
  }

  private async write(): Promise<void> {
    this.writing = true;
    // What arrives in the same turn of the loop goes together.
    await new Promise((resolve) => setImmediate(resolve));
    while (this.waiting.length > 0) {
      const together = this.next();
      try {
        await this.ingestion.keep(together.flatMap(({ events }) => events));
        for (const { done } of together) done();
      } catch (error) {
        for (const { done } of together) done(error);
      }
    }
    this.writing = false;
  }

  private next(): Waiting[] {
    let [events, bytes, count] = [0, 0, 0];
    for (const one of this.waiting) {
      events += one.events.length;
      bytes += one.bytes;
      if (count > 0 && (events > MOST_EVENTS || bytes > MOST_BYTES)) break;
      count += 1;
    }
    return this.waiting.splice(0, count);
  }
}

/** Too much waits to be written. */
class Busy extends Error {
  constructor() {
    super('Too many events are waiting to be written; send it again in a moment.');
  }
}

/** Faults of the event's own data; all others are the database's or ours, and may pass. */
const DATA_FAULT = /^(?:22|23|54)/;

function isPassing(error: unknown): boolean {
  const code = (error as { code?: unknown }).code;
  return !(typeof code === 'string' && DATA_FAULT.test(code));
}

const passing = (error: unknown): { retriable: boolean; faults: readonly Fault[] } => ({
  retriable: true,
  faults: [{ at: '', message: error instanceof Busy ? error.message : 'could not be stored now; send it again' }],
});
