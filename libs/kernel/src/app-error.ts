/** Facts that go with an error: names and numbers, never a secret and never a raw value of the data. */
export type ErrorDetails = Readonly<Record<string, unknown>>;

/**
 * A failure that a person can mend. Its sentence says what happened, to which object, and what to do.
 * The code is stable: clients may switch on it.
 *
 * @example
 * export class RuleAlreadySet extends AppError {
 *   readonly code = 'RULE_ALREADY_SET';
 *   constructor(column: string, kind: string) {
 *     super(`${column} already has a ${kind} rule. Change that one, or remove it first.`, { column, kind });
 *   }
 * }
 */
export abstract class AppError extends Error {
  abstract readonly code: string;

  constructor(
    sentence: string,
    readonly details: ErrorDetails = {},
    /** Where in the input the fault is, for instance ['params', 'values', '0']. (graphql-js takes an error with a `path` for its own.) */
    readonly inputPath: readonly string[] = [],
  ) {
    super(sentence);
    this.name = new.target.name;
  }
}

/** One fault in an input, by its place. */
export interface InputFault {
  readonly path: readonly string[];
  readonly message: string;
}

/** The input breaks its schema or a rule between its fields. */
export class InvalidInput extends AppError {
  readonly code = 'INVALID_INPUT';

  constructor(
    sentence: string,
    readonly faults: readonly InputFault[] = [],
    path: readonly string[] = faults[0]?.path ?? [],
  ) {
    super(sentence, { faults }, path);
  }
}

/** Nothing is known under that id or name. */
export class NotFound extends AppError {
  readonly code = 'NOT_FOUND';

  constructor(thing: string, id: string, path: readonly string[] = []) {
    super(
      `There is no ${thing} with the id ${JSON.stringify(id)}. It may have been removed; list what there is.`,
      { thing, id },
      path,
    );
  }
}

/** The caller is known but may not do this. */
export class Forbidden extends AppError {
  readonly code = 'FORBIDDEN';
}

/** The caller is not known. */
export class Unauthenticated extends AppError {
  readonly code = 'UNAUTHENTICATED';
}

/** Somebody else changed the thing since the caller read it, or it already exists. */
export class Conflict extends AppError {
  readonly code = 'CONFLICT';
}

/** The sentence of anything thrown. */
export function messageOf(error: unknown): string {
  if (error instanceof AggregateError && !error.message) return error.errors.map(messageOf).join('; ');
  return error instanceof Error ? error.message : String(error);
}
