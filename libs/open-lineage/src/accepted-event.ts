import { type EventFacts, type Fault } from '#core/openlineage';

/** An event that is to be kept. */
export interface AcceptedEvent {
  /** Of the event without its secrets. */
  readonly digest: string;
  readonly facts: EventFacts;
  /** JSON. */
  readonly body: string;
  readonly remarks: readonly Fault[];
}
