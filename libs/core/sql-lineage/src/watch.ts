import type { StatementLineage } from './types.js';

/**
 * Follows the reading of a script. `begins` is called before each statement (nested ones too, in the same order each time); the sentence
 * it gives is why this statement must not be read. `ends` gets what came of it.
 */
export interface Watch {
  begins(): string | undefined;
  ends(statements: readonly StatementLineage[]): void;
}

export const UNWATCHED: Watch = { begins: () => undefined, ends: () => undefined };

/** What a thread is told of earlier runs over the same script, and where it shows how far it is. */
export interface Progress {
  /** One number: {@link NOT_STARTED}, {@link STARTED}, then the number of the statement that is being read, from 0. */
  readonly at: SharedArrayBuffer;
  /** How many statements of the answer have been given already. They are read again, because later ones need what they made. */
  readonly given: number;
  /** Statements that must not be read, each with the reason. */
  readonly skip: readonly (readonly [number: number, reason: string])[];
}

export const NOT_STARTED = -2;
export const STARTED = -1;

/** Shows that no statement is being read now, so that no statement's time runs. */
export const showStarted = ({ at }: Progress): void => void Atomics.store(new Int32Array(at), 0, STARTED);

const SAY_AFTER_MS = 200;
const SAY_AFTER_STATEMENTS = 500;

/** A watch in a thread: shows where it is, and says what is finished now and then, so that little is lost when the thread is stopped. */
export class ProgressWatch implements Watch {
  private readonly cell: Int32Array;
  private readonly skip: ReadonlyMap<number, string>;
  private number = STARTED;
  private toLeaveOut: number;
  private finished: StatementLineage[] = [];
  private saidAt = Date.now();

  constructor(
    progress: Progress,
    private readonly say: (statements: readonly StatementLineage[]) => void,
  ) {
    this.cell = new Int32Array(progress.at);
    this.skip = new Map(progress.skip);
    this.toLeaveOut = progress.given;
    showStarted(progress);
  }

  begins(): string | undefined {
    Atomics.store(this.cell, 0, ++this.number);
    return this.skip.get(this.number);
  }

  ends(statements: readonly StatementLineage[]): void {
    const given = Math.min(this.toLeaveOut, statements.length);
    this.toLeaveOut -= given;
    this.finished.push(...(given === 0 ? statements : statements.slice(given)));
    const due = Date.now() - this.saidAt > SAY_AFTER_MS || this.finished.length >= SAY_AFTER_STATEMENTS;
    if (due && this.finished.length > 0) this.say(this.rest());
  }

  /** What is finished and has not been said. */
  rest(): readonly StatementLineage[] {
    const rest = this.finished;
    this.finished = [];
    this.saidAt = Date.now();
    return rest;
  }
}
