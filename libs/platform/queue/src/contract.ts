import { type Static, type TSchema } from 'typebox';

/** The lanes that jobs wait in. Few, since each costs connections. */
export const QUEUES = ['harvest', 'quality', 'lineage', 'background'] as const;
export type QueueName = (typeof QUEUES)[number];

/**
 * What a job is: its name, its lane and its payload, which carries ids and never data. The contract stands beside
 * the service that asks for the job; the processor stands behind the domain's jobs door.
 *
 * @example
 * export const harvestSource = defineJob({
 *   queue: 'harvest',
 *   name: 'harvest-source',
 *   title: { en: 'Harvest', zh: '采集元数据' },
 *   payload: Type.Object({ runId: Type.String({ format: 'uuid' }) }),
 *   key: ({ runId }) => runId,
 * });
 */
export interface JobContract<S extends TSchema = TSchema> {
  readonly queue: QueueName;
  readonly name: string;
  readonly title: { readonly en: string; readonly zh: string };
  readonly payload: S;
  /** What the job works on; a second job with the key of one that is not finished is that one. */
  readonly key: (payload: Static<S>) => string;
  /** How often it is tried when something fails that is nobody's fault (a broken connection). 5 when not said. */
  readonly attempts?: number;
}

export const defineJob = <S extends TSchema>(contract: JobContract<S>): JobContract<S> => contract;
