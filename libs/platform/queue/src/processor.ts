import { type Actor } from '#kernel';
import { type Static, type TSchema } from 'typebox';

import { type JobContract } from './contract.js';

/** What a processor is given besides its payload. */
export interface JobContext {
  readonly jobId: string;
  /** 1 for the first try. */
  readonly attempt: number;
  /** Who asked for the job. */
  readonly actor: Actor;
  /** Aborts when somebody cancels the job or the worker stops. Hand it to everything that takes time. */
  readonly signal: AbortSignal;
  /** Says how far it is, as a share from 0 to 1, and what is being done. Cheap: written at most four times a second. */
  progress(share: number, message?: string): void;
}

/** Thrown by a processor whose work has to wait for a time: the job is queued until then, and this was no failed try. */
export class DoLater extends Error {
  constructor(
    readonly at: Date,
    /** Shown as the job's message. */
    sentence: string,
  ) {
    super(sentence);
  }
}

/** How a job ended. Partial: some of it could not be done, and the result says what and why. */
export interface JobOutcome {
  readonly state: 'succeeded' | 'partial';
  readonly result: Readonly<Record<string, unknown>>;
}

/**
 * Does the jobs of one contract. Running twice with the same payload must be harmless: a worker can be killed
 * after the last write and before it says so. Throw an AppError for what no repetition mends; anything else is tried again.
 */
export interface JobProcessor<S extends TSchema = TSchema> {
  readonly contract: JobContract<S>;
  run(payload: Static<S>, context: JobContext): Promise<JobOutcome>;
  /** Whether a due time of a schedule passes without a job, for instance because somebody has paused what it is about. */
  passesBy?(payload: Static<S>): Promise<boolean>;
}

/** Every contract with its one processor. */
export function pairUp(
  contracts: readonly JobContract[],
  processors: readonly JobProcessor[],
): ReadonlyMap<string, JobProcessor> {
  const faults: string[] = [];
  for (const { name } of contracts) {
    const found = processors.filter((processor) => processor.contract.name === name);
    if (found.length === 1) continue;
    faults.push(
      found.length === 0
        ? `the job "${name}" has no processor`
        : `the job "${name}" has ${found.length} processors (${found.map((one) => one.constructor.name).join(', ')})`,
    );
  }
  for (const { contract, constructor } of processors)
    if (!contracts.some(({ name }) => name === contract.name))
      faults.push(`the processor ${constructor.name} is for the job "${contract.name}", which no door lists`);
  if (faults.length > 0) throw new Error(`The worker does not start: ${faults.join('; ')}.`);
  return new Map(processors.map((processor) => [processor.contract.name, processor]));
}
