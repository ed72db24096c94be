import { type Static, type TSchema } from 'typebox';

/**
 * Something that happened, for domains above to hear of. The payload carries ids and never data.
 *
 * @example
 * export const harvestCompleted = defineEvent({
 *   type: 'harvest.completed',
 *   payload: Type.Object({ runId: Type.String({ format: 'uuid' }), sourceId: Type.String({ format: 'uuid' }) }),
 * });
 */
export interface EventContract<S extends TSchema = TSchema> {
  readonly type: string;
  readonly payload: S;
}

export const defineEvent = <S extends TSchema>(contract: EventContract<S>): EventContract<S> => contract;

/** Payload of an event. */
export type PayloadOf<C extends EventContract> = Static<C['payload']>;
